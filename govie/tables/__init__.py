"""Statutory tables: every cell of the forms that Chinese administrative bodies publish once a year, read by its labels.

text ──squeeze──▶ text without blanks, with places      squeeze.py
     ──locate──▶ tables: heads, row labels, zones       locate.py, labels.py, zones.py; the forms: forms.py, govie/data/forms/
     ──settle──▶ each row's cells by column             gaps.py, fillings.py, settle.py
     ──claims──▶ claims with scope, unit and total      reading.py
grids of a reader go the same way, as text with pipes   grids.py
"""

from govie.tables.reading import TableReading, read_tables

__all__ = ["TableReading", "read_tables"]
