"""No regular expression of govie takes more than linear time: each is run on what would make a bad one slow."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fuzz.regexes import attacks, sites, uses

from govie.resources import data_toml

# Patterns that are only ever run on short strings, and how short: where the code cuts them.
SHORT: Mapping[str, int] = {
    "readers/masthead.py": 1_000,  # lines of a head and titles; of the text no more than its head and its end
    "readers/titles.py": 1_000,
    "readers/years.py": 1_000,
    "readers/encoding.py": 4_096,
    "tables/labels.py": 12,
    "divisions.py": 20,  # names of the package's own data
    "distributive.py": 48,
    "extractor.py": 10,
    "checks/": 400,  # a sentence's stretch between two figures
    "data/checks.toml": 400,
}
QUICK = 0.15  # seconds that none of these needs
SMALL, LARGE = 1_000, 4_000
NOTICED, GROWTH = 0.004, 7  # seconds that a linear pattern does not need for LARGE characters; quadratic growth would be 16
Known = tuple[str | bytes, int]


@pytest.fixture(scope="module")
def patterns() -> dict[Known, str]:
    """Every pattern and where it stands: those written out in the source, and those that are made of data, as they were compiled."""
    command = [sys.executable, "-m", "fuzz.regexes"]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
    made = [
        (file, line, pattern.encode("latin-1") if is_bytes else pattern, flags) for file, line, pattern, is_bytes, flags in json.loads(done.stdout)
    ]
    known: dict[Known, str] = {(pattern, 0): f"{file}:{line}" for (file, line, _), pattern in sites().items() if pattern is not None}
    known |= {(pattern, flags & ~re.UNICODE): f"{file}:{line}" for file, line, pattern, flags in made}
    known |= {(word, 0): f"data/checks.toml: {word}" for word in _strings(data_toml("checks.toml"))}  # the checks join them where they need them
    for (file, first, last), pattern in sites().items():
        seen = pattern is not None or file.startswith("checks/") or any(own == file and first <= line <= last for own, line, _, _ in made)
        assert seen, f"{file}:{first}: a pattern made of data that fuzz.regexes does not meet; let it do what compiles it"
    return known


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield re.escape(node) if node.count("(") != node.count(")") else node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _strings(each)


def cost(pattern: Any, text: str | bytes, how: str) -> float:
    start = time.process_time()
    if how in ("match", "fullmatch"):
        getattr(pattern, how)(text)
    else:
        for _ in pattern.finditer(text):
            pass
    return time.process_time() - start


def texts(pattern: Any, *sizes: int) -> Iterator[tuple[list[Any], str]]:
    """What the pattern is tried on, each in several sizes, and how it is made."""
    for prefix, body, end in attacks(pattern.pattern, pattern.flags):
        made: list[Any] = [prefix + body * (size // len(body)) + end for size in sizes]
        yield (
            [text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text for text in made],
            f"{prefix[-20:]!r} {body[:20]!r} {end!r}",
        )


def fault(pattern: Any, hows: set[str], short: int | None = None) -> str | None:
    """What is wrong with a pattern that is used so, on texts no longer than ``short``; None where nothing is."""
    hows = {how if how in ("match", "fullmatch") else "search" for how in hows}
    for (small, large), made in texts(pattern, (short or LARGE) // 4, short or LARGE):
        for how in hows:
            spent = cost(pattern, large, how)
            if short is not None:
                if spent > QUICK and min(cost(pattern, large, how) for _ in range(2)) > QUICK:
                    return f"{how} takes {spent:.2f} s for {short} characters: {made}"
            elif spent > NOTICED:
                few, many = (min(cost(pattern, text, how) for _ in range(7)) for text in (small, large))
                if many > NOTICED and many > GROWTH * few:
                    return f"{how} takes {few * 1000:.1f} ms, then {many * 1000:.1f} ms for four times as much: {made}"
    return None


def test_every_pattern_is_linear(patterns: dict[Known, str]) -> None:
    assert len(patterns) > 150
    used = uses()
    found = []
    for (source, flags), place in patterns.items():
        file, _, line = place.partition(":")
        short = next((size for start, size in SHORT.items() if file.startswith(start)), None)
        hows = used.get((file, int(line)), {"search"}) if line.isdigit() else {"search"}
        if wrong := fault(re.compile(source, flags), hows, short):
            found.append(f"{place} {source!r:.80}: {wrong}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("bad", [r"a*b", r"[0-9]{6,}(?=@)", r"\s+$", r".*=.*;"])
def test_a_bad_pattern_is_found(bad: str) -> None:
    assert fault(re.compile(bad), {"search"})
