"""brat: a folder with ``NAME.txt`` and ``NAME.ann`` for each document, and the ``annotation.conf`` that its server reads.

Quantities are text-bound annotations with their metric as type (``-`` for its dot), scope spans with their role; a relation ties them.
``kind`` is an attribute where it is not ``reported``; what the number grammar does not read by itself stands in a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from govie.claims import KINDS, ROLES, Claim, Span
from govie.document import Document, Extraction
from govie.errors import AnnotationError
from govie.formats.files import misshapen, read_text, write_text
from govie.formats.filling import Filler, extraction, scopes
from govie.metrics import Metric

__all__ = ["dump", "load"]

_BOUND = re.compile(r"(T\S+)\t(\S+) ([0-9]+ [0-9]+(?:;[0-9]+ [0-9]+)*)\t(.*)")
_LINE, _BREAK = re.compile(r"[^\r\n]+"), re.compile(r"[\r\n]")
_NAME = re.compile(r"[^\w.-]+")


def dump(extractions: Iterable[Extraction], path: Path, *, metrics: Mapping[str, Metric]) -> None:
    """Write the folder."""
    taken: set[str] = set()
    for number, found in enumerate(extractions, 1):
        stem = _NAME.sub("_", Path(found.document.name or f"document-{number:04}").stem) or "document"
        name = stem if stem not in taken else f"{stem}-{number:04}"
        taken.add(name)
        write_text(path / f"{name}.txt", found.document.text)
        write_text(path / f"{name}.ann", "".join(line + "\n" for line in _lines(found, metrics)))
    write_text(path / "annotation.conf", configuration(metrics))


def configuration(metrics: Mapping[str, Metric]) -> str:
    """The ``annotation.conf`` of a collection."""
    types = [code.replace(".", "-") for code in metrics]
    return "\n".join(
        ["[entities]", *types, *ROLES, "", "[relations]", *(f"{role}\tArg1:{'|'.join(types)}, Arg2:{role}" for role in ROLES),
         "", "[events]", "", "[attributes]", f"kind\tArg:<ENTITY>, Value:{'|'.join(KINDS)}", ""]
    )  # fmt: skip


def _lines(found: Extraction, metrics: Mapping[str, Metric]) -> Iterator[str]:
    text = found.document.text
    filler = Filler(text, metrics=metrics, where="")
    ids = {(role, span.start, span.end): "" for claim in found for role, span in claim.scope}
    for n, (role, start, end) in enumerate(sorted(ids, key=lambda key: (key[1:], key[0])), len(found) + 1):
        ids[role, start, end] = f"T{n}"
        yield _bound(f"T{n}", role, text, start, end)
    relation = attribute = 0
    for n, claim in enumerate(found, 1):
        yield _bound(f"T{n}", claim.metric.replace(".", "-"), text, claim.start, claim.end)
        for role, span in claim.scope:
            relation += 1
            yield f"R{relation}\t{role} Arg1:T{n} Arg2:{ids[role, span.start, span.end]}"
        if claim.kind != KINDS[0]:
            attribute += 1
            yield f"A{attribute}\tkind T{n} {claim.kind}"
        if given := filler.given(claim):
            yield f"#{n}\tAnnotatorNotes T{n}\t" + " ".join(f"{name}={value}" for name, value in given.items())


def _bound(own: str, label: str, text: str, start: int, end: int) -> str:
    """A text-bound annotation; brat parts it where a line ends."""
    pieces = [match.span() for match in _LINE.finditer(text, start, end)] or [(start, end)]
    places = ";".join(f"{first} {last}" for first, last in pieces)
    return f"{own}\t{label} {places}\t{_shown(text, pieces)}"


def _shown(text: str, pieces: Iterable[tuple[int, int]]) -> str:
    """The text of an annotation's pieces on one line; one of nothing but line breaks is blanks."""
    return " ".join(_BREAK.sub(" ", text[first:last]) for first, last in pieces)


def load(path: Path, *, metrics: Mapping[str, Metric]) -> Iterator[Extraction]:
    """The documents of a folder that have an ``.ann`` file, by name.

    Raises:
        AnnotationError: with file and line.
    """
    files = sorted(path.glob("*.ann"))
    if not files:
        raise AnnotationError(f"{path}: no .ann file in it; name a folder of a brat collection")
    for file in files:
        text = read_text(file.with_suffix(".txt"), mark=True)  # brat counts it
        with misshapen(str(file)):
            claims = _claims(file, Filler(text, metrics=metrics, where=str(file)))
        yield extraction(Document(text, file.stem), claims, where=str(file))


def _claims(file: Path, filler: Filler) -> list[Claim]:
    spans: dict[str, tuple[str, Span, str]] = {}
    ties: list[tuple[str, str]] = []
    kinds: dict[str, str] = {}
    given: dict[str, dict[str, str]] = {}
    for number, line in enumerate(read_text(file).split("\n"), 1):
        filler.where = where = f"{file}:{number}"
        words = line.split()
        if line.startswith("T"):
            match = _BOUND.fullmatch(line.rstrip("\r"))
            if not match or match[1] in spans:
                raise AnnotationError(f"{where}: no text-bound annotation, or its id stands twice: {line!r}")
            spans[match[1]] = (match[2], _span(filler, match[3], match[4]), where)
        elif line.startswith("R") and len(words) == 4:
            ties.append((words[2].partition(":")[2], words[3].partition(":")[2]))
        elif line.startswith("A") and len(words) == 4 and words[1] == "kind":
            kinds[words[2]] = words[3]
        elif line.startswith("#") and len(words) >= 3:
            pairs = (word.partition("=") for word in words[3:])
            given[words[2]] = {name: value for name, equals, value in pairs if equals}
    claims = []
    for own, (label, span, where) in spans.items():
        if label not in ROLES:
            filler.where = where
            others = [b if a == own else a for a, b in ties if own in (a, b)]
            parts = [spans[other][:2] for other in others if other in spans and spans[other][0] in ROLES]
            scope = scopes(parts, where=where, claim=span.text)
            kind = kinds.get(own, KINDS[0])
            claims.append(filler.claim(span.start, span.end, label.replace("-", "."), scope=scope, kind=kind, given=given.get(own)))
    return claims


def _span(filler: Filler, places: str, stated: str) -> Span:
    """The span from the first piece's start to the last one's end."""
    pieces = [(int(first), int(last)) for first, last in (piece.split() for piece in places.split(";"))]
    spans = [filler.span(first, last) for first, last in pieces]
    if _shown(filler.text, [(span.start, span.end) for span in spans]) != stated:
        filler.span(pieces[0][0], pieces[-1][1], stated)
    return filler.span(pieces[0][0], pieces[-1][1])
