"""What ``--data`` may name: corpus markup and annotated documents, as passages that fit the model.

A path is a file (``.txt`` markup, ``.jsonl`` documents, ``.json`` of Label Studio), a folder of such files, or a folder with ``train/`` and
``dev/`` in it. Documents longer than a passage are cut between sentences, at a line's end where there is one near, and no claim is lost.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from govie.claims import Claim
from govie.document import Extraction
from govie.errors import AnnotationError, CorpusError
from govie.formats import load
from govie.formats.files import read_json_lines
from govie.formats.filling import Filler
from govie.formats.passages import MarkedClaim, MarkedScope, Passage, read_hand
from govie.metrics import Metric, metrics, read_metrics

FORMATS = {".txt": "markup", ".jsonl": "jsonl", ".json": "label-studio"}
LONGEST = 400  # characters of a passage that is cut from a document
_BORDERS = (re.compile(r"\n+"), re.compile(r"[。！？!?；;]+[”’」』)）]*"), re.compile("[，,、]"))


def known_metrics(data: Iterable[Path], own: Path | None, start: Path | None = None) -> dict[str, Metric]:
    """The shipped metrics with those of the model that training starts from, those of a ``metrics.tsv`` beside any data, and ``own``.

    Raises:
        DataError: where one of the files is none, or ``own`` is missing.
    """
    found = dict(metrics())
    beside = [(path if path.is_dir() else path.parent) / "metrics.tsv" for path in data]
    for path in dict.fromkeys([*([start / "metrics.tsv"] if start else []), *beside]):
        if path.is_file():
            found |= read_metrics(path)
    return found | dict(read_metrics(own)) if own else found


def read_data(paths: Sequence[Path], known: Mapping[str, Metric], *, part: str = "train") -> list[Passage]:
    """The passages of all that ``paths`` name.

    Args:
        paths: files or folders; of a folder with folders ``train`` and ``dev``, the one of ``part`` is read.
        known: the codes that claims may have.
        part: ``train`` or ``dev``; a path without these folders is all training data.

    Raises:
        AnnotationError: with the place, where a file is missing or broken, a code is unknown, or two passages have one id.
    """
    found: dict[str, tuple[Passage, str]] = {}
    for path in paths:
        for file in data_files(path, part):
            for where, passage in _passages(file, known):
                if passage.id in found:
                    raise AnnotationError(
                        f"{where}: the id {passage.id!r} stands in {found[passage.id][1]} too; every passage and document wants its own"
                    )
                found[passage.id] = (passage, where)
    return [passage for passage, _ in found.values()]


def data_files(path: Path, part: str = "train") -> list[Path]:
    """The files of annotations that a path names, in order.

    Raises:
        AnnotationError: where there is none.
    """
    if path.is_file():
        files = [path] if part == "train" else []
    elif (path / "train").is_dir():
        return data_files(path / part) if (path / part).is_dir() else []
    elif path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix in FORMATS and not file.name.endswith(".meta.json")) if part == "train" else []
        sidecars = {file.with_suffix(".txt") for file in files if file.suffix == ".jsonl"}  # the texts of gold files
        files = [file for file in files if file not in sidecars]
        if part == "train" and not files:
            raise AnnotationError(f"{path}: no {', '.join(FORMATS)} file in it")
    else:
        raise AnnotationError(f"{path}: no such file or folder")
    if any(file.suffix not in FORMATS for file in files):
        raise AnnotationError(f"{path}: one of {', '.join(FORMATS)} is wanted; `govie convert` makes them of other formats")
    return files


def _passages(file: Path, known: Mapping[str, Metric]) -> Iterator[tuple[str, Passage]]:
    """The passages of a file, each with its place."""
    if file.suffix == ".txt":
        try:
            for passage in read_hand(file):
                where = f"{file}:{passage.line}"
                for claim in passage.claims:
                    if claim.metric not in known:
                        raise AnnotationError(
                            f"{where}: {passage.id}: unknown code {claim.metric!r}; own codes go into a metrics.tsv beside the data"
                        )
                yield where, passage
        except CorpusError as error:
            raise AnnotationError(str(error)) from error
        return
    lines = [where for where, row in read_json_lines(file) if "text" in row] if file.suffix == ".jsonl" else []
    for number, found in enumerate(load(file, FORMATS[file.suffix], metrics=known), 1):
        where = lines[number - 1] if lines else str(file)
        for passage in cut(found, name=found.document.name or f"{file.stem}-{number:04}", hand=file.stem, known=known):
            yield where, passage


def cut(found: Extraction, *, name: str, hand: str, known: Mapping[str, Metric]) -> list[Passage]:
    """An annotated document as passages of ``LONGEST`` characters at most.

    Every claim is in just one passage, but for those that the number grammar does not find in their borders: the model is never asked
    about them, and a warning counts them. A scope span that stands in an earlier passage does not go along.
    """
    document = found.document
    starts = [0, *_cuts(document.text, found)]
    pieces = list(zip(starts, [*starts[1:], len(document.text)], strict=True))
    passages = []
    for number, (start, end) in enumerate(pieces, 1):
        own = name if len(pieces) == 1 else f"{name}#{number}"
        filler = Filler(document.text[start:end], metrics=known, where=own)
        marked = [_marked(claim, start, end, filler) for claim in found if start <= claim.start < end]
        claims = [claim for claim in marked if claim.zero or filler.is_quantity(claim.start, claim.end)]
        if len(claims) < len(marked):
            warnings.warn(f"{own}: the number grammar does not find {len(marked) - len(claims)} of {len(marked)} claims; left out", stacklevel=2)
        scopes = sorted({scope for claim in claims for scope in claim.scopes.values()}, key=lambda scope: (scope.start, scope.end, scope.role))
        passages.append(Passage(own, hand, document.publisher or "", str(document.year or ""), "", filler.text, tuple(scopes), tuple(claims)))
    return passages


def _cuts(text: str, found: Iterable[Claim]) -> Iterator[int]:
    """Where the text is cut: as late as may be, at the end of a line, else of a sentence, else of a clause, never in a claim or its scope."""
    taken = bytearray(len(text) + 1)
    for claim in found:
        for start, end in ((claim.start, claim.end), *((part.start, part.end) for _, part in claim.scope)):
            taken[start + 1 : end] = b"\1" * (end - start - 1)
    start = 0
    while len(text) - start > LONGEST:
        places: list[int] = []
        for border, least in zip(_BORDERS, (LONGEST // 2, LONGEST // 8, 1), strict=True):
            ends = (match.end() for match in border.finditer(text, start, start + LONGEST))
            places = places or [end for end in ends if not taken[end] and end >= start + least]
        free = (at for at in range(start + LONGEST, len(text)) if not taken[at])
        start = places[-1] if places else next(free, len(text))
        if start < len(text):
            yield start


def _marked(claim: Claim, start: int, end: int, filler: Filler) -> MarkedClaim:
    scopes = {
        role: MarkedScope(role, "", part.start - start, part.end - start) for role, part in claim.scope if start <= part.start and part.end <= end
    }
    zero = claim.value == 0 and not filler.is_quantity(claim.start - start, claim.end - start)
    settings = {name: value for name in ("per", "unit") if (value := getattr(claim, name))}
    return MarkedClaim(claim.start - start, claim.end - start, claim.metric, zero, claim.kind, settings, scopes)
