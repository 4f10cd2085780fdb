"""Claims in a ``Doc`` of spaCy: each a span of its tokens, and beside it, as plain data, the claim itself.

Words and claims have their own borders: 共5件 may be one token, and two claims may stand in one. So the span is the tokens that a claim touches,
its label the metric, and the claim keeps its own offsets. It stands in ``doc.user_data`` as spaCy keeps the extensions of a span, under that
span's place and with offsets counted from there; so ``Doc.to_bytes``, ``DocBin``, ``Doc.from_docs`` and ``Span.as_doc`` bring it to the right
place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from govie.claims import ROLES, Claim
from govie.document import Document, Extraction

__all__ = ["KEY", "KNOWN", "claim_of", "claims_in", "extraction_of", "put_claims"]

KEY = "govie"  # the span group
KNOWN = ("name", "publisher", "year", "division")  # what user_data may say of the document
_ROWS = "govie_rows"


def put_claims(doc: Any, claims: Iterable[Claim], *, key: str = KEY) -> None:
    """Set ``doc.spans[key]``, a span a claim in the order given, and the claims behind them; what stood there under ``key`` goes."""
    for _, _, rows in _places(doc):
        rows.pop(key, None)
    spans = []
    for claim in claims:
        span = doc.char_span(claim.start, claim.end, label=claim.metric, alignment_mode="expand")
        row = _moved(claim.to_dict(), -span.start_char)
        span.id_ = _id(row)
        doc.user_data.setdefault(("._.", _ROWS, span.start_char, span.end_char), {}).setdefault(key, []).append(row)
        spans.append(span)
    doc.spans[key] = spans


def extraction_of(doc: Any, *, key: str | None = None) -> Extraction:
    """The claims of a document, with what ``user_data`` knows about it.

    Args:
        doc: spaCy's ``Doc``.
        key: the span group whose claims are wanted; None for those of all, one that several have found once.
    """
    text = doc.text
    groups: dict[str, list[Claim]] = {}
    for start, _, rows in _places(doc):
        for name, own in rows.items():
            groups.setdefault(name, []).extend(_claims(own, start, text, len(text)))
    claims: list[Claim] = []
    for name, found in groups.items():
        if key in (None, name):
            known = set(claims)
            claims += [claim for claim in found if claim not in known]
    document = Document(text, **{name: doc.user_data.get(name) for name in KNOWN})
    return Extraction(document, tuple(sorted(claims, key=lambda claim: (claim.start, claim.end))))


def claim_of(span: Any) -> Claim | None:
    """The claim that a span of :func:`put_claims` stands for; of any other span the claim whose tokens it is, if there is just one."""
    rows = [row for own in _rows_at(span).values() for row in own]
    if span.id_:
        rows = [row for row in rows if (row["metric"], _id(row)) == (span.label_, span.id_)][:1]
    return next(_claims(rows, span.start_char, *_around(span.doc, span.start_char, rows)), None) if len(rows) == 1 else None


def claims_in(span: Any) -> tuple[Claim, ...]:
    """The claims that lie in a span or reach into it, such as those of a sentence; in text order, each once."""
    found: list[Claim] = []
    for start, end, groups in _places(span.doc):
        if start < span.end_char and span.start_char < end:
            rows = [row for own in groups.values() for row in own]
            found += _claims(rows, start, *_around(span.doc, start, rows))
    near = [claim for claim in dict.fromkeys(found) if claim.start < span.end_char and span.start_char < claim.end]
    return tuple(sorted(near, key=lambda claim: (claim.start, claim.end)))


def _places(doc: Any) -> list[tuple[int, int, dict[str, Any]]]:
    """Start and end of each span that has claims, and these by group."""
    keys = [key for key in doc.user_data if isinstance(key, tuple) and len(key) == 4 and key[:2] == ("._.", _ROWS)]
    return [(key[2], key[3], doc.user_data[key]) for key in keys]


def _rows_at(span: Any) -> Mapping[str, Any]:
    rows: Mapping[str, Any] = span.doc.user_data.get(("._.", _ROWS, span.start_char, span.end_char), {})
    return rows


def _id(row: Mapping[str, Any]) -> str:
    """What tells two claims of one metric in the same tokens apart."""
    return f"{row['start']}:{row['end']}"


def _claims(rows: Iterable[Mapping[str, Any]], start: int, text: str, length: int) -> Iterator[Claim]:
    """The claims of rows at ``start``; those that a cut document has lost, and parts of scopes that it has, are left out."""
    for row in rows:
        own = _moved(row, start)
        if own["start"] >= 0 and own["end"] <= length:
            own["scope"] = {role: part for role, part in own["scope"].items() if part and part["start"] >= 0 and part["end"] <= length}
            yield Claim.from_dict(own, source=text)


def _around(doc: Any, start: int, rows: Iterable[Mapping[str, Any]]) -> tuple[str, int]:
    """A text that is the document's wherever the rows have a claim or scope, and the document's length.

    A ``Doc`` makes its text anew each time it is asked for; where one claim is wanted, blanks stand for what is before its stretch.
    """
    length = len(doc[-1:].text_with_ws) + doc[-1].idx
    parts = [(row["start"], row["end"]) for own in rows for row in (own, *filter(None, own["scope"].values()))]
    low = max(0, start + min((first for first, _ in parts), default=0))
    high = min(length, start + max((last for _, last in parts), default=0))
    stretch = doc.char_span(low, high, alignment_mode="expand") if low < high else None
    return ("" if stretch is None else " " * stretch.start_char + stretch.text_with_ws), length


def _moved(row: Mapping[str, Any], by: int) -> dict[str, Any]:
    """A row of :meth:`Claim.to_dict` with its offsets, and those of its scope, moved."""

    def moved(part: Mapping[str, Any]) -> dict[str, Any]:
        return {**part, "start": part["start"] + by, "end": part["end"] + by}

    return {**moved(row), "scope": {role: moved(part) for role in ROLES if (part := row["scope"].get(role))}}
