"""A hundred and fifty passages written apart from the code, half of them with one wrong number; ``python -m training.sums`` prints the figures."""

from pathlib import Path

import pytest

import govie
from govie.claims import Claim
from govie.errors import CorpusError
from govie.formats.passages import Passage
from training.gold import gold_claims
from training.sums import FOLDER, read_cases, score

CASES = read_cases()


def test_half_of_the_passages_are_broken() -> None:
    assert len(CASES) == 150
    assert sum(case.broken is not None for case in CASES) == 75
    assert all(case.places for case in CASES if case.broken)


@pytest.mark.parametrize(("extracted", "precision", "recall", "seen"), [(False, 0.97, 0.83, 0.88), (True, 0.97, 0.8, 0.86)])
def test_what_fails_is_wrong_and_what_is_wrong_is_found(extracted: bool, precision: float, recall: float, seen: float) -> None:
    def claims_of(passage: Passage) -> list[Claim]:
        return list(govie.extract(passage.text)) if extracted else gold_claims(passage)

    made = score(CASES, claims_of)
    assert made.precision >= precision, str(made)
    assert made.recall >= recall, str(made)
    assert made.seen >= seen, str(made)


@pytest.mark.parametrize(("extracted", "recall", "seen"), [(False, 0.92, 0.97), (True, 0.88, 0.93)])
def test_other_manners_of_writing(extracted: bool, recall: float, seen: float) -> None:
    def claims_of(passage: Passage) -> list[Claim]:
        return list(govie.extract(passage.text)) if extracted else gold_claims(passage)

    made = score(read_cases(FOLDER.with_name("sums_more")), claims_of)
    assert made.alarmed == 0, str(made.errors)
    assert made.precision >= 0.97, str(made)
    assert made.recall >= recall, str(made)
    assert made.seen >= seen, str(made)


def test_a_scorer_without_claims_finds_nothing() -> None:
    made = score(CASES, lambda _: ())
    assert (made.recall, made.seen, made.alarmed) == (0, 0, 0)


def test_a_figure_that_is_no_claim_is_named(tmp_path: Path) -> None:
    for name in ("right.txt", "right.tsv", "broken.txt", "broken.tsv"):
        (tmp_path / name).write_text((FOLDER / name).read_text(encoding="utf-8").replace("734条 | 312条", "735条 | 312条"), encoding="utf-8")
    with pytest.raises(CorpusError, match="sb-001: no claim reads 735条"):
        read_cases(tmp_path)
