"""Numbers: every candidate quantity of a text, with value, unit and bound. Knowledge is in ``govie/data``."""

from govie.numbers.numerals import parse_numeral
from govie.numbers.quantities import Quantity, find_quantities

__all__ = ["Quantity", "find_quantities", "parse_numeral"]
