"""Augmentation at training time: other numbers, notations, years, places, levels and channels, and the noise of pages.

Every change is a list of edits on the passage as written, and all offsets move with it, so labels stay right: a swap is
the same wherever a name stands in the passage. Afterwards the text is folded and searched anew, as any text would be;
where the number grammar no longer finds a claim, the passage stays as it was. What may take whose place is data: ``swaps.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from govie.formats.passages import MarkedClaim, MarkedScope, Passage
from govie.numbers import find_quantities
from govie.numbers.numerals import parse_numeral
from govie.resources import parse_toml
from govie.text import fold, fold_table

Edit = tuple[int, int, str]
SWAPPED, NOISY = 0.6, 0.25  # shares of the passages; each kind of change then happens to half of those
_ARABIC = re.compile(r"(?<![0-9.,])(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*|0(?=\.))(?:\.[0-9]+)?(?![0-9,.])")
_CHINESE = re.compile("[一二两三四五六七八九十百]+")
_YEAR = re.compile("20[0-2][0-9](?=年)")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PLACE = re.compile(r"([\u4e00-\u9fff]{2})(?=[省市县区州镇乡旗])")
_NO_PLACE = re.compile("[全我本各该省市县区州镇乡旗直级委政办一二三两几多个为在与和及的]")


@cache
def _swaps() -> dict[str, Any]:
    return parse_toml(Path(__file__).with_name("swaps.toml").read_text(encoding="utf-8"))


def edited(passage: Passage, edits: Sequence[Edit]) -> Passage:
    """The passage with each ``(start, end, new)`` replaced, and every span moved along. Edits must not overlap."""
    ordered = sorted(edits)
    text, at = [], 0
    for start, end, new in ordered:
        text += [passage.text[at:start], new]
        at = end
    text.append(passage.text[at:])

    def moved(start: int, end: int) -> tuple[int, int]:
        return _moved(ordered, start, opens=True), _moved(ordered, end, opens=False)

    scopes: dict[MarkedScope, MarkedScope] = {}
    for scope in passage.scopes:
        first, last = moved(scope.start, scope.end)
        scopes[scope] = replace(scope, start=first, end=last)
    claims: list[MarkedClaim] = []
    for claim in passage.claims:
        first, last = moved(claim.start, claim.end)
        claims.append(replace(claim, start=first, end=last, scopes={role: scopes[scope] for role, scope in claim.scopes.items()}))
    return replace(passage, text="".join(text), scopes=tuple(scopes.values()), claims=tuple(claims))


def _moved(edits: Sequence[Edit], offset: int, *, opens: bool) -> int:
    """Where ``offset`` lies after the edits: what is inserted at a span's border stays outside the span."""
    shift = 0
    for start, end, new in edits:
        if end <= offset and (opens or start < offset):
            shift += len(new) - (end - start)
        elif start < offset < end:
            return start + shift + min(offset - start, len(new))
    return offset + shift


def _other(random: np.random.Generator, choices: Sequence[str], but: str) -> str:
    return str(random.choice([choice for choice in choices if choice != but]))


def years(passage: Passage, random: np.random.Generator) -> list[Edit]:
    """All years moved by the same distance, within 2006 to 2025."""
    found = [(match.start(), match.end(), int(match[0])) for match in _YEAR.finditer(passage.text)]
    if not found:
        return []
    first, last = min(year for *_, year in found), max(year for *_, year in found)
    if first < 2006 or last > 2025:
        return []
    distance = int(random.integers(2006 - first, 2026 - last))
    return [(start, end, str(year + distance)) for start, end, year in found]


def places(passage: Passage, random: np.random.Generator) -> list[Edit]:
    """One place of an entity span takes another name, wherever it is named."""
    spans = [passage.text[s.start : s.end] for s in passage.scopes if s.role == "entity"]
    names = sorted({match[1] for span in spans if (match := _PLACE.match(span)) and not _NO_PLACE.search(match[1])})
    if not names:
        return []
    old = str(random.choice(names))
    new = _other(random, _swaps()["places"].split(), old)
    return [(match.start(), match.end(), new) for match in re.finditer(re.escape(old), passage.text)]


def levels(passage: Passage, random: np.random.Generator) -> list[Edit]:
    """A text of counties becomes one of cities, where no other level is spoken of."""
    table = _swaps()
    present = [level for level in table["levels"] if level in passage.text]
    if len(present) != 1:
        return []
    old, new = present[0], _other(random, table["levels"], present[0])
    words = "|".join(re.escape(word).replace("@", f"({old})") for word in table["level_words"])
    places_ = {match.start(group) for match in re.finditer(words, passage.text) for group in range(1, len(table["level_words"]) + 1) if match[group]}
    return [(place, place + 1, new) for place in sorted(places_)]


def channels(passage: Passage, random: np.random.Generator) -> list[Edit]:
    """The channels of a passage change places with others of their kind; two of them never become one."""
    spans = {(s.start, s.end): passage.text[s.start : s.end] for s in passage.scopes if s.role == "channel"}
    edits: list[Edit] = []
    for group in _swaps()["channels"]:
        old = sorted({text for text in spans.values() if text in group})
        if not old or any(name in passage.text for name in group if not any(name in own for own in old)):
            continue
        new = dict(zip(old, random.permutation(group), strict=False))
        edits += [(start, end, str(new[text])) for (start, end), text in spans.items() if text in new]
    return edits


