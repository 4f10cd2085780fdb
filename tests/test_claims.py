"""Claims cannot contradict their text."""

import copy
import pickle
from dataclasses import FrozenInstanceError
from decimal import Decimal
from typing import Any

import pytest

from govie import Claim, Scope, Span
from govie.errors import ClaimError

SOURCE = "全年,县政府共受理申请5件,其中网上3件。"


def claim(**changes: Any) -> Claim:
    fields: dict[str, Any] = {"start": 11, "end": 13, "value": Decimal(5), "unit": "件", "metric": "application.received", "source": SOURCE}
    return Claim(**fields | changes)


def test_text_is_cut_from_the_source() -> None:
    made = claim(scope=Scope(period=Span(0, 2, source=SOURCE)))
    assert (made.text, str(made.scope.period)) == ("5件", "全年")
    assert SOURCE[made.start : made.end] == made.text


def test_round_trip() -> None:
    made = claim(scope=Scope(entity=Span(3, 6, source=SOURCE)), bound="..", high=Decimal("7.50"))
    again = Claim.from_dict(made.to_dict(), source=SOURCE)
    assert again == made
    assert again.to_dict()["high"] == "7.50"
    assert pickle.loads(pickle.dumps(made)) == copy.deepcopy(made) == made
    assert len({made, again}) == 1


def test_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        claim().value = Decimal(6)  # type: ignore[misc]


@pytest.mark.parametrize(
    "changes",
    [
        {"start": 13}, {"end": 99}, {"start": -1}, {"value": 5}, {"value": Decimal("NaN")}, {"bound": "≈"}, {"kind": "hoped"}, {"high": Decimal(9)},
        {"bound": ".."}, {"metric": ""}, {"unit": ""}, {"scope": Scope(period=Span(0, 2, source="去年"))},
    ],
    ids=str,
)  # fmt: skip
def test_contradictions_cannot_be_made(changes: dict[str, Any]) -> None:
    with pytest.raises(ClaimError):
        claim(**changes)


@pytest.mark.parametrize(
    "changes",
    [{"text": "6件"}, {"value": "five"}, {"scope": {"place": None}}, {"scope": {"period": {"start": 0, "end": 2, "text": "去年"}}}, {"unit": None}],
    ids=str,
)
def test_foreign_dicts_are_checked(changes: dict[str, Any]) -> None:
    with pytest.raises(ClaimError):
        Claim.from_dict(claim().to_dict() | changes, source=SOURCE)


def test_missing_key_is_named() -> None:
    data = claim().to_dict()
    del data["metric"]
    with pytest.raises(ClaimError, match="metric"):
        Claim.from_dict(data, source=SOURCE)


def test_total_and_note_are_told_only_where_set() -> None:
    plain, marked = claim(), claim(is_total=True, note="in doubt")
    assert not {"is_total", "note"} & set(plain.to_dict())
    assert marked.to_dict().items() >= {"is_total": True, "note": "in doubt"}.items()
    assert Claim.from_dict(marked.to_dict(), source=SOURCE) == marked
    assert (plain.is_total, plain.note) == (False, None)
