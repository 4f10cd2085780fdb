"""The corpus's markup (:mod:`govie.formats.passages`): what a person can read and write in a text editor.

It holds a text, its claims with kind, scope and what the number grammar does not read by itself of unit, ``per`` and scale. It does
not hold confidences, notes, line breaks at a text's ends, or spans that cross one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from govie.claims import Claim, Span
from govie.document import Document, Extraction
from govie.errors import AnnotationError, CorpusError
from govie.formats.files import write_text
from govie.formats.filling import NONE, Filler, extraction
from govie.formats.passages import KINDS, ROLES, SPECIAL, MarkedClaim, MarkedScope, Passage, find_scope, read_hand
from govie.metrics import Metric

__all__ = ["dump", "from_passage", "load"]

_LETTERS = {role: letter for letter, role in ROLES.items()}


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    head: str
    tail: str


def dump(extractions: Iterable[Extraction], path: Path, *, metrics: Mapping[str, Metric]) -> None:
    """Write one hand: a passage a document.

    Raises:
        AnnotationError: where a text has a line that begins with ``§``, which would open a passage, or a carriage return.
    """
    parts = [f"hand: {path.stem}\n---\n"]
    for number, found in enumerate(extractions, 1):
        document = found.document
        name = _head(document.name or f"{path.stem}-{number:03}")
        if document.text.startswith("§ ") or "\n§ " in document.text:
            raise AnnotationError(f"{path}: {name}: a line begins with '§ ', which the markup takes for a new passage")
        if "\r" in document.text:
            raise AnnotationError(f"{path}: {name}: a carriage return, which editors take for a line break; write it in another format")
        head = f"§ {name} | {_head(document.publisher or '')} | {document.year or ''} | "
        parts.append(f"{head}\n{_marked(found, metrics)}\n\n")
    write_text(path, "".join(parts))


def _head(text: str) -> str:
    """A field of a passage's head, which is one line that bars part."""
    return " ".join(text.replace("|", "/").split())


def _marked(found: Extraction, metrics: Mapping[str, Metric]) -> str:
    text = found.document.text
    filler = Filler(text, metrics=metrics, where="")
    by_place: dict[tuple[int, int], list[Claim]] = defaultdict(list)
    for claim in found:
        by_place[claim.start, claim.end].append(claim)
    taken: list[tuple[int, int]] = list(by_place)
    spans: list[tuple[str, Span]] = []
    for role, span in sorted({pair for claim in found for pair in claim.scope}, key=lambda pair: (pair[1].start, -pair[1].end, pair[0])):
        if not any(_cross((span.start, span.end), other) for other in taken):
            taken.append((span.start, span.end))
            spans.append((role, span))
    scopes = sorted((MarkedScope(role, "", span.start, span.end) for role, span in spans), key=lambda scope: (scope.start, scope.end))
    names = _names(found, scopes)
    marks = [_Mark(s.start, s.end, f"{{{_LETTERS[s.role]}{names.get((s.role, s.start, s.end), '')}:", "}") for s in scopes]
    for (start, end), claims in by_place.items():
        specs = [_spec(claim, scopes, names, filler) for claim in claims]
        marks.append(_Mark(start, end, "[", f"|{'; '.join(specs)}]"))
    return _interleaved(text, marks)


def _cross(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[0] < one[1] < other[1] or other[0] < one[0] < other[1] < one[1]


def _reference(claim: Claim, role: str, span: Span, scopes: Sequence[MarkedScope]) -> str:
    """How the claim names the span without a name, or an empty string."""
    for mark in ("", ">"):
        near = find_scope(_LETTERS[role], mark, claim.start, claim.end, scopes)
        if near and (near.start, near.end) == (span.start, span.end):
            return _LETTERS[role] + mark
    return ""


def _names(found: Extraction, scopes: Sequence[MarkedScope]) -> dict[tuple[str, int, int], str]:
    names: dict[tuple[str, int, int], str] = {}
    written = {(scope.role, scope.start, scope.end) for scope in scopes}
    for claim in found:
        for role, span in claim.scope:
            key = (role, span.start, span.end)
            if key in written and not _reference(claim, role, span, scopes):
                names.setdefault(key, str(len(names) + 1))
    return names


def _spec(claim: Claim, scopes: Sequence[MarkedScope], names: Mapping[tuple[str, int, int], str], filler: Filler) -> str:
    given = filler.given(claim)
    words = [claim.metric]
    if claim.value == 0 and not filler.is_quantity(claim.start, claim.end):
        words.insert(0, "zero")
        given.pop("value", None)
    if claim.kind in KINDS:
        words.append(claim.kind)
    for role, span in claim.scope:
        name = names.get((role, span.start, span.end))
        reference = _reference(claim, role, span, scopes) or (f"{_LETTERS[role]}{name}" if name else "")
        if reference:
            words.append(reference)
    for key in ("per", "unit"):
        if key in given and given[key] != NONE and not any(c.isspace() or c in SPECIAL + ";=" for c in given[key]):
            words.append(f"{key}={given[key]}")
    if "value" in given:
        read = filler.numbers(claim.start, claim.end).get("value")
        if read:
            words.append(f"scale={(claim.value / read).normalize():f}")
    return " ".join(words)


def _interleaved(text: str, marks: Iterable[_Mark]) -> str:
    opening: dict[int, list[_Mark]] = defaultdict(list)
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        opening[mark.start].append(mark)
    out: list[str] = []
    stack: list[_Mark] = []
    for at in range(len(text) + 1):
        while stack and stack[-1].end == at:
            out.append(stack.pop().tail)
        for mark in opening[at]:
            out.append(mark.head)
            stack.append(mark)
        if at < len(text):
            out.append("\\" + text[at] if text[at] in SPECIAL else text[at])
    return "".join(out)


def load(path: Path, *, metrics: Mapping[str, Metric]) -> Iterator[Extraction]:
    """The passages of a hand, or of all ``.txt`` hands of a folder, as documents."""
    for file in sorted(path.glob("*.txt")) if path.is_dir() else [path]:
        try:
            for passage in read_hand(file):
                yield from_passage(passage, where=f"{file}:{passage.line}: {passage.id}", metrics=metrics)
        except (CorpusError, OSError) as error:
            raise AnnotationError(str(error)) from error


def from_passage(passage: Passage, *, where: str, metrics: Mapping[str, Metric]) -> Extraction:
    """A passage as a document with its claims.

    Raises:
        AnnotationError: where a code is unknown, or a quantity is none to the number grammar.
    """
    filler = Filler(passage.text, metrics=metrics, where=where)
    document = Document(passage.text, passage.id, publisher=passage.body or None, year=int(passage.year) if passage.year.isdecimal() else None)
    return extraction(document, [_claim(filler, claim) for claim in passage.claims], where=where)


def _claim(filler: Filler, marked: MarkedClaim) -> Claim:
    given = {key: value for key, value in marked.settings.items() if key in ("per", "unit")}
    if marked.zero:
        given["value"] = "0"
    elif "scale" in marked.settings:
        scale = Decimal(marked.settings["scale"])
        given |= {name: format(read * scale, "f") for name, read in filler.numbers(marked.start, marked.end).items()}
    scope = {role: Span(part.start, part.end, source=filler.text) for role, part in marked.scopes.items()}
    return filler.claim(marked.start, marked.end, marked.metric, scope=scope, kind=marked.kind, given=given)
