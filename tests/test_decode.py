"""From scores to readings, on scores made by hand."""

import numpy as np
import pytest

from govie.claims import ROLES
from govie.model.decode import decode, tagged_spans
from govie.model.denial import denied_spans
from govie.model.heads import LINK_WIDTH, widths

CODES = ("application.received", "rate.completion", "rate.satisfaction")


@pytest.mark.parametrize(
    ("tags", "spans"),
    [("OBIO", [(1, 3)]), ("BIBI", [(0, 2), (2, 4)]), ("OIIO", [(1, 3)]), ("B", [(0, 1)]), ("OOO", []), ("BBI", [(0, 1), (1, 3)]), ("", [])],
)
def test_tagged_spans(tags: str, spans: list[tuple[int, int]]) -> None:
    assert tagged_spans(np.array(["OBI".index(tag) for tag in tags], dtype=np.intp)) == spans


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


def test_denied_mention_and_its_period() -> None:
    made = scores(8)
    made["metric"][5:8] = [0, 9, 0, 0]
    made["denied"][5] = [0, 9, 0]
    made["denied"][6:8] = [0, 0, 9]
    role = made["role"].reshape(8, len(ROLES), 3)
    n = ROLES.index("period")
    role[0, n], role[1, n] = [0, 9, 0], [0, 0, 9]
    link = slice(n * LINK_WIDTH, (n + 1) * LINK_WIDTH)
    made["query"][5:8, link], made["key"][0:2, link] = 1, 1
    (reading,) = decode(made, "全年未发生行政复议"[:8], [], CODES)
    assert (reading.start, reading.end, reading.denied) == (5, 8, True)
    assert reading.scopes == {"period": (0, 2)}
    made["key"][0:2, link] = -1
    (reading,) = decode(made, "全年未发生行政复议"[:8], [], CODES)
    assert reading.scopes == {}


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
