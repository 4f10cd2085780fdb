"""From scores to readings, on scores made by hand."""

import numpy as np
import pytest

from govie.claims import ROLES
from govie.model.decode import decode, role_spans
from govie.model.denial import denied_spans
from govie.model.heads import softmax, widths
from govie.model.runs import runs

CODES = ("application.received", "rate.completion", "rate.satisfaction")


RUNS = [
    ("OBIO", "受政府理", ["政府"]),
    ("OIIO", "受政府理", ["政府"]),
    ("BIBI", "政府网站", ["政府网站"]),
    ("BIIBI", "环保、土地", ["环保、", "土地"]),
    ("OBO", "受件理", ["件"]),
    ("BIOII", "政府网站群", ["政府网站群"]),
    ("OOBIIII", "12345热线", ["12345热线"]),
    ("OBIII", "受申请😀✅", ["申请"]),
    ("BIIII", "✅申请👨\u200d", ["申请"]),
    ("OB", "受😀", []),
    ("BI", "℃件", ["件"]),
    ("", "", []),
]


@pytest.mark.parametrize(("tags", "text", "spans"), RUNS, ids=[row[0] for row in RUNS])
def test_runs(tags: str, text: str, spans: list[str]) -> None:
    logits = np.array([[9.0 * (tag == mark) for mark in "OBI"] for tag in tags], dtype=np.float32).reshape(-1, 3)
    assert [text[start:end] for start, end in runs(softmax(logits), text)] == spans


def scores(length: int) -> dict[str, np.ndarray]:
    made = {name: np.zeros((length, width), dtype=np.float32) for name, width in widths(len(CODES)).items()}
    made["metric"][:, 0] = 5
    made["denied"][:, 0] = 5
    made["role"].reshape(length, len(ROLES), 3)[:, :, 0] = 5
    return made


def test_no_metric_is_no_claim() -> None:
    assert decode(scores(6), "全年共5件。", [(1, 3)], CODES) == []


def test_one_number_of_two_metrics() -> None:
    made = scores(6)
    made["metric"][1:3] = [0, 0, 9, 9]
    (reading,) = decode(made, "均100%。", [(1, 3)], CODES)
    assert [code for code, _ in reading.metrics] == ["rate.completion", "rate.satisfaction"]
    assert reading.kind == "reported"


NAMES = [
    ("攸县人民政府门户网站发布", [(0, 6)], [(5, 10)], [], [(0, 10)]),
    ("攸县人民政府门户网站发布", [(0, 5)], [(1, 10)], [], [(0, 10)]),
    ("县档案馆收存文件", [(0, 4)], [(0, 1)], [(0, 4)], []),
    ("全县村务公开栏", [(0, 3)], [(2, 7)], [(0, 3)], [(2, 7)]),
    ("市局在网站公开", [(0, 2)], [(3, 5)], [(0, 2)], [(3, 5)]),
]


@pytest.mark.parametrize(("text", "bodies", "channels", "entities", "whole"), NAMES)
def test_entity_and_channel_share_no_characters(text: str, bodies: list, channels: list, entities: list, whole: list) -> None:
    logits = np.zeros((len(text), len(ROLES), 3), dtype=np.float32)
    logits[:, :, 0] = 9
    for role, spans in (("entity", bodies), ("channel", channels)):
        for start, end in spans:
            logits[start:end, ROLES.index(role)] = [0, 0, 9]
            logits[start, ROLES.index(role)] = [0, 9, 0]
    found = role_spans({"role": logits.reshape(len(text), -1)}, text)
    assert (list(found["entity"]), list(found["channel"])) == (entities, whole)


BODIES = [
    ("某区人民政府信息公开", [(0, 4)], ["某区人民政府"]),
    ("某区人民政府信息公开", [(0, 5)], ["某区人民政府"]),
    ("某区人民政府信息公开", [(0, 2)], ["某区"]),
    ("某区人民政府办公室", [(0, 9)], ["某区人民政府办公室"]),
    ("某区人民法院和县人民检察院", [(0, 4), (7, 11)], ["某区人民法院", "县人民检察院"]),
    ("服务人民,政府办", [(2, 4)], ["人民"]),
]


@pytest.mark.parametrize(("text", "tagged", "wanted"), BODIES)
def test_a_body_does_not_end_within_its_name(text: str, tagged: list[tuple[int, int]], wanted: list[str]) -> None:
    made = scores(len(text))
    layer = made["role"].reshape(len(text), len(ROLES), 3)[:, ROLES.index("entity")]
    for start, end in tagged:
        layer[start:end] = [0, 0, 9]
        layer[start] = [0, 9, 0]
    assert [text[start:end] for start, end in role_spans(made, text)["entity"]] == wanted