def numbers(passage: Passage, random: np.random.Generator) -> list[Edit]:
    """The numerals of claims become others, in this notation or another; equal ones stay equal."""
    new: dict[str, str] = {}
    edits: list[Edit] = []
    for start, end in sorted({(claim.start, claim.end) for claim in passage.claims if not claim.zero}):
        match = _ARABIC.search(passage.text, start, end) or _CHINESE.search(passage.text, start, end)
        if match is None or match.end() > end:
            continue
        scaled = passage.text[match.end() : end].startswith(("万", "亿", "千", "百", "余", "多", "几"))
        percent = "%" in passage.text[start:end] or "％" in passage.text[start:end]
        if match[0] not in new:
            new[match[0]] = _numeral(match[0], random, scaled=scaled, percent=percent)
        edits.append((match.start(), match.end(), new[match[0]]))
    return edits


def _numeral(old: str, random: np.random.Generator, *, scaled: bool, percent: bool) -> str:
    """Another numeral of about the same size; where nothing hangs on it, now and then in another notation."""
    if _CHINESE.fullmatch(old):
        value = parse_numeral(old)
        if value is None or not 1 < value < 100 or scaled:
            return old
        other = int(random.integers(2, 100))
        return str(other) if random.random() < 0.3 else _chinese(other)
    whole, point, part = old.replace(",", "").partition(".")
    if whole != "0":
        change = 0 if percent else int(random.choice([-1, 0, 0, 1]))
        length = max(1, len(whole) + change)
        whole = whole if percent and int(whole) >= 100 else str(int(random.integers(10 ** (length - 1), 10**length)))
    part = "".join(str(random.integers(1, 10)) for _ in part)
    if "," in old and len(whole) > 3:
        return f"{int(whole):,}{point}{part}"
    if not (scaled or percent or point) and random.random() < 0.15:
        number = int(whole)
        return _chinese(number) if number < 100 else f"{Decimal(number) / 10000}万" if number >= 10000 else whole
    return whole + point + part


def _chinese(number: int) -> str:
    """A number from 1 to 99 in Chinese, 两 for a bare two."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return "两" if ones == 2 else digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def marks(passage: Passage, random: np.random.Generator) -> list[Edit]:
    """Marks are lost or become others."""
    other = {"。": " ", "，": "、", ",": "、", "；": "，", ";": ",", "\n": " ", "：": " ", ":": " "}
    return [(n, n + 1, other[c]) for n, c in enumerate(passage.text) if c in other and random.random() < 0.3 and not _inside_quantity(passage, n + 1)]


def wraps(passage: Passage, random: np.random.Generator) -> list[Edit]:
    """The lines of a PDF: a break after every so many characters, words and numbers notwithstanding."""
    width = int(random.integers(18, 46))
    return [(n, n, "\n") for n in range(width, len(passage.text), width) if not _inside_quantity(passage, n)]


def blanks(passage: Passage, random: np.random.Generator) -> list[Edit]:
    """Blanks beside Chinese characters."""
    beside = [n for n in range(1, len(passage.text)) if _HAN.match(passage.text, n) and not _inside_quantity(passage, n)]
    return [(n, n, " ") for n in beside if random.random() < 0.05]


def scripts(passage: Passage, random: np.random.Generator) -> list[Edit]:
    """Traditional characters, wholly."""
    back = _traditional()
    return [(n, n + 1, back[c]) for n, c in enumerate(passage.text) if c in back]


def widths(passage: Passage, random: np.random.Generator) -> list[Edit]:
    """Digits and marks in full width."""
    return [(n, n + 1, chr(ord(c) + 0xFEE0)) for n, c in enumerate(passage.text) if c in "0123456789%(),:;" and random.random() < 0.7]


def spliced(passage: Passage, random: np.random.Generator) -> list[Edit]:
    """A line of the page's furniture between lines or sentences, a word of spam, pinyin behind characters."""
    table = _swaps()
    breaks = [n + 1 for n, c in enumerate(passage.text) if c in "。\n"] or [len(passage.text)]
    edits = [(int(random.choice(breaks)), "\n" + str(random.choice(table["lines"])) + "\n")]
    free = [n for n in range(1, len(passage.text)) if not any(c.start < n < c.end for c in passage.claims)]
    if free and random.random() < 0.3:
        edits.append((int(random.choice(free)), str(random.choice(table["spam"]))))
    if random.random() < 0.3:
        edits += [(n + 1, f"({table['pinyin'][c]})") for n, c in enumerate(passage.text) if c in table["pinyin"] and random.random() < 0.3]
    return [(n, n, new) for n, new in dict(edits).items()]


@cache
def _traditional() -> dict[str, str]:
    return {chr(new): chr(old) for old, new in fold_table().items() if 0x4E00 <= old <= 0x9FFF and 0x4E00 <= new <= 0x9FFF}


def _inside_quantity(passage: Passage, at: int) -> bool:
    return any(claim.start < at < claim.end for claim in passage.claims) or passage.text[at - 1 : at + 1].isdigit()


SWAPS: tuple[Callable[[Passage, np.random.Generator], list[Edit]], ...] = (years, places, levels, channels, numbers)
NOISE: tuple[Callable[[Passage, np.random.Generator], list[Edit]], ...] = (marks, wraps, blanks, scripts, widths, spliced)


def augment(passage: Passage, random: np.random.Generator) -> Passage:
    """The passage with some of it swapped and some noise; as it was, where a claim would be lost."""
    changed = passage
    if random.random() < SWAPPED:
        for swap in SWAPS:
            if random.random() < 0.5:
                changed = edited(changed, swap(changed, random))
    if random.random() < NOISY:
        for noise in random.choice(len(NOISE), size=2, replace=False):
            changed = edited(changed, NOISE[noise](changed, random))
    return changed if keeps_claims(changed) else passage


def keeps_claims(passage: Passage) -> bool:
    """Whether the number grammar finds every quantity of the passage in its borders."""
    folded = fold(passage.text)
    found = {(q.start, q.end) for q in find_quantities(folded.text)}
    return all(claim.zero or folded.folded_span(claim.start, claim.end) in found for claim in passage.claims)
