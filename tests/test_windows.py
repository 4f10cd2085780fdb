"""Windows hold whole sentences, lose no point and stay short enough for the model."""

from hypothesis import given, settings
from hypothesis import strategies as st

from govie.windows import CONTEXT, CORE, windows

LONGEST = 510


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 900), st.sampled_from("。\n,字")), max_size=12), st.data())
def test_every_point_is_in_one_core(pieces: list[tuple[int, str]], data: st.DataObject) -> None:
    text = "".join("字" * n + mark for n, mark in pieces)
    points = sorted(n for n in data.draw(st.sets(st.integers(0, max(0, len(text) - 1)), max_size=20)) if text and text[n] != "\n")
    found = list(windows(text, points))
    for point in points:
        assert sum(w.core <= point < w.end for w in found) == 1
    for window in found:
        assert window.start <= window.core < window.end <= len(text)
        assert window.end - window.core <= CORE
        assert window.core - window.start <= CONTEXT
        assert window.end - window.start <= LONGEST
        assert any(window.core <= point < window.end for point in points)


def test_context_is_whole_sentences() -> None:
    text = "前一句话。" * 20 + "办结5件。" + "后" * 400 + "6件"
    window = next(windows(text, [text.index("5件")]))
    assert text[window.start : window.core] == "" or text[: window.start].endswith("。") or window.start == 0


def test_no_points_no_windows() -> None:
    assert list(windows("没有数字的一句话。" * 1000, [])) == []
    assert list(windows("", [])) == []
