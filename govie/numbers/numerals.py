"""From the numeral's characters to its value: Arabic, Chinese, financial and mixed notations."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["DIGITS", "LARGE_SCALES", "parse_numeral", "tidy"]

DIGITS = {c: n for n, row in enumerate(("零〇", "一壹幺", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")) for c in row}
SMALL_SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE_SCALES = {"万": 10**4, "W": 10**4, "w": 10**4, "亿": 10**8}
_TOKEN = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|.")
_TOO_LARGE, _TOO_LONG, _DIGITS = 10**20, 40, 20  # no figure of a report; beyond them Decimal's 28 digits would round
_PASSED_OVER = str.maketrans("", "", "余多来几数 \n")


def parse_numeral(numeral: str) -> Decimal | None:
    """The exact value of a folded numeral, or None where it is none.

    ``14.5万`` is 145000, ``十万零一千`` 101000, ``13万2`` and ``十三万二`` 132000 (a last digit behind a scale counts the next
    lower place), ``二〇一三`` 2013. Words for an open end (余, 多, 几) are passed over: 几百 is 100, 二百三十余万 is 2300000.
    """
    plain = numeral.translate(_PASSED_OVER)
    if len(plain) > _TOO_LONG:
        return None
    negative = plain.startswith("-")
    tokens = _TOKEN.findall(plain.lstrip("-"))
    total, section = Decimal(0), Decimal(0)
    number: Decimal | None = None
    scale, after_zero, positional = 0, False, False
    for token in tokens:
        if token[0].isdigit() and token[0].isascii():
            if (number is not None and not after_zero) or len(token) > _DIGITS:
                return None
            number = Decimal(token.replace(",", ""))
        elif token in DIGITS:
            if number is not None and (not after_zero or positional):
                number, positional = number * 10 + DIGITS[token], True
            else:
                number, after_zero = Decimal(DIGITS[token]), after_zero or DIGITS[token] == 0
        elif token in SMALL_SCALES:
            scale = SMALL_SCALES[token]
            section += (Decimal(1) if number is None or (number == 0 and after_zero) else number) * scale
            number, after_zero = None, False
        elif token in LARGE_SCALES:
            scale = LARGE_SCALES[token]
            section += number or 0
            bare = number is None and not section  # 万 alone is one of them, 0万 is none
            if scale == 10**8:
                total = (Decimal(1) if bare and not total else total + section) * scale
            else:
                total += (Decimal(1) if bare else section) * scale
            section, number, after_zero = Decimal(0), None, False
        else:
            return None
    if number is not None:
        shorthand = scale >= 100 and not after_zero and number < 10 and number == number.to_integral_value()
        section += number * scale / 10 if shorthand else number
    elif not scale:
        return None
    value = total + section
    if value >= _TOO_LARGE:
        return None
    return tidy(-value if negative else value)


def tidy(value: Decimal) -> Decimal:
    """The same value without zeros behind the point, and without an exponent where it is whole."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
