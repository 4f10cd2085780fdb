"""Whether parts are all that there are, and whether two claims count the same thing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence
from govie.claims import Claim

__all__ = ["is_kin", "is_whole"]

_NEAR = 6
_FEW, _SHARE = 3, Decimal("0.15")
_NEAR_TWO, _NEAR_SEVERAL = Decimal("0.03"), Decimal("0.1")
_REMAINS = re.compile("其余|剩余|余下|其它|其他|不足部分")


@cache
def _groups() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group["total"]) | frozenset(group["parts"]) for group in checks()["sums"]["groups"])


@cache
def _parts() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group["parts"]) for group in checks()["sums"]["groups"])


def is_kin(one: Claim, other: Claim) -> bool:
    """Whether one claim may be a part of the other, or both of a third: of one metric, or results of one thing."""
    codes = {one.metric, other.metric}
    if len(codes) == 1:
        return True
    if any(codes <= parts for parts in _parts()):
        return True
    return any(codes <= group and codes & parts for group, parts in zip(_groups(), _parts(), strict=True))


def is_whole(sentence: Sentence, cue: str, opens: int, parts: Sequence[Figure], total: Decimal, missing: Decimal) -> bool:
    """Whether an enumeration says that it is complete: by a last part 其他, by the word that opens it, or because its words part a
    whole by nature (网络 and 书面, 专职 and 兼职). The last two say so only of parts that come near the total.

    Args:
        missing: total less parts.
    """
    words = checks()["sums"]
    if sentence.text.startswith("等", parts[-1].end):
        return False
    if re.match(rf".{{0,3}}(?:{'|'.join(words['open'])})", sentence.text[opens : opens + _NEAR]):
        return False
    labels = _labels(sentence, opens, parts)
    if re.match(rf"[,;、。和及以\s]*(?:{'|'.join(words['rest'])})", labels[-1]):
        return True
    if _REMAINS.search(sentence.text, parts[-1].end, sentence.end):
        return False
    if 0 < missing <= total * (_NEAR_SEVERAL if len(parts) > 2 else _NEAR_TWO) and cue == "其中":
        return True  # parts that are left out are seldom so few; measured on the corpus's own passages
    if missing > _FEW and missing > total * _SHARE:
        return False
    return cue in words["whole"] or any(_is_family(family, labels) for family in words["families"])


def _labels(sentence: Sentence, opens: int, parts: Sequence[Figure]) -> list[str]:
    """What stands before each part, back to the part before or the last pause."""
    labels = []
    for n, part in enumerate(parts):
        start = parts[n - 1].end if n else opens
        labels.append(sentence.text[start : part.start])
    return labels


def _is_family(family: Mapping[str, Any], labels: Sequence[str]) -> bool:
    found = [{n for n, kind in enumerate(family["kinds"]) if any(word in label for word in kind)} for label in labels]
    return all(found) and len(set.union(*found)) >= family.get("least", 2)
