"""The same text gives the same claims, whatever stands beside it, however many threads read it, and however its ends and line breaks are written."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import govie
from govie.denials import find_denials
from govie.model.vocabulary import CLS, SEP
from govie.parallel import in_order
from govie.profiling import Profile

SENTENCES = (
    "2013年,全市主动公开政府信息22000余条,其中网站公开14.5万条。",
    "全年受理政府信息公开申请5件,均按时办结,办结率100%。",
    "未发生行政复议案和行政诉讼案。",
    "召开新闻发布会3次,政务微博发布信息1,234条。",
    "各单位不断提高工作水平,深入推进政务公开。",
    "查阅点共接待查阅人次达1.5万,投入经费120万元。",
    "(二)依申请公开情况。",
    "我局无收费情况,没有收取任何费用。",
)


def rows(extraction: govie.Extraction) -> list[dict[str, Any]]:
    return extraction.to_dicts()


def shape(extraction: govie.Extraction, moved: list[int] | None = None) -> list[tuple[Any, ...]]:
    """Claims without texts, their offsets taken through ``moved``."""
    at = (lambda n: n) if moved is None else moved.__getitem__
    return [
        (
            at(claim.start), at(claim.end), claim.value, claim.unit, claim.bound, claim.metric, claim.kind, claim.confidence,
            tuple((role, at(span.start), at(span.end)) if span else None for role, span in claim.scope),
        )
        for claim in extraction
    ]  # fmt: skip


@pytest.fixture(scope="module")
def single() -> govie.Extractor:
    return govie.load(threads=1)


@pytest.fixture(scope="module")
def several() -> govie.Extractor:
    return govie.load(threads=4)


texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8).map("\n".join)
few = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(st.lists(texts, min_size=2, max_size=6), st.randoms())
def test_neighbours_and_order_change_nothing(single: govie.Extractor, several: govie.Extractor, batch: list[str], random: Any) -> None:
    alone = {text: rows(single.extract(text)) for text in batch}
    random.shuffle(batch)
    for extractor in (single, several):
        assert [rows(found) for found in extractor.extract_batch(batch)] == [alone[text] for text in batch]


def test_threads_change_nothing(single: govie.Extractor, several: govie.Extractor, report: str) -> None:
    text = report * 4
    assert rows(several.extract(text)) == rows(single.extract(text))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(several.extract, [text, report] * 4))
    assert all(rows(one) == rows(single.extract(whole)) for one, whole in zip(found, [text, report] * 4, strict=True))


def test_a_window_is_read_by_itself(single: govie.Extractor) -> None:
    """Scores are the same to the last bit, whatever the session has read before: nothing is padded and nothing kept."""
    first, other = SENTENCES[0], "".join(SENTENCES)
    before = single._tagger.scores(first)
    single._tagger.scores(other)
    assert all((single._tagger.scores(first)[name] == scores).all() for name, scores in before.items())


def test_padding_would_change_scores(single: govie.Extractor) -> None:
    """Why windows are never padded to a common length: the test above would not hold with it."""
    ids = single._tagger.vocabulary.encode(SENTENCES[0])
    plain = single._tagger.run(np.concatenate([[CLS], ids, [SEP]])[None])[0][0, 1 : len(ids) + 1]
    padded = single._tagger.run(np.concatenate([[CLS], ids, [SEP], [0] * 40])[None])[0][0, 1 : len(ids) + 1]
    assert np.abs(plain - padded).max() > 1e-3


@few
@given(texts, st.text(alphabet=" \n\t\u3000", max_size=5), st.text(alphabet=" \n\t\u3000", max_size=5))
def test_blanks_at_the_ends(single: govie.Extractor, text: str, before: str, after: str) -> None:
    moved = [n + len(before) for n in range(len(text) + 1)]
    assert shape(single.extract(before + text + after)) == shape(single.extract(text), moved)


@few
@given(texts)
def test_windows_line_breaks(single: govie.Extractor, text: str) -> None:
    moved, at = [], 0
    for character in text:
        moved.append(at)
        at += 2 if character == "\n" else 1
    moved.append(at)
    assert shape(single.extract(text.replace("\n", "\r\n"))) == shape(single.extract(text), moved)


def test_time_is_linear_and_the_model_reads_no_more_than_it_must(single: govie.Extractor) -> None:
    quiet = "各单位不断提高工作水平,深入推进政务公开,不得违反规定。" * 2_000
    profile = Profile()
    found = single.extract(quiet + SENTENCES[1] + quiet, profile=profile)
    assert {claim.text for claim in found} == {"5件", "100%"}
    assert profile.windows == 1
    assert profile.read < 500
    assert profile.characters == 2 * len(quiet) + len(SENTENCES[1])


def test_a_profile_has_every_stage(single: govie.Extractor, report: str) -> None:
    profile = Profile()
    assert single.extract(report, profile=profile) == single.extract(report)
    assert all(seconds > 0 for seconds in profile.seconds.values())
    assert "characters a second" in (Profile.table.__doc__ or "")
    assert profile.table().splitlines()[-1].startswith(f"{len(report):,} characters")


def test_in_order_stays_a_little_ahead() -> None:
    taken: list[int] = []

    def source() -> Iterator[int]:
        for n in range(1_000):
            taken.append(n)
            yield n

    results = in_order(str, source(), threads=2)
    assert [next(results) for _ in range(10)] == [str(n) for n in range(10)]
    assert len(taken) < 20


def test_in_order_raises_at_the_items_turn_and_leaves_no_thread() -> None:
    before = threading.active_count()
    results = in_order(lambda n: 1 // n, [2, 1, 0, 3], threads=2)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("全年未发生行政复议案", [2]),
        ("未来不断提高,不得收费", []),
        ("行政复议:无。", [5]),
        ("无障碍设施", []),
        ("免费发放,免除责任", [0]),
        ("零售业和一百零五", []),
        ("不收费,不存在问题,不动产", [0, 4]),
        ("没有收到,没收违法所得", [0]),
    ],
)
def test_words_of_denial(text: str, places: list[int]) -> None:
    assert find_denials(text) == places


def test_the_command_prints_a_profile(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from govie.cli import main

    (tmp_path / "a.txt").write_text(SENTENCES[0], encoding="utf-8")
    assert main(["extract", str(tmp_path / "a.txt"), "--format", "jsonl", "--profile"]) == 0
    table = capsys.readouterr().err
    assert all(stage in table for stage in Profile().seconds)
