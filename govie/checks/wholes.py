"""Whether parts are all that there are, and whether two claims count the same thing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from govie.checks.rules import checks
from govie.checks.sentences import Figure, Sentence
from govie.claims import Claim

__all__ = ["Shortfall", "are_results", "has_results", "is_complete", "is_counted", "is_full", "is_kin", "is_whole", "may_join", "takes_rest"]

_NEAR = 6
_FEW, _SHARE = 3, Decimal("0.15")
_NEAR_TWO, _NEAR_SEVERAL = Decimal("0.05"), Decimal("0.1")
_SORTED = re.compile("按[^,;。0-9]{1,8}[分看][:,]?$")
_COUNTED = re.compile("分(?:为|成|别为)?([两二三四五六七八九])(?:大?[块类种项]|个?部分|个?方面)")
_REMAINS = re.compile("其余|剩余|余下|其它|其他|不足部分")


@cache
def _groups() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group["total"]) | frozenset(group["parts"]) for group in checks()["sums"]["groups"])


@cache
def _parts() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group["parts"]) for group in checks()["sums"]["groups"])


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A total and what its parts lack of it; negative where they are more."""

    total: Decimal
    missing: Decimal


def has_results(total: Claim) -> bool:
    """Whether what is counted has results with metrics of their own."""
    return any(total.metric in group for group in _groups())


def is_kin(one: Claim, other: Claim) -> bool:
    """Whether one claim may be a part of the other, or both of a third: of one metric, results of one thing, or of one family of
    metrics without results of their own."""
    codes = {one.metric, other.metric}
    if len(codes) == 1 or any(codes <= parts for parts in _parts()):
        return True
    if any(codes & group for group in _groups()):
        return any(codes <= group and codes & parts for group, parts in zip(_groups(), _parts(), strict=True))
    families = {code.partition(".")[0] for code in codes}
    return len(families) == 1 or "other" in families


def is_whole(sentence: Sentence, cue: str, opens: int, parts: Sequence[Figure], share: Shortfall) -> bool:
    """Whether an enumeration says that it is complete: by a last part 其他, by the word that opens it, or because its words part a
    whole by nature (网络 and 书面, 专职 and 兼职), or because nearly nothing is missing. The last three ask that the parts come near.

    Args:
        cue, opens: the word that opens the enumeration, and the folded offset behind it.
    """
    words = checks()["sums"]
    total, missing = share.total, share.missing
    if sentence.text.startswith("等", parts[-1].end):
        return False
    if re.match(rf".{{0,3}}(?:{'|'.join(words['open'])})", sentence.text[opens : opens + _NEAR]):
        return False
    labels = _labels(sentence, opens, parts)
    if re.match(rf"[,;、。和及以\s]*(?:{'|'.join(words['rest'])})", labels[-1]):
        return True
    lead = sentence.text[max(sentence.start, opens - 12) : opens]
    if _SORTED.search(lead) or is_counted(lead, len(parts)):
        return True
    if _REMAINS.search(sentence.text, parts[-1].end, sentence.end):
        return False
    if 0 < missing <= total * (_NEAR_SEVERAL if len(parts) > 2 else _NEAR_TWO) and cue == "其中":
        return True  # parts that are left out are seldom so few; measured on the corpus's own passages
    if missing > _FEW and missing > total * _SHARE:
        return False
    metrics = {part.claim.metric for part in parts if part.claim is not None}
    if len(metrics) > 2 and metrics <= _parts()[-1] | _parts()[-2]:
        return True  # 维持, 纠正, 其他, 未审结
    return cue in words["whole"] or any(_is_family(family, labels, parts) for family in words["families"])


def are_results(total: Claim, parts: Sequence[Claim]) -> bool:
    """Whether parts are results of what the total counts, each with a metric of its own."""
    return any(
        total.metric in group["total"] and all(part.metric in group["parts"] for part in parts) and len({part.metric for part in parts}) > 1
        for group in checks()["sums"]["groups"]
    )


def may_join(one: Claim, other: Claim) -> bool:
    """Whether two figures in one list may count the same: their metrics allow it, or have no results that would part them."""
    return is_kin(one, other) or not (has_results(one) or has_results(other))


def is_full(total: Claim, parts: Sequence[Claim]) -> bool:
    """Whether the results of a total are all that there can be: three at least, and what is left or pending among them."""
    codes = {part.metric for part in parts}
    return are_results(total, parts) and len(codes) > 2 and any(code.endswith((".other", ".pending")) for code in codes)


def is_complete(sentence: Sentence, opens: int, parts: Sequence[Figure]) -> bool:
    """Whether the words of a list part a whole by nature, or its last part takes in what is left."""
    labels = _labels(sentence, opens, parts)
    return (
        takes_rest(sentence, opens, parts) or _is_denied(labels) or any(_is_family(family, labels, parts) for family in checks()["sums"]["families"])
    )


def is_counted(lead: str, parts: int) -> bool:
    """Whether the words before a list say how many parts it has: 分三类."""
    named = _COUNTED.search(lead)
    return bool(named and "零一二三四五六七八九".find(named[1].replace("两", "二")) == parts)


def takes_rest(sentence: Sentence, opens: int, parts: Sequence[Figure]) -> bool:
    """Whether the last part of a list takes in what is left: 其他, 其余, 尚未办结的."""
    words = "|".join((*checks()["sums"]["rest"], *checks()["lists"]["pending"]))
    return re.match(rf"[,;、。和及以\s]*(?:{words})", _labels(sentence, opens, parts)[-1]) is not None


def _labels(sentence: Sentence, opens: int, parts: Sequence[Figure]) -> list[str]:
    """What stands before each part, back to the part before or the last pause."""
    labels = []
    for n, part in enumerate(parts):
        start = parts[n - 1].end if n else opens
        labels.append(sentence.text[start : part.start])
    return labels


def _is_denied(labels: Sequence[str]) -> bool:
    """Whether the last part of a list is what another one is not: 合格58个,不合格8个."""
    words = [re.sub(r"^.*?[,;、:。]|[的有为是达共]+$", "", label) for label in labels]
    return len(words) > 1 and any(len(word) > 1 and words[-1] in (f"不{word}", f"未{word}", f"没有{word}", f"非{word}") for word in words[:-1])


def _is_family(family: Mapping[str, Any], labels: Sequence[str], parts: Sequence[Figure]) -> bool:
    if "metric" in family and not all(part.claim is not None and part.claim.metric.startswith(family["metric"]) for part in parts):
        return False
    found = [{n for n, kind in enumerate(family["kinds"]) if any(word in label for word in kind)} for label in labels]
    return all(found) and len(set.union(*found)) >= family.get("least", 2)
