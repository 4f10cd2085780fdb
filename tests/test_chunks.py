"""Claims linked in chunks, as the windows are read: the answer is that of all at once, and the memory is not."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fuzz.tiny import SHIPPED, tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import govie
from govie.claims import ROLES
from govie.formats.passages import read_hand
from govie.linking.chunks import CHUNK, REACH
from govie.linking.linker import Linker
from govie.linking.mentions import Mention, Place, Spans

CORPUS = Path(__file__).resolve().parent.parent / "corpora" / "test"
WHOLE = 10**9  # all claims at once


@dataclass
class Record:
    """What an extractor hands to its linker, and nothing linked."""

    text: str = ""
    steps: list[tuple[Sequence[Mention], Spans, int, int | None]] = field(default_factory=list)
    _new: Any = None

    def begin(self, text: str) -> Record:
        self.text = text
        return self

    def add(self, mentions: Sequence[Mention], spans: Spans, *, core: int) -> None:
        self._new = (mentions, spans, core)

    def linked(self, upto: int) -> list[dict[str, Place]]:
        self.steps.append((*self._new, upto))
        return []

    def rest(self) -> list[dict[str, Place]]:
        self.steps.append((*self._new, None))
        return [{} for mentions, *_ in self.steps for _ in mentions]

    def replay(self, linker: Linker, size: int) -> list[dict[str, Place]]:
        chunks = linker.begin(self.text, size=size)
        found = []
        for mentions, spans, core, upto in self.steps:
            chunks.add(mentions, spans, core=core)
            found += chunks.rest() if upto is None else chunks.linked(upto)
        return found


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker.load(SHIPPED / "linker.npz")


def recorded(text: str) -> Record:
    record = Record()
    govie.Extractor(tiny()._tagger, record).extract(text)  # type: ignore[arg-type]
    return record


@pytest.fixture(scope="module")
def passages() -> list[str]:
    return [passage.text for path in sorted(CORPUS.glob("*.txt")) for passage in read_hand(path)]


def test_chunks_change_no_answer_on_dense_text(linker: Linker, passages: list[str]) -> None:
    record = recorded("\n".join(passages))
    found = record.replay(linker, CHUNK)
    assert len(found) == sum(len(mentions) for mentions, *_ in record.steps) > 2_500
    assert sum(len(scopes) for scopes in found) > 2_500
    assert found == record.replay(linker, WHOLE)


@pytest.mark.parametrize("size", [1, 7])
def test_small_chunks_change_no_answer(size: int, linker: Linker, passages: list[str]) -> None:
    record = recorded(",".join(passages[:15]).replace("。", ","))
    assert record.replay(linker, size) == record.replay(linker, WHOLE)


def test_memory_is_that_of_a_chunk(linker: Linker, passages: list[str]) -> None:
    record = recorded("\n".join(passages[: len(passages) // 4]))
    peaks = []
    for size in (CHUNK // 4, WHOLE):
        tracemalloc.start()
        record.replay(linker, size)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[0] < peaks[1] / 4


gaps = st.one_of(st.integers(0, 9), st.integers(10, 40), st.integers(REACH - 5, REACH + 5))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.lists(st.tuples(gaps, st.integers(1, 3)), min_size=1, max_size=14), st.integers(1, 5))
def test_any_layout(linker: Linker, data: st.DataObject, layout: list[tuple[int, int]], size: int) -> None:
    """Claims and spans anywhere, read in windows that begin anywhere: near and far, before and behind, missed and seen again."""
    mentions: list[Mention] = []
    end = 0
    for gap, length in layout:
        mentions.append(Mention(end + gap, end + gap + length, data.draw(st.sampled_from(["application.received", "x", "fee.amount"]))))
        end = mentions[-1].end
    text = data.draw(st.text("字,。\n其中、:()年", min_size=9, max_size=9)) * (end // 9 + 5)
    place = st.builds(lambda start, length: (start, start + length), st.integers(0, end + 30), st.integers(1, 6))
    spans = {role: dict.fromkeys(data.draw(st.lists(place, max_size=8)), 0.9) for role in ROLES}
    cores = sorted({0, *data.draw(st.lists(st.integers(0, end), max_size=4))})
    record = Record(text)
    for n, core in enumerate(cores):
        stop = cores[n + 1] if n + 1 < len(cores) else len(text)
        start = max(0, core - 20)
        seen = {role: {span: share for span, share in places.items() if start <= span[0] < stop} for role, places in spans.items()}
        following = None if stop == len(text) else max(0, stop - 20)
        record.steps.append(([mention for mention in mentions if core <= mention.start < stop], seen, core, following))
    assert record.replay(linker, size) == record.replay(linker, WHOLE)
