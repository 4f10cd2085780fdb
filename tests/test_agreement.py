"""The second reading's tools."""

from pathlib import Path

import pytest

from govie.errors import CorpusError
from govie.formats.passages import Passage, parse_text, read_hand
from training.agreement import bare, compare, corpus_passages, draw, report
from training.corpus import CORPORA

SOURCE = r"{p:2013年},{e:全县}收到[5件|application.received p e],发文\[2013\]8号,未发生[复议|zero review.cases p e]"


def passage(source: str) -> Passage:
    return Passage("x-001", "x", "县政府", "2013", "年度报告", *parse_text(source))


def test_bare_passages_keep_their_text(tmp_path: Path) -> None:
    given = passage(SOURCE)
    (tmp_path / "s.txt").write_text(bare([given], hand="s"), encoding="utf-8")
    [read] = read_hand(tmp_path / "s.txt")
    assert (read.id, read.text, read.claims, read.scopes) == (given.id, given.text, (), ())


def test_a_draw_is_random_and_repeatable() -> None:
    passages = [passage(SOURCE)] * 3 + [passage("共[6件|other]")] * 3
    assert draw(passages, 4, seed=2) == draw(passages, 4, seed=2)
    assert len(draw(list(range(100)), 30, seed=1)) == len(set(draw(list(range(100)), 30, seed=1))) == 30  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("second", "typed", "entity", "exact"),
    [
        (SOURCE, 1.0, 1.0, (2, 2)),
        (SOURCE.replace("application.received p e", "application.handled p e"), 0.5, 1.0, (1, 1)),
        (SOURCE.replace("application.received p e", "application.received p"), 1.0, 0.5, (1, 1)),
        (SOURCE.replace("{e:全县}", "{e:全}县"), 1.0, 1.0, (2, 0)),
    ],
)
def test_agreement_by_field(second: str, typed: float, entity: float, exact: tuple[int, int]) -> None:
    tally, counts = compare({"x-001": passage(SOURCE)}, [passage(second)])
    figures = tally.figures()
    assert figures["typed"]["f1"] == typed
    assert figures["roles"]["entity"] == entity
    assert (counts["entity"], counts["entity same"]) == exact
    assert "same span" in report(tally, counts)


def test_a_changed_text_is_named() -> None:
    with pytest.raises(CorpusError, match="x-001: its text differs"):
        compare({"x-001": passage(SOURCE)}, [passage(SOURCE + "。")])


def test_the_corpus_has_unique_ids() -> None:
    assert len(corpus_passages()) > 1000


def test_the_second_reading_is_of_the_corpus_as_it_stands() -> None:
    second = [each for path in sorted((CORPORA / "second").glob("*.txt")) for each in read_hand(path)]
    tally, _ = compare(corpus_passages(), second)
    assert len(second) == 300
    assert tally.figures()["typed"]["f1"] > 0.9
