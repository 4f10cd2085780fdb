"""Passages as claims of the library, so that the corpus and the extractor are compared in one shape."""

from __future__ import annotations

from collections.abc import Mapping

from govie.claims import Claim
from govie.errors import AnnotationError, CorpusError
from govie.formats.markup import from_passage
from govie.formats.passages import Passage
from govie.metrics import Metric, metrics


def gold_claims(passage: Passage, *, known: Mapping[str, Metric] | None = None) -> list[Claim]:
    """The claims of a passage, with value, unit and bound as the number grammar reads them.

    Args:
        passage: as read from a corpus file.
        known: the metric codes; None for the shipped ones.

    Raises:
        CorpusError: where a quantity is none to the grammar, or a code is unknown.
    """
    try:
        return list(from_passage(passage, where=passage.id, metrics=known or metrics()))
    except AnnotationError as error:
        raise CorpusError(str(error)) from error
