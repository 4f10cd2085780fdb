"""spaCy's ``DocBin``: a document a ``Doc`` whose tokens are characters.

``doc.ents`` are the quantities by metric, ``doc.spans["govie"]`` all claims (two may stand on one quantity) as the pipeline component ``govie``
sets them, ``doc.spans[ROLE]`` the scope spans. What the component has made of other tokens is read too. Where a tool has changed the spans, they
count, and the claims come back without scope.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from govie.claims import ROLES, Claim
from govie.document import Document, Extraction
from govie.errors import AnnotationError, ClaimError, DependencyError
from govie.formats.docs import KEY, KNOWN, claim_of, extraction_of, put_claims
from govie.formats.files import read_bytes, write_bytes
from govie.formats.filling import Filler, extraction
from govie.metrics import Metric

__all__ = ["dump", "load"]


def _spacy() -> Any:
    try:
        import spacy.tokens  # noqa: PLC0415 - an extra, and slow to load
        import spacy.vocab  # noqa: PLC0415
    except ImportError as error:
        raise DependencyError("spaCy's DocBin needs spaCy: pip install 'govie[spacy]'") from error
    return spacy


def dump(extractions: Iterable[Extraction], path: Path, *, metrics: Mapping[str, Metric]) -> None:
    """Write one ``.spacy`` file."""
    spacy = _spacy()
    vocabulary, docs = spacy.vocab.Vocab(), spacy.tokens.DocBin(store_user_data=True)
    for found in extractions:
        text = found.document.text
        doc = spacy.tokens.Doc(vocabulary, words=list(text), spaces=[False] * len(text))
        put_claims(doc, found)
        doc.ents = list({(span.start, span.end): span for span in reversed(list(doc.spans[KEY]))}.values())
        for role in ROLES:
            parts = sorted({(part.start, part.end) for claim in found for own, part in claim.scope if own == role})
            doc.spans[role] = [spacy.tokens.Span(doc, start, end, label=role) for start, end in parts]
        doc.user_data |= {key: getattr(found.document, key) for key in KNOWN}
        docs.add(doc)
    write_bytes(path, docs.to_bytes())


def load(path: Path, *, metrics: Mapping[str, Metric]) -> Iterator[Extraction]:
    """The documents of a file that :func:`dump` or spaCy wrote.

    Of spans that a tool has set, a quantity that the number grammar does not read is left out with a warning, for there is no place for its value.

    Raises:
        AnnotationError: where it is no DocBin, or its spans are none of the text.
        DependencyError: where spaCy is not installed.
    """
    spacy = _spacy()
    data = read_bytes(path)
    try:
        docs = list(spacy.tokens.DocBin(store_user_data=True).from_bytes(data).get_docs(spacy.vocab.Vocab()))
    except Exception as error:  # zlib, msgpack and spaCy have their own unrelated classes
        raise AnnotationError(f"{path}: no DocBin of spaCy: {error}") from error
    for number, doc in enumerate(docs, 1):
        where = f"{path}: document {number}"
        known = {key: doc.user_data.get(key) for key in KNOWN}
        yield extraction(Document(doc.text, **known), _claims(doc, Filler(doc.text, metrics=metrics, where=where)), where=where)


def _claims(doc: Any, filler: Filler) -> list[Claim]:
    spans = list(doc.spans[KEY]) if KEY in doc.spans else list(doc.ents)
    try:
        kept = list(extraction_of(doc, key=KEY))
        if Counter(kept) == Counter(claim_of(span) for span in spans):
            return kept
    except ClaimError as error:
        raise AnnotationError(f"{filler.where}: {error}") from error
    claims = (filler.told(span.start_char, span.end_char, span.label_) for span in spans)
    return [claim for claim in claims if claim is not None]
