"""The number grammar against cases as data, and against itself: what is formatted must be read back."""

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govie.numbers import find_quantities, parse_numeral
from govie.numbers.patterns import AT_DIGITS
from govie.resources import data_toml
from govie.text import fold

ROWS = [row.split("\t") for row in (Path(__file__).parent / "data" / "quantities.tsv").read_text(encoding="utf-8").splitlines()[1:]]
HAN = "零一二三四五六七八九"
FINANCIAL = "零壹贰叁肆伍陆柒捌玖"


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_cases(row: list[str]) -> None:
    text, wanted, value, high, unit, bound = (cell.replace("⏎", "\n") for cell in (row + [""] * 6)[:6])
    folded = fold(text)
    found = [(text[slice(*folded.source_span(q.start, q.end))], q) for q in find_quantities(folded.text)]
    if not wanted:
        assert found == []
        return
    cut, quantity = found[0]
    assert cut == wanted
    assert (quantity.value, quantity.high) == (Decimal(value), Decimal(high) if high else None)
    assert (quantity.unit or "", quantity.bound) == (unit, bound)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1.3万余条约120万元", ["1.3万余条", "约120万元"]),
        ("300条约占50%", ["300条", "50%"]),
        ("3000条约定期限", ["3000条"]),
        ("1,2 34人次,5 件", ["1,2 34人次", "5 件"]),
        ("0 0 1 0 5", ["0", "0", "1", "0", "5"]),
        ("历时1小时30分钟", ["1小时", "30分钟"]),
    ],
)
def test_neighbours(text: str, wanted: list[str]) -> None:
    assert [text[q.start : q.end] for q in find_quantities(text)] == wanted


def test_what_is_looked_for_at_digits_begins_with_one() -> None:
    """Patterns of `expressions.toml` that share one look at a digit must not have an alternative that begins with something else."""
    for section in data_toml("expressions.toml").values():
        for pattern in filter(AT_DIGITS.match, section["patterns"]):
            depth, begins = 0, [0]
            for n, c in enumerate(re.sub(r"\\.|\[[^]]*\]", lambda m: "x" * len(m[0]), pattern)):
                depth += (c == "(") - (c == ")")
                if c == "|" and not depth:
                    begins.append(n + 1)
            assert all(AT_DIGITS.match(pattern, n) for n in begins), pattern


def han(number: int, digits: str = HAN, scales: str = "十百千") -> str:
    """Chinese numerals of a whole number below 10^12, by the schoolbook rule."""
    if number == 0:
        return digits[0]
    for scale, sign in ((10**8, "亿"), (10**4, "万")):
        if number >= scale:
            rest = number % scale
            zero = digits[0] if rest and rest < scale // 10 else ""
            return han(number // scale, digits, scales) + sign + zero + (han(rest, digits, scales) if rest else "")
    written, zero = "", False
    for place in (1000, 100, 10, 1):
        digit = number // place % 10
        if digit:
            written += (digits[0] if zero else "") + digits[digit] + ("" if place == 1 else scales[len(str(place)) - 2])
            zero = False
        else:
            zero = bool(written)
    return written


NOTATIONS = {
    "arabic": str,
    "commas": lambda n: f"{n:,}",
    "full width": lambda n: "".join(chr(ord(c) + 0xFEE0) for c in str(n)),
    "mixed width": lambda n: "".join(chr(ord(c) + 0xFEE0) if i % 2 else c for i, c in enumerate(str(n))),
    "han": han,
    "financial": lambda n: han(n, FINANCIAL, "拾佰仟"),
    "traditional": lambda n: han(n).replace("万", "萬").replace("亿", "億"),
    "wan": lambda n: f"{Decimal(n) / 10000:f}万",
    "yi": lambda n: f"{Decimal(n) / 10**8:f}亿",
    "wan qian": lambda n: f"{n // 10000 + 1}万{n % 9 + 1}千",
}


@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**10) | st.integers(0, 99_999), st.sampled_from(sorted(NOTATIONS)), st.sampled_from(["件", "条", "人次", "元", "个", ""]))
def test_every_notation_is_read_back(number: int, notation: str, unit: str) -> None:
    written = NOTATIONS[notation](number)
    value = (number // 10000 + 1) * 10000 + (number % 9 + 1) * 1000 if notation == "wan qian" else number
    text = f"共办理{written}{unit}。"
    folded = fold(text)
    found = find_quantities(folded.text)
    if not unit and len(written) == 1 and not written.isdigit() and written not in HAN[0]:
        return  # a single Chinese digit without a unit is no candidate: 一 and 三 are parts of words
    assert len(found) == 1
    start, end = folded.source_span(found[0].start, found[0].end)
    assert text[start:end] == written + unit
    assert found[0].value == value
    assert found[0].unit == (unit or None)


@settings(max_examples=2_000, deadline=None)
@given(st.decimals(0, 10**9, places=4, allow_nan=False), st.booleans())
def test_decimals_are_exact(number: Decimal, negative: bool) -> None:
    text = ("-" if negative else "") + f"{number:f}"
    assert parse_numeral(text) == (-number if negative else number)


@settings(max_examples=2_000, deadline=None)
@given(st.text(alphabet="0123456789一二三十百千万亿余多几约近超元件条个%年月日第(). ,、-—至\n零成分之+", max_size=60))
def test_never_raises_and_never_overlaps(text: str) -> None:
    found = find_quantities(fold(text).text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(q.high is None or q.high > q.value for q in found)


def test_no_numeral_gives_none() -> None:
    assert parse_numeral("abc") is None
    assert parse_numeral("") is None
