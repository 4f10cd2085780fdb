"""What a format could not hold, measured: the claims before against the claims that come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields

from govie.claims import ROLES, Claim
from govie.document import Document, Extraction

__all__ = ["losses"]

_FIELDS = ("value", "high", "unit", "bound", "per", "kind", "is_total", "note")
_DOCUMENT = tuple(field.name for field in fields(Document) if field.name != "text")


def losses(before: Sequence[Extraction], after: Sequence[Extraction]) -> Mapping[str, int]:
    """How much of what is lost, by the name of the part: ``{"scope.period": 3}`` says that three claims came back with another period.

    Args:
        before: what was written.
        after: what was read back; documents are told by their text.
    """
    lost: Counter[str] = Counter()
    waiting: dict[str, list[Extraction]] = {}
    for found in after:
        waiting.setdefault(found.document.text.strip("\n"), []).append(found)
    for found in before:
        text = found.document.text
        same = waiting.get(text.strip("\n"))
        if not same:
            lost["documents"] += 1
            continue
        back = same.pop(0)
        if back.document.text != text:
            lost["line breaks at the ends of a text"] += 1
        shift = len(text) - len(text.lstrip("\n")) - (len(back.document.text) - len(back.document.text.lstrip("\n")))
        lost.update(f"document.{name}" for name in _DOCUMENT if getattr(found.document, name) and _differ(found.document, back.document, name))
        lost.update(_claims(found, back, shift))
    return lost


def _differ(one: Document, other: Document, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _claims(before: Extraction, after: Extraction, shift: int) -> Counter[str]:
    lost: Counter[str] = Counter()
    found = {(claim.start + shift, claim.end + shift, claim.metric): claim for claim in after}
    for claim in before:
        back = found.get((claim.start, claim.end, claim.metric))
        if back is None:
            lost["claims"] += 1
        else:
            lost.update(_parts(claim, back, shift))
    return lost


def _parts(claim: Claim, back: Claim, shift: int) -> list[str]:
    names = [name for name in _FIELDS if getattr(claim, name) != getattr(back, name)]
    if claim.confidence is not None and (back.confidence is None or abs(claim.confidence - back.confidence) > 1e-3):
        names.append("confidence")
    for role in ROLES:
        own, other = getattr(claim.scope, role), getattr(back.scope, role)
        if (own and (own.start, own.end)) != (other and (other.start + shift, other.end + shift)):
            names.append(f"scope.{role}")
    return names
