"""Statutory tables: rendered in every layout with random cells and read back; damaged ones; real ones where there are any."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from govie.claims import Claim
from govie.document import Document
from govie.tables import read_tables
from govie.text import fold_table
from tests.statutory import EXACT, FORMS, OPEN, Wanted, document

CORPORA = Path(__file__).resolve().parent.parent / "corpora"


def _plain(text: object) -> str:
    return re.sub(r"[\s“”\"]", "", str(text or "").translate(fold_table())).replace("合计", "总计")


def _said(claim: Claim) -> Wanted:
    scope = claim.scope
    return Wanted(claim.value, claim.metric, *(_plain(part) for part in (scope.category, scope.channel, scope.applicant, scope.period)))


def _meant(wanted: Wanted) -> Wanted:
    return Wanted(wanted.value, wanted.metric, *(_plain(part) for part in (wanted.category, wanted.channel, wanted.applicant, wanted.period)))


def _check(source: Document, cells: Mapping[int, tuple[str, Wanted]], *, exact: bool) -> None:
    """No claim that does not say it is in doubt may be wrong; in an ``exact`` layout all cells are there and none is in doubt."""
    claims = read_tables(source).claims
    for claim in claims:
        assert source.text[claim.start : claim.end] == claim.text
        if claim.note is None:
            assert claim.start in cells, (claim, source.text)
            assert claim.text.strip() == cells[claim.start][0]
            assert _said(claim) == _meant(cells[claim.start][1]), source.text
    if exact:
        assert {claim.start for claim in claims} == set(cells), source.text
        assert all(claim.confidence == 1 for claim in claims if claim.note is None)


@pytest.mark.parametrize("layout", [*EXACT, "grid"])
@pytest.mark.parametrize("form", FORMS)
def test_every_cell_in_every_layout(form: str, layout: str) -> None:
    for seed in range(12):
        dice = random.Random(f"{form} {layout} {seed}")
        _check(*document(form, layout, dice, sums=seed % 4 > 0), exact=True)


@pytest.mark.parametrize("layout", OPEN)
@pytest.mark.parametrize("form", FORMS)
def test_no_cell_is_wrong_without_a_note(form: str, layout: str) -> None:
    for seed in range(12):
        dice = random.Random(f"{form} {layout} {seed}")
        _check(*document(form, layout, dice), exact=False)