SHARING = [
    ("review.cases", "litigation.cases", 2),
    ("complaint.cases", "litigation.cases", 2),
    ("application.granted", "application.partial", 2),
    ("rate.completion", "rate.other", 1),
    ("disclosure.items", "other", 1),
]


@pytest.mark.parametrize(("first", "second", "claims"), SHARING, ids=[f"{a}+{b}" for a, b, _ in SHARING])
def test_a_strong_second_guess_is_a_claim_only_where_one_number_states_both(first: str, second: str, claims: int) -> None:
    codes = (first, second)
    made = {name: np.zeros((6, width), dtype=np.float32) for name, width in widths(len(codes)).items()}
    made["metric"][:] = [0, 9, 8.9]
    (reading,) = decode(made, "全年共5件。", [(3, 5)], codes)
    assert len(reading.metrics) == claims


DENIED = [
    ("未收取检索、复制产生的费用", ["检索", "复制", "费用"], ["费用"]),
    ("未收取检索费、复制费", ["检索费", "复制费"], ["检索费", "复制费"]),
    ("未收取检索,未收取费用", ["检索", "费用"], ["检索", "费用"]),
    ("未收到的申请", ["的申请"], ["申请"]),
    ("未获通过", ["通"], []),
    ("未发生复议😀", ["复议😀"], ["复议"]),
    ("未收取检索费✅、复制费★。", ["检索费✅", "复制费★"], ["检索费", "复制费"]),
]


@pytest.mark.parametrize(("text", "tagged", "wanted"), DENIED)
def test_denied_mentions(text: str, tagged: list[str], wanted: list[str]) -> None:
    made = scores(len(text))
    for mention in tagged:
        start = text.index(mention)
        made["metric"][start : start + len(mention)] = [0, 9, 0, 0]
        made["denied"][start : start + len(mention)] = [0, 0, 9]
        made["denied"][start] = [0, 9, 0]
    assert [text[reading.start : reading.end] for reading in decode(made, text, [], CODES)] == wanted


def test_denied_mention_and_its_period() -> None:
    made = scores(8)
    made["metric"][5:8] = [0, 9, 0, 0]
    made["denied"][5] = [0, 9, 0]
    made["denied"][6:8] = [0, 0, 9]
    role = made["role"].reshape(8, len(ROLES), 3)
    n = ROLES.index("period")
    role[0, n], role[1, n] = [0, 9, 0], [0, 0, 9]
    (reading,) = decode(made, "全年未发生行政复议"[:8], [], CODES)
    assert (reading.start, reading.end, reading.denied) == (5, 8, True)
    assert role_spans(made, "全年未发生行政复")["period"].keys() == {(0, 2)}
    assert role_spans(made, "全年未发生行政复")["entity"] == {}


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("未发生行政复议、行政诉讼", ["行政复议", "行政诉讼"]),
        ("五、行政复议、行政诉讼情况", []),
        ("五、行政复议情况\n未发生行政诉讼", ["行政诉讼"]),
        ("行政复议:无", ["行政复议"]),
    ],
)
def test_only_what_is_denied(text: str, mentions: list[str]) -> None:
    logits = np.zeros((len(text), 3), dtype=np.float32)
    logits[:, 0] = 5
    for word in ("行政复议", "行政诉讼"):
        at = text.find(word)
        if at >= 0:
            logits[at : at + 4] = [0, 0, 5]
            logits[at] = logits[at + 2] = [0, 5, 0]  # a B in the middle of a word does not part it
    assert [text[start:end] for start, end in denied_spans(logits, text)] == mentions


def test_the_temperature_changes_confidence_and_nothing_else() -> None:
    made = scores(10)
    made["metric"][2:4, 1] = 8
    made["metric"][6:8, 2:4] = 8
    cold, warm = (decode(made, "受理5件,办结率9%", [(2, 4), (6, 8)], CODES, temperature=t) for t in (1.0, 3.0))
    assert [[code for code, _ in r.metrics] for r in cold] == [[code for code, _ in r.metrics] for r in warm]
    assert cold[0].metrics[0][1] > warm[0].metrics[0][1]


@pytest.mark.parametrize(
    ("shares", "text", "spans"),
    [
        ("9731", "全年受理", ["全年受"]),  # a sure core grows over what is half sure, to both sides
        ("1379", "规章信息", ["章信息"]),
        ("3333", "规章信息", []),  # nothing sure, no span
        ("93.39", "网站、电视", ["网站", "电视"]),  # not over a list's joint
    ],
)
def test_runs_grow(shares: str, text: str, spans: list[str]) -> None:
    inside = np.array([0.3 if c == "." else int(c) / 10 for c in shares])
    layer = np.stack([1 - inside, inside / 3, inside * 2 / 3], axis=1).astype(np.float32)
    assert [text[start:end] for start, end in runs(layer, text)] == spans
