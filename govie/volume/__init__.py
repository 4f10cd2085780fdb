"""Extraction at volume on one machine: folders of reports to one table, by several processes, resumable."""

from govie.volume.journal import Failure
from govie.volume.run import Progress, Summary, extract_files

__all__ = ["Failure", "Progress", "Summary", "extract_files"]
