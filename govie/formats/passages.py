r"""The inline markup of the corpus: a passage as text with its scopes and claims marked.

    {p:全年},{e:县政府}共受理政府信息公开申请[5件|application.received p e],未发生[行政复议案|zero review.cases p]。

``{p:…}``
    a scope span: ``e`` entity, ``c`` channel, ``p`` period, ``k`` category, ``a`` applicant. A digit names it
    (``{e1:…}``) where the nearest span of its role is not the one meant. Spans may nest.
``[…|CODE REF …]``
    a claim: the quantity as it stands in the text, its metric code, and the scopes that govern it. A reference is a role
    letter for the nearest such span *before* the claim (``e``), with ``>`` for the nearest *after* it (``k>``), or with
    a digit for the span of that name (``e1``). Flags: ``zero`` (a denied mention, value 0), ``planned``, ``required``;
    settings: ``per=日``, ``unit=件``, ``scale=10000``. Several metrics on one quantity are parted by ``;``.
``\``
    before any of ``[ ] { } | \`` makes it plain text.

A corpus file is one *hand*: a head of ``key: value`` lines, a line ``---``, then passages, each opened by a line
``§ ID | BODY | YEAR | GENRE``. A passage's text runs to the next ``§`` line; line breaks inside it are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from govie.errors import CorpusError

ROLES = {"e": "entity", "c": "channel", "p": "period", "k": "category", "a": "applicant"}
KINDS = ("planned", "required")
SETTINGS = ("per", "unit", "scale")
_REF = re.compile(r"([ecpka])(>|\d*)")
_SCOPE_HEAD = re.compile(r"([ecpka])(\d*):")
SPECIAL = "[]{}|\\"  # what a backslash makes plain text


@dataclass(frozen=True, slots=True)
class MarkedScope:
    """A scope span of a passage: role, name (a digit string, often empty) and half-open offsets."""

    role: str
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MarkedClaim:
    """One metric stated of one quantity span, with the scope spans that govern it."""

    start: int
    end: int
    metric: str
    zero: bool
    kind: str
    settings: dict[str, str]
    scopes: dict[str, MarkedScope]


@dataclass(frozen=True, slots=True)
class Passage:
    """One annotated passage: ``text`` without markup; offsets are into it. ``line`` is where its file has it."""

    id: str
    hand: str
    body: str
    year: str
    genre: str
    text: str
    scopes: tuple[MarkedScope, ...]
    claims: tuple[MarkedClaim, ...]
    line: int = field(default=0, compare=False)


def parse_text(source: str) -> tuple[str, tuple[MarkedScope, ...], tuple[MarkedClaim, ...]]:
    """Take the markup out of ``source``.

    Returns:
        The plain text, its scope spans and its claims in text order.

    Raises:
        CorpusError: where brackets do not pair, a reference finds no span, or a claim says something unknown.
    """
    text: list[str] = []
    scopes: list[MarkedScope] = []
    raw: list[tuple[int, int, str]] = []
    open_scopes: list[tuple[str, str, int]] = []
    claim_start: int | None = None
    i = 0
    while i < len(source):
        char = source[i]
        if char == "\\":
            if i + 1 == len(source) or source[i + 1] not in SPECIAL:
                raise CorpusError(f"a backslash stands only before one of {SPECIAL}: …{source[max(0, i - 15) : i + 2]}")
            text.append(source[i + 1])
            i += 2
        elif char == "{":
            head = _SCOPE_HEAD.match(source, i + 1)
            if not head:
                raise CorpusError(f"after '{{' a role letter and ':' are wanted: {source[i : i + 15]}…")
            open_scopes.append((head[1], head[2], len(text)))
            i = head.end()
        elif char == "}":
            if not open_scopes:
                raise CorpusError(f"'}}' without '{{': …{source[max(0, i - 15) : i + 1]}")
            role, name, start = open_scopes.pop()
            if start == len(text):
                raise CorpusError(f"an empty scope: …{source[max(0, i - 15) : i + 1]}")
            scopes.append(MarkedScope(ROLES[role], name, start, len(text)))
            i += 1
        elif char == "[":
            if claim_start is not None:
                raise CorpusError(f"a claim inside a claim: {source[i : i + 15]}…")
            claim_start = len(text)
            i += 1
        elif char == "|":
            stop = source.find("]", i)
            if claim_start is None or stop < 0:
                raise CorpusError(f"'|' outside a claim, or a claim without ']': …{source[max(0, i - 15) : i + 15]}")
            if claim_start == len(text):
                raise CorpusError(f"an empty claim: …{source[max(0, i - 15) : stop + 1]}")
            raw.append((claim_start, len(text), source[i + 1 : stop]))
            claim_start = None
            i = stop + 1
        elif char == "]":
            raise CorpusError(f"']' without '[…|': …{source[max(0, i - 15) : i + 1]}")
        else:
            text.append(char)
            i += 1
    if open_scopes or claim_start is not None:
        raise CorpusError("a scope or a claim is not closed")
    scopes.sort(key=lambda scope: (scope.start, scope.end))
    claims = [_claim(start, end, spec, scopes) for start, end, body in raw for spec in body.split(";")]
    return "".join(text), tuple(scopes), tuple(claims)


def _claim(start: int, end: int, spec: str, scopes: list[MarkedScope]) -> MarkedClaim:
    metric, zero, kind = "", False, "reported"
    settings: dict[str, str] = {}
    found: dict[str, MarkedScope] = {}
    for word in spec.split():
        key, equals, value = word.partition("=")
        if equals and key in SETTINGS and value:
            settings[key] = value
        elif word == "zero":
            zero = True
        elif word in KINDS:
            kind = word
        elif ref := _REF.fullmatch(word):
            scope = find_scope(ref[1], ref[2], start, end, scopes)
            if scope is None:
                raise CorpusError(f"'{word}' in '{spec.strip()}' finds no scope span")
            if scope.role in found:
                raise CorpusError(f"two scopes of role {scope.role} in '{spec.strip()}'")
            found[scope.role] = scope
        elif not metric and re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", word):
            metric = word
        else:
            raise CorpusError(f"'{word}' in '{spec.strip()}' is no code, reference, flag or setting")
    if not metric:
        raise CorpusError(f"'{spec.strip()}' names no metric")
    return MarkedClaim(start, end, metric, zero, kind, settings, found)


def find_scope(letter: str, mark: str, start: int, end: int, scopes: Sequence[MarkedScope]) -> MarkedScope | None:
    """The span that a reference means: ``letter`` names the role; ``mark`` is empty, ``>`` or a name."""
    own = [scope for scope in scopes if scope.role == ROLES[letter]]
    if mark == ">":
        return next((scope for scope in own if scope.start >= end), None)
    if mark:
        return next((scope for scope in own if scope.name == mark), None)
    before = [scope for scope in own if scope.end <= start]
    return max(before, key=lambda scope: (scope.end, scope.end - scope.start), default=None)


def read_hand(path: Path) -> Iterator[Passage]:
    """The passages of one corpus file, in order.

    Raises:
        CorpusError: with file and line, at the first passage that cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise CorpusError(f"{path}:{line}: not UTF-8; save the whole file as UTF-8") from None
    try:
        divider = lines.index("---")
    except ValueError:
        raise CorpusError(f"{path}: no line '---' ends the head") from None
    head = dict(line.split(": ", 1) for line in lines[:divider] if ": " in line)
    starts = [n for n in range(divider + 1, len(lines)) if lines[n].startswith("§ ")]
    for n, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        fields = [field.strip() for field in lines[n][2:].split("|")]
        if len(fields) != 4:
            raise CorpusError(f"{path}:{n + 1}: '§ ID | BODY | YEAR | GENRE' is wanted")
        try:
            text, scopes, claims = parse_text("\n".join(lines[n + 1 : stop]).strip("\n"))
        except CorpusError as error:
            raise CorpusError(f"{path}:{n + 1}: {fields[0]}: {error}") from None
        yield Passage(fields[0], head.get("hand", ""), fields[1], fields[2], fields[3], text, scopes, claims, n + 1)
