"""govie reads Chinese government reports and returns every number they state as a typed claim.

>>> import govie
>>> [claim.text for claim in govie.extract("全年共受理政府信息公开申请5件。")]
['5件']
"""

from __future__ import annotations

from functools import cache as _cache

from govie.checks import Finding, check
from govie.claims import Claim, Scope, Span
from govie.document import Document, Extraction
from govie.errors import GovieError
from govie.extractor import Extractor, load
from govie.metrics import Metric, metrics
from govie.panels import Panel, PanelRow, panel
from govie.readers import Limits, read

__version__ = "0.1.0"
__all__ = [
    "Claim",
    "Document",
    "Extraction",
    "Extractor",
    "Finding",
    "GovieError",
    "Limits",
    "Metric",
    "Panel",
    "PanelRow",
    "Scope",
    "Span",
    "check",
    "extract",
    "load",
    "metrics",
    "panel",
    "read",
]


@_cache
def _shipped() -> Extractor:
    return load()


def extract(text: str | Document, *, min_confidence: float = 0.0) -> Extraction:
    """Every claim of ``text``, by the shipped model, which the first call loads.

    Args:
        text: a report's text, of any length, or a document.
        min_confidence: leave out claims with a lower confidence, 0 to 1.

    Raises:
        TextError: where ``text`` is neither.
        ModelError: where the shipped model is missing or damaged.
    """
    return _shipped().extract(text, min_confidence=min_confidence)
