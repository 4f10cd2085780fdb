"""The project's own scoring says what the contract's scorer says."""

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from training.baseline import Baseline
from training.evaluate import iob2, layers
from training.scoring import MEASURES, Tally
from training.tables import in_table

GOLD: dict[str, Any] = {
    "start": 3, "end": 5, "text": "5件", "value": "5", "high": None, "unit": "件", "bound": "=", "per": None, "metric": "application.received",
    "scope": {"entity": None, "channel": None, "period": {"start": 0, "end": 2, "text": "全年"}, "category": None, "applicant": None}, "kind": "reported",
}  # fmt: skip


def judge(predicted: list[dict[str, Any]], gold: dict[str, Any] = GOLD) -> dict[str, Any]:
    tally = Tally()
    tally.add("t", [gold], predicted)
    return tally.figures()


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({}, "span value typed family full"),
        ({"start": 2}, "value typed family"),
        ({"unit": "条"}, "span typed family"),
        ({"metric": "application.handled"}, "span value family"),
        ({"metric": "review.cases"}, "span value"),
        ({"value": "6"}, "span"),
        ({"kind": "planned"}, "span value typed family"),
        ({"scope": {}}, "span value typed family"),
        ({"per": "月"}, "span typed family"),
    ],
    ids=str,
)
def test_measures(changes: dict[str, Any], right: str) -> None:
    figures = judge([GOLD | changes])
    assert [measure for measure in MEASURES if figures[measure]["f1"] == 1] == right.split()


def test_optional_is_neither_wanted_nor_wrong() -> None:
    assert judge([], GOLD | {"optional": True})["gold"] == 0
    assert judge([GOLD], GOLD | {"optional": True})["predicted"] == 0


def test_accepted_readings() -> None:
    gold = GOLD | {"accept_metric": ["interaction.*"], "accept": {"period": [None]}}
    figures = judge([GOLD | {"metric": "interaction.received", "scope": {}}], gold)
    assert figures["full"]["f1"] == 1


def test_same_as_the_contracts_scorer(shared: Path, tmp_path: Path) -> None:
    """Baseline claims with random damage, scored by both."""
    rng, tally = random.Random(7), Tally()
    for path in sorted((shared / "eval" / "dev").glob("*.jsonl")):
        gold = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        found = [claim.to_dict() for claim in Baseline().extract(path.with_suffix(".txt").read_text(encoding="utf-8"))]
        for row in rng.sample(gold, len(gold) // 3):
            damage = {"metric": rng.choice([row["metric"], "other"]), "unit": rng.choice([row["unit"], "条"]), "end": row["end"] + rng.choice([0, 1])}
            found.append(row | damage)
        (tmp_path / path.name).write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
        tally.add(path.stem, gold, found)
    done = subprocess.run(
        [sys.executable, str(shared / "eval" / "score.py"), str(shared / "eval" / "dev"), str(tmp_path), "--json"], capture_output=True, check=True
    )
    theirs, ours = json.loads(done.stdout), tally.figures()
    assert {**{key: ours[key] for key in theirs if key != "pred"}, "pred": ours["predicted"]} == theirs


def test_iob2_layers() -> None:
    assert iob2(len("全年受理5件"), [(4, 6, "application.received")]) == ["O", "O", "O", "O", "B-application.received", "I-application.received"]
    quantities, *roles = layers("全年,5件。", [GOLD])
    assert quantities == ["O", "O", "O", "B-application.received", "I-application.received", "O"]
    assert roles[2] == ["B-period", "I-period", "O", "O", "O", "O"]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("申请数量\n|5\n", True),
        ("5\n", True),
        (
            "本年新收政府信息公开申请数量 自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计 5 0 0 0 0 0 5 本年度办理结果 予以公开 部分公开 属于国家秘密",
            True,
        ),
        ("全年受理申请5件，同比下降", False),
        ("全年受理申请5件,同比下降", False),
        ("受理时间：全年，受理申请5", False),
        (
            "政务公开领导小组办公室在市政府的统一领导下抓好各项工作落实到位，全年累计受理依申请公开申请5件并在规定的时限内给予答复，没有发生超期答复的情况",
            False,
        ),
    ],
)
def test_a_pause_of_either_width_makes_prose(text: str, inside: bool) -> None:
    assert in_table(text, text.index("5")) is inside
