"""Every regular expression that govie compiles, where, and input that makes a bad one slow.

Run as ``python -m fuzz.regexes`` it imports all of govie, reads and checks a little, and prints what was compiled as JSON.
"""

from __future__ import annotations

import ast
import contextlib
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[2] / "govie"
FUNCTIONS = ("compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")

try:
    from re import _constants as constants  # type: ignore[attr-defined]
    from re import _parser as parser
except ImportError:  # Python 3.10
    import sre_constants as constants  # type: ignore[no-redef]
    import sre_parse as parser  # type: ignore[no-redef]


def sites() -> dict[tuple[str, int, int], str | bytes | None]:
    """File, first and last line of every call of ``re`` in govie, with its pattern where that stands there as it is."""
    found: dict[tuple[str, int, int], str | bytes | None] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)):
                continue
            if node.func.value.id == "re" and node.func.attr in FUNCTIONS:
                first = node.args[0]
                place = (str(path.relative_to(PACKAGE)), node.lineno, node.end_lineno or node.lineno)
                found[place] = first.value if isinstance(first, ast.Constant) and isinstance(first.value, (str, bytes)) else None
    return found


def uses() -> dict[tuple[str, int], set[str]]:
    """How the pattern that is compiled at a file's line is used, where a name at the top of a module holds it: search, match, fullmatch…"""
    sources = {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
    found = {}
    for path, source in sources.items():
        for call in ast.walk(ast.parse(source)):
            if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("re.") and (how := ast.unparse(call.func)[3:]) != "compile":
                found[str(path.relative_to(PACKAGE)), call.lineno] = {how}
        for node in ast.parse(source).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Call):
                name = node.targets[0].id
                others = [other for other in sources.values() if re.search(rf"import .*\b{name}\b", other)] if not name.startswith("_") else []
                calls = {call for text in (source, *others) for call in re.findall(rf"\b{name}\.(\w+)\(", text)}
                bare = re.findall(rf"\b{name}\b(?!\.\w+\()", source)
                if calls and len(bare) == 1:  # no more than its own definition
                    found[str(path.relative_to(PACKAGE)), node.value.lineno] = calls
    return found


def record() -> dict[tuple[str, int], set[tuple[Any, int]]]:
    """Where which patterns are compiled while govie is imported and used."""
    found: dict[tuple[str, int], set[tuple[Any, int]]] = {}
    compiled = re._compile  # type: ignore[attr-defined]

    def recorded(pattern: Any, flags: Any) -> Any:
        frame = sys._getframe(1)
        while frame and frame.f_globals.get("__name__", "").split(".")[0] == "re":
            frame = frame.f_back
        if frame and frame.f_code.co_filename.startswith(str(PACKAGE)):
            made = compiled(pattern, flags)
            found.setdefault((str(Path(frame.f_code.co_filename).relative_to(PACKAGE)), frame.f_lineno), set()).add((made.pattern, made.flags))
        return compiled(pattern, flags)

    re._compile = recorded  # type: ignore[attr-defined]
    try:
        _everything()
    finally:
        re._compile = compiled  # type: ignore[attr-defined]
    return found


def _everything() -> None:
    import importlib
    import inspect
    import pkgutil

    import govie

    for module in pkgutil.walk_packages(govie.__path__, "govie."):
        if "__main__" not in module.name and "integrations" not in module.name:
            with contextlib.suppress(ImportError):
                for kept in vars(importlib.import_module(module.name)).values():
                    if hasattr(kept, "cache_clear") and not inspect.signature(kept).parameters:
                        kept()  # what is made once, of data
    from fuzz.tiny import tiny

    text = (PACKAGE.parent / "tests" / "data" / "regexes.txt").read_text(encoding="utf-8")
    page = f"<html><title>2023年如皋市年报</title><body><div class=footer style='display:none'>5</div><p>{text}</p>"
    for data in (text.encode(), page.encode()):
        found = tiny().extract(govie.read(data))
        found.check(found)


