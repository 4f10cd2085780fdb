"""Passages as claims of the library, so that the corpus and the extractor are compared in one shape."""

from __future__ import annotations

from decimal import Decimal

from govie.claims import Claim, Scope, Span
from govie.distributive import find_per
from govie.errors import CorpusError
from govie.extractor import unit_near
from govie.metrics import metrics
from govie.numbers import Quantity, find_quantities
from govie.text import Folded, fold
from training.markup import MarkedClaim, Passage


def gold_claims(passage: Passage) -> list[Claim]:
    """The claims of a passage, with value, unit and bound as the number grammar reads them.

    Raises:
        CorpusError: where a quantity is none to the grammar.
    """
    folded = fold(passage.text)
    found = {folded.source_span(q.start, q.end): q for q in find_quantities(folded.text)}
    return [_claim(passage, claim, folded, found.get((claim.start, claim.end))) for claim in passage.claims]


def _claim(passage: Passage, marked: MarkedClaim, folded: Folded, quantity: Quantity | None) -> Claim:
    text, settings = passage.text, marked.settings
    scope = Scope(**{role: Span(part.start, part.end, source=text) for role, part in marked.scopes.items()})
    default = metrics()[marked.metric].unit
    if marked.zero:
        return Claim(marked.start, marked.end, Decimal(0), settings.get("unit", default), marked.metric, scope=scope, source=text)
    if quantity is None:
        raise CorpusError(f"{passage.id}: '{text[marked.start : marked.end]}' is no quantity to the number grammar")
    scale = Decimal(settings.get("scale", 1))
    start = folded.folded_offset(marked.start)
    unit = quantity.unit or settings.get("unit") or unit_near(folded.text, start) or default
    return Claim(
        marked.start, marked.end, quantity.value * scale, unit, marked.metric,
        high=None if quantity.high is None else quantity.high * scale, bound=quantity.bound, per=settings.get("per") or find_per(folded.text, start),
        scope=scope, kind=marked.kind, source=text,
    )  # fmt: skip
