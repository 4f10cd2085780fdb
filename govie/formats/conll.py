r"""CoNLL columns in IOB2: a character a line with its tags, a blank line between sentences.

The columns are the character, the quantities by metric, and one for each scope role. A blank, a line break or a backslash is written as an
escape (``\x20``, ``\n``, ``\\``). Of two metrics on one quantity there is room for the first; which scope governs which claim there is no
room for, so claims come back without scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from govie.claims import ROLES
from govie.document import Document, Extraction
from govie.errors import AnnotationError
from govie.formats.files import read_text, write_text
from govie.formats.filling import Filler, extraction
from govie.metrics import Metric

__all__ = ["dump", "iob2", "load"]

_DOCUMENT = "-DOCSTART-"
_ENDS = "。!?;！？；\n"


def iob2(length: int, spans: Iterable[tuple[int, int, str]]) -> list[str]:
    """The IOB2 tags of so many characters; of spans that overlap, the first is tagged."""
    tags = ["O"] * length
    for start, end, label in spans:
        if all(tag == "O" for tag in tags[start:end]):
            tags[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return tags


def dump(extractions: Iterable[Extraction], path: Path, *, metrics: Mapping[str, Metric]) -> None:
    """Write one file; a document opens with a ``-DOCSTART-`` line that holds its name."""
    lines: list[str] = []
    for found in extractions:
        text = found.document.text
        columns = [iob2(len(text), [(claim.start, claim.end, claim.metric) for claim in found])]
        for role in ROLES:
            parts = {(part.start, part.end, role) for claim in found for own, part in claim.scope if own == role}
            columns.append(iob2(len(text), sorted(parts)))
        lines += [f"{_DOCUMENT}\t{_escaped(found.document.name or '')}", ""]
        for at, character in enumerate(text):
            lines.append("\t".join([_escaped(character), *(column[at] for column in columns)]))
            inside = any(column[at + 1].startswith("I-") for column in columns) if at + 1 < len(text) else False
            if character in _ENDS and not inside:
                lines.append("")
        lines.append("")
    write_text(path, "\n".join(lines))


def load(path: Path, *, metrics: Mapping[str, Metric]) -> Iterator[Extraction]:
    """The documents of a file; only its first two columns are read.

    A quantity that the number grammar does not read is left out with a warning, for there is no place for its value.

    Raises:
        AnnotationError: with file and line, where a tag breaks IOB2 or a line has no tag.
    """
    name: str | None = None
    characters: list[str] = []
    tags: list[tuple[str, int]] = []
    opened = False
    for number, line in enumerate(read_text(path).split("\n"), 1):
        cells = line.rstrip("\r").split("\t")
        if cells[0] == _DOCUMENT:
            if opened:
                yield _document(path, name, characters, tags, metrics)
            opened, name, characters, tags = True, _plain("".join(cells[1:2])) or None, [], []
        elif cells != [""]:
            if len(cells) < 2:
                raise AnnotationError(f"{path}:{number}: a character and a tag parted by a tab are wanted: {line!r}")
            opened = True
            token = _plain(cells[0])
            characters.append(token)
            tag = cells[1]
            tags += [(tag, number)] + [(f"I-{tag[2:]}" if tag != "O" else tag, number)] * (len(token) - 1)
    if opened:
        yield _document(path, name, characters, tags, metrics)


def _document(path: Path, name: str | None, characters: list[str], tags: list[tuple[str, int]], metrics: Mapping[str, Metric]) -> Extraction:
    text = "".join(characters)
    filler = Filler(text, metrics=metrics, where=str(path))
    claims = []
    for start, (tag, number) in enumerate(tags):
        filler.where = where = f"{path}:{number}"
        before = tags[start - 1][0] if start else "O"
        if tag.startswith("I-") and before[2:] != tag[2:]:
            raise AnnotationError(f"{where}: {tag} follows {before}, which IOB2 forbids; a span begins with B-")
        if tag != "O" and tag[:2] not in ("B-", "I-"):
            raise AnnotationError(f"{where}: {tag!r} is no IOB2 tag")
        if tag.startswith("B-"):
            end = start + 1
            while end < len(tags) and tags[end][0] == f"I-{tag[2:]}":
                end += 1
            claims.append(filler.told(start, end, tag[2:]))
    return extraction(Document(text, name), filter(None, claims), where=f"{path}: {name or 'document'}")


def _escaped(text: str) -> str:
    return "".join(
        c if not c.isspace() and c.isprintable() and c != "\\" else c.encode("unicode_escape").decode().replace(" ", "\\x20") for c in text
    )


def _plain(token: str) -> str:
    """Escapes undone, which stand among any other characters."""
    if "\\" not in token:
        return token
    return token.encode("ascii", "backslashreplace").decode("unicode_escape")