def attacks(pattern: str | bytes, flags: int) -> list[tuple[str, str, str]]:
    """Prefix, what is repeated, and what spoils the match: for every repeat, sets of its characters behind what must stand before it."""
    plain = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = parser.parse(plain, flags & ~re.UNICODE if isinstance(pattern, bytes) else flags)
    found: dict[tuple[str, str, str], None] = {}
    whole = _sample(tree)
    repeats = list(_repeats(tree, ""))
    bodies = list(dict.fromkeys(body for _, some in repeats for body in some))[:10]
    for prefix, some in repeats:
        for body in some[:3]:
            found |= {(prefix, body, "\0"): None, ("", prefix + body, "\0"): None}
    for one in [*bodies, whole, whole[:-1], whole[:1]]:
        found[("", one, "\0")] = None
    found |= {("", one + other, ""): None for one in bodies[:3] for other in bodies[:3] if one != other}
    return [attack for attack in found if attack[1]][:60]


def _sample(tree: Any) -> str:
    """A string that the pattern may match, its assertions aside."""
    return "".join(_one(op, argument) for op, argument in tree)


def _one(op: Any, argument: Any) -> str:
    if op is constants.LITERAL:
        return chr(argument)
    if op is constants.NOT_LITERAL:
        return "甲" if argument != ord("甲") else "乙"
    if op is constants.IN:
        return _characters(argument)[0]
    if op is constants.ANY:
        return "甲"
    if op is constants.BRANCH:
        return max((_sample(branch) for branch in argument[1]), key=lambda text: (bool(text), -len(text)))
    if op is constants.SUBPATTERN:
        return _sample(argument[-1])
    if op in _REPEATS:
        return _sample(argument[2]) * max(1, argument[0])
    if op is constants.GROUPREF_EXISTS:
        return _sample(argument[1])
    if op is constants.ASSERT:
        return ""
    return _sample(argument) if op is getattr(constants, "ATOMIC_GROUP", None) else ""


_REPEATS = {constants.MAX_REPEAT, constants.MIN_REPEAT, getattr(constants, "POSSESSIVE_REPEAT", constants.MAX_REPEAT)}
_CLASSES = {
    constants.CATEGORY_DIGIT: "5",
    constants.CATEGORY_SPACE: " ",
    constants.CATEGORY_WORD: "a",
    constants.CATEGORY_NOT_DIGIT: "a",
    constants.CATEGORY_NOT_SPACE: "a",
    constants.CATEGORY_NOT_WORD: ",",
}


def _characters(members: Sequence[Any]) -> list[str]:
    """Some characters of a set."""
    if members[0][0] is constants.NEGATE:
        outside = re.compile("[" + "".join(_source(member) for member in members[1:]) + "]")
        return [character for character in "甲5a ,-\t\n(《" if not outside.match(character)] or ["\x01"]
    found = []
    for op, argument in members:
        found += (
            [chr(argument)] if op is constants.LITERAL else [chr(argument[0]), chr(argument[1])] if op is constants.RANGE else [_CLASSES[argument]]
        )
    return list(dict.fromkeys(found))


def _source(member: Any) -> str:
    op, argument = member
    if op is constants.LITERAL:
        return re.escape(chr(argument))
    if op is constants.RANGE:
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    return {"5": r"\d", " ": r"\s", "a": r"\w", ",": r"\W"}[_CLASSES[argument]]


def _repeats(tree: Any, prefix: str) -> Iterator[tuple[str, list[str]]]:
    """Every repeat without a small bound: what stands before it, and some of what it repeats."""
    for op, argument in tree:
        if op in _REPEATS:
            if argument[1] > 8:
                inner = list(argument[2])
                some = _characters(inner[0][1])[:6] if len(inner) == 1 and inner[0][0] is constants.IN else [_sample(inner)]
                yield prefix, [one for one in some if one]
            yield from _repeats(argument[2], prefix)
        elif op is constants.BRANCH:
            for branch in argument[1]:
                yield from _repeats(branch, prefix)
        elif op is constants.SUBPATTERN:
            yield from _repeats(argument[-1], prefix)
        elif op in (constants.ASSERT, constants.ASSERT_NOT):
            yield from _repeats(argument[1], prefix)
        elif op is constants.GROUPREF_EXISTS:
            yield from (found for part in argument[1:] if part for found in _repeats(part, prefix))
        prefix += _one(op, argument)


if __name__ == "__main__":
    rows = [[file, line, pattern if isinstance(pattern, str) else pattern.decode("latin-1"), isinstance(pattern, bytes), flags]
            for (file, line), patterns in record().items() for pattern, flags in patterns]  # fmt: skip
    print(json.dumps(rows))
