"""Folding keeps every offset."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.errors import TextError
from govie.text import fold

CASES = [
    ("政府信息", "政府信息"),
    ("主動公開政府資訊", "主动公开政府资讯"),
    ("２０１３年,Ａ", "2013年,A"),
    ("⼀⺠⻓⽂", "一民长文"),
    ("9.67萬(wàn)件", "9.67万件"),
    ("5個(gè)", "5个"),
    ("受理 134 件", "受理134件"),
    ("行政复议351\n件", "行政复议351件"),
    ("100\u200b条", "100条"),
    ("规章\n0\n0\n11", "规章\n0\n0\n11"),
    ("本报告由某某市人民政府办公室根据条例规\n定编制,所列数据", "本报告由某某市人民政府办公室根据条例规定编制,所列数据"),
    ("一、总体情况\n(一)主动公开", "一、总体情况\n(一)主动公开"),
]


@pytest.mark.parametrize(("text", "folded"), CASES, ids=[case[1][:12] for case in CASES])
def test_cases(text: str, folded: str) -> None:
    assert fold(text).text == folded


@settings(max_examples=1_000, deadline=None)
@given(st.text(alphabet="政府信息萬件(gè) \n\u200b1２,。⺠\u3000wàn", max_size=80))
def test_offsets_lead_back(text: str) -> None:
    folded = fold(text)
    places = [folded.source_offset(n) for n in range(len(folded.text))]
    assert places == sorted(set(places))
    assert all(0 <= place < len(text) for place in places)
    assert all(fold(text[place]).text in (folded.text[n], "") for n, place in enumerate(places))
    assert all(folded.folded_offset(place) == n for n, place in enumerate(places))


@pytest.mark.parametrize("wrong", [None, b"5", 5])
def test_only_text(wrong: object) -> None:
    with pytest.raises(TextError, match="must be a str"):
        fold(wrong)  # type: ignore[arg-type]
