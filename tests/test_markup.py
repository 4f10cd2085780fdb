"""The corpus markup and its checker."""

from pathlib import Path

import pytest

from govie.errors import CorpusError
from govie.formats.passages import parse_text, read_hand
from govie.metrics import metrics
from training.corpus import CORPORA, SPLITS, check, corpus_files, problems, stats
from training.gold import gold_claims

GOOD = """hand: t01
brief: a test
---
§ t01-001 | 县政府 | 2012 | 年度报告
一、概述
{p:全年},{e:县政府}共受理政府信息公开申请[5件|application.received p e],其中通过{c:网络渠道}申请的[3件|application.received p e c]。

§ t01-002 | 县政府 | 2012 | 年度报告
{p:2012年},未发生[行政复议案|zero review.cases p];开设[4个|platform.units p k>]{k:专栏},查阅人次达[1.5万|reading.visits unit=人次 p],每月编印[2期|gazette.issues p]。
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "t01.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_hand_is_read(tmp_path: Path) -> None:
    first, second = read_hand(write(tmp_path, GOOD))
    assert first.text.startswith("一、概述\n全年,县政府共受理")
    assert (first.id, first.hand, first.body, first.year, first.genre) == ("t01-001", "t01", "县政府", "2012", "年度报告")
    claims = gold_claims(first) + gold_claims(second)
    texts = {claim.text: claim for claim in claims}
    assert {role: part.text for role, part in texts["3件"].scope} == {"entity": "县政府", "channel": "网络渠道", "period": "全年"}
    assert str(texts["4个"].scope.category) == "专栏"
    assert (texts["1.5万"].unit, texts["1.5万"].value) == ("人次", 15000)
    assert (texts["行政复议案"].value, texts["行政复议案"].unit) == (0, "起")
    assert texts["2期"].per == "月"
    assert check([tmp_path / "t01.txt"]) == []
    assert "passages" in stats([tmp_path])


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("受理[5件|application.received", "without"),
        ("受理5件]", "without"),
        ("{全年}受理", "role letter"),
        ("{p:全年受理[5件|application.received p]", "not closed"),
        ("}受理", "without"),
        ("{p:}受理", "empty scope"),
        ("[|application.received]", "empty claim"),
        ("受理[5件|application.received p]", "no scope span"),
        ("受理[5件|p5]", "no scope span"),
        ("受理[5件|]", "names no metric"),
        ("受理[5件|application.received very]", "no code"),
        ("{p:全年}{p1:今年}[5件|application.received p p1]", "two scopes"),
        ("受理[5件[6件|a]|b]", "inside a claim"),
        ("\\受理", "backslash"),
    ],
)
def test_broken_markup_is_named(source: str, says: str) -> None:
    with pytest.raises(CorpusError, match=says):
        parse_text(source)


def test_escapes_are_plain_text() -> None:
    assert parse_text(r"\[2013\]\{\}\|\\")[0] == r"[2013]{}|" + "\\"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("全年共受理有关的公开申请[5件|application.recieved]。", "unknown code"),
        ("全年共受理有关的公开申请[共5件|application.received]。", "outside"),
        ("全年共受理有关的公开[5件申请|application.received]。", "no quantity|noun"),
        ("全年共未发生有关的[复议|review.cases]。", "zero"),
        ("全年{p:今年}共受理有关的申请[5件|application.received]。", "used by no claim"),
        ("全年共受理有关的公开申请[5件 |application.received]。", "blanks"),
        ("短[5件|application.received]", "characters"),
        ("全年共受理有关的公开申请约[5件|application.received]。", "approximator|finds"),
    ],
)
def test_the_checker_finds(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path, f"hand: t01\n---\n§ t01-001 | 县 | 2012 | 年报\n{text}\n")
    (passage,) = read_hand(path)
    import re

    assert any(re.search(says, problem) for problem in problems(passage, frozenset(metrics())))


def test_duplicates_are_found(tmp_path: Path) -> None:
    assert any("the same as" in problem for problem in check([write(tmp_path, GOOD + GOOD.split("---\n")[1])]))


def test_file_errors_have_a_line(tmp_path: Path) -> None:
    (problem,) = check([write(tmp_path, "hand: t01\n---\n§ t01-001 | 县\n正文\n")])
    assert "t01.txt:3" in problem
    (problem,) = check([write(tmp_path, "no head")])
    assert "---" in problem


def test_the_corpus_is_clean_and_split_by_hand() -> None:
    assert check([]) == []
    hands = [{passage.hand for path in corpus_files([CORPORA / split]) for passage in read_hand(path)} for split in SPLITS]
    assert all(hands)
    assert len(set().union(*hands)) == sum(map(len, hands))
