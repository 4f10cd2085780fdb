"""How far a scope reaches, as cases: {role:span} and [claim|metric|what is expected of it]; and the linker's parts."""

import re
from pathlib import Path

import numpy as np
import pytest

import govie
from govie.claims import ROLES
from govie.errors import ModelError
from govie.linking.features import claim_columns
from govie.linking.linker import Linker, tasks
from govie.linking.mentions import Mention, Place
from govie.linking.page import Page

CASES = [
    ("{period:全年},{entity:县政府}受理申请[5件|application.received|全年 县政府],其中通过{channel:网络}申请的[3件|application.received|全年 县政府 网络]。", "reach within a sentence"),
    ("{period:全年}受理申请[5件|application.received|全年]。另有培训[2次|training.sessions|]。", "a full stop ends it"),
    ("{period:全年}受理申请[5件|application.received|全年]。其中[2件|application.handled|全年]已办结。", "其中 takes over"),
    ("其中,{entity:县政府}[30万元|funding.amount|县政府]、{entity:乡镇}[21万元|funding.amount|乡镇]。", "another of its kind"),
    ("{period:全年}公开{category:环保信息}[8条|disclosure.items|全年 环保信息],发文[3件|disclosure.documents|全年]。", "a category belongs to its claim"),
    ("公开{category:环保类信息}[8条|disclosure.items|环保类信息],占[12.5%|rate.other|环保类信息]。", "a share takes the category of its count"),
    ("网站开设[4个|platform.units|专栏]{category:专栏}。", "a category behind the number"),
    ("公开[60件|disclosure.items|],{category:市政府其他文件}[162件|disclosure.documents|市政府其他文件]。", "a category behind a comma is the next claim's"),
]  # fmt: skip


def read(marked: str) -> tuple[str, list[Mention], dict[str, dict[Place, float]], list[set[str]]]:
    text, spans, mentions, wanted = "", {role: {} for role in ROLES}, [], []
    for plain, role, span, claim, metric, scopes in re.findall(r"([^{}\[\]]+)|\{(\w+):([^}]*)\}|\[([^|]*)\|([^|]*)\|([^\]]*)\]", marked):
        start = len(text)
        text += plain or span or claim
        if span:
            spans[role][start, len(text)] = 1.0
        if claim:
            mentions.append(Mention(start, len(text), metric))
            wanted.append(set(scopes.split()))
    return text, mentions, spans, wanted


@pytest.fixture(scope="module")
def linker() -> Linker:
    return govie.load()._linker


@pytest.mark.parametrize(("marked", "rule"), CASES, ids=[case[1] for case in CASES])
def test_cases(marked: str, rule: str, linker: Linker) -> None:
    text, mentions, spans, wanted = read(marked)
    assert [{text[slice(*span)] for span in found.values()} for found in linker.link(text, mentions, spans)] == wanted


def test_nothing_to_link(linker: Linker) -> None:
    none: dict[str, dict[Place, float]] = {role: {} for role in ROLES}
    assert linker.link("", [], none) == []
    assert linker.link("5件", [Mention(0, 2, "other")], none) == [{}]


def test_a_metric_of_its_own_is_linked_too(linker: Linker) -> None:
    text, mentions, spans, _ = read("{period:全年},{entity:县法院}审结案件[5件|court.cases|]。")
    assert set(linker.link(text, mentions, spans)[0]) == {"period", "entity"}


def test_only_near_spans_are_candidates() -> None:
    text = "全年" + "字" * 600 + "5件"
    found = tasks(text, [Mention(602, 604, "other")], {role: {} for role in ROLES} | {"period": {(0, 2): 1.0, (600, 602): 1.0}})
    assert found["period"].spans == ((600, 602),)


@pytest.mark.parametrize(("low", "high", "commas"), [(0, 8, 2), (3, 3, 0), (5, 2, 0), (0, 3, 1)])
def test_running_counts(low: int, high: int, commas: int) -> None:
    page = Page("全,年,其中5件")
    assert page.marks("comma", np.array([low]), np.array([high])) == commas


def test_features_are_finite_at_the_borders() -> None:
    page = Page("5件")
    columns = claim_columns(page, [(0, 2)], [False])
    assert all(column.shape == (1,) and np.isfinite(column).all() for column in columns.values())
    assert len(set(columns)) == len(columns)


def test_a_missing_or_damaged_linker_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no linker"):
        Linker.load(tmp_path / "linker.npz")
    (tmp_path / "linker.npz").write_bytes(b"PK nonsense")
    with pytest.raises(ModelError, match=r"linker\.npz"):
        Linker.load(tmp_path / "linker.npz")


def test_a_linker_of_other_features_is_refused(tmp_path: Path) -> None:
    with np.load(Path(__file__).parent.parent / "models" / "shipped" / "linker.npz") as arrays:
        weights = {name: array[1:] if name == "entity.pair" else array for name, array in arrays.items()}
    np.savez(tmp_path / "linker.npz", **weights)
    with pytest.raises(ModelError, match="no linker for this version"):
        Linker.load(tmp_path / "linker.npz")
