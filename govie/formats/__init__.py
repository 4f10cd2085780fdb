"""Annotations in the formats of other tools, both ways, with exact offsets.

    extractions = list(load("tasks.json", "label-studio"))
    dump(extractions, "my.jsonl", "jsonl")

A module a format, each with ``dump`` and ``load``; :func:`losses` says what a format could not hold.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from govie.document import Extraction
from govie.errors import AnnotationError
from govie.formats.losses import losses
from govie.metrics import Metric, metrics

__all__ = ["FORMATS", "JAVASCRIPT", "SUFFIXES", "dump", "load", "losses"]

FORMATS: Mapping[str, str] = {
    "jsonl": "govie.formats.jsonl",
    "markup": "govie.formats.markup",
    "label-studio": "govie.formats.label_studio",
    "doccano": "govie.formats.doccano",
    "brat": "govie.formats.brat",
    "spacy": "govie.formats.docbin",
    "conll": "govie.formats.conll",
}
SUFFIXES: Mapping[str, str] = {
    "jsonl": ".jsonl",
    "markup": ".txt",
    "label-studio": ".json",
    "doccano": ".jsonl",
    "brat": "",
    "spacy": ".spacy",
    "conll": ".conll",
}
JAVASCRIPT = ("label-studio", "doccano")  # those that may count offsets in UTF-16 units


def _module(name: str) -> Any:
    if name not in FORMATS:
        raise AnnotationError(f"no format {name!r}; there are {', '.join(FORMATS)}")
    return import_module(FORMATS[name])


def dump(
    extractions: Iterable[Extraction], path: str | os.PathLike[str], form: str, *, metrics: Mapping[str, Metric] | None = None, **options: Any
) -> None:
    """Write extractions.

    Args:
        extractions: in the order in which they are to stand.
        path: a file; a folder for brat.
        form: one of ``FORMATS``.
        metrics: the codes in use; None for the shipped ones.
        options: what the format's own ``dump`` takes besides, such as ``utf16``.

    Raises:
        AnnotationError: where there is no such format, or it cannot hold a text at all.
        SaveError: where the file cannot be written.
        DependencyError: where the format needs a package that is not installed.
    """
    _module(form).dump(extractions, Path(path), metrics=_known(metrics), **options)


def load(path: str | os.PathLike[str], form: str, *, metrics: Mapping[str, Metric] | None = None, **options: Any) -> list[Extraction]:
    """Read what :func:`dump` or the tool wrote; the arguments are those of :func:`dump`.

    Raises:
        AnnotationError: with the place of the first thing that contradicts the text, the format or the contract: file and line, the
            offsets, what stands there and around it.
        DependencyError: where the format needs a package that is not installed.
    """
    return list(_module(form).load(Path(path), metrics=_known(metrics), **options))


def _known(given: Mapping[str, Metric] | None) -> Mapping[str, Metric]:
    return metrics() if given is None else given
