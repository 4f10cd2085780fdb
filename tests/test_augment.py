"""Augmentation: whatever is swapped or spliced in, every label stays on what it was put on."""

from pathlib import Path

import numpy as np
import pytest

from govie.formats.passages import Passage, parse_text, read_hand
from govie.metrics import metrics
from training import augment as aug
from training.corpus import problems

TRAIN = Path(__file__).resolve().parent.parent / "corpora" / "train"
SOUND = ("unknown code", "overlaps", "is used by no claim", "number grammar")


def passage(source: str) -> Passage:
    return Passage("x-001", "x", "县政府", "2013", "年度报告", *parse_text(source))


def labelled(given: Passage) -> list[tuple[str, str, dict[str, str]]]:
    return [(c.metric, given.text[c.start : c.end], {role: given.text[s.start : s.end] for role, s in c.scopes.items()}) for c in given.claims]


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    hands = sorted(TRAIN.glob("*.txt"))
    return [each for hand in hands[::5] for each in list(read_hand(hand))[::4]]


@pytest.mark.parametrize(
    ("edits", "text", "entity"),
    [
        ([(0, 0, "今,")], "今,全县收到5件", "全县"),  # before the span: it moves
        ([(2, 2, "共")], "全县共收到5件", "全县"),  # at its end: outside
        ([(1, 2, "市")], "全市收到5件", "全市"),
        ([(1, 1, "\n")], "全\n县收到5件", "全\n县"),  # within
        ([(4, 5, "312"), (0, 0, "一")], "一全县收到312件", "全县"),
    ],
)
def test_offsets_move_with_the_edits(edits: list[aug.Edit], text: str, entity: str) -> None:
    changed = aug.edited(passage("{e:全县}收到[5件|application.received e]"), edits)
    assert changed.text == text
    [(_, quantity, scopes)] = labelled(changed)
    assert (quantity, scopes) == (text[-2:] if "312" not in text else "312件", {"entity": entity})


@pytest.mark.parametrize("change", [*aug.SWAPS, *aug.NOISE], ids=lambda change: change.__name__)
def test_no_change_loses_a_label(change: aug.Callable, passages: list[Passage]) -> None:
    random = np.random.default_rng(3)
    changed_some = False
    for given in passages:
        edits = change(given, random)
        assert all(a[1] <= b[0] for a, b in zip(sorted(edits), sorted(edits)[1:], strict=False)), "edits overlap"
        changed = aug.edited(given, edits)
        changed_some |= changed.text != given.text
        assert [c.metric for c in changed.claims] == [c.metric for c in given.claims]
        assert len(changed.scopes) == len(given.scopes)
    assert changed_some


def test_augmented_passages_are_sound(passages: list[Passage]) -> None:
    random, codes = np.random.default_rng(5), frozenset(metrics())
    same = 0
    for given in passages:
        before = {p for p in problems(given, codes) if any(word in p for word in SOUND)}
        changed = aug.augment(given, random)
        same += changed is given
        assert before or not [p for p in problems(changed, codes) if any(word in p for word in SOUND)], changed.text
    assert same < 0.6 * len(passages)


def test_equal_things_stay_equal() -> None:
    given = passage("{p:2013年},{e:桃源县}收到[15件|application.received p e];{e2:桃源县教育局}[15件|application.received p e2],2012年为9件")
    for seed in range(30):
        random = np.random.default_rng(seed)
        changed = given
        for swap in (aug.years, aug.places, aug.numbers):
            changed = aug.edited(changed, swap(changed, random))
        (_, first, scopes), (_, second, others) = labelled(changed)
        assert first == second
        assert others["entity"] == scopes["entity"] + "教育局"
        assert scopes["entity"] != "桃源县"
        year = int(scopes["period"][:4])
        assert f"{year - 1}年为9件" in changed.text


def test_a_level_is_swapped_only_where_it_is_alone() -> None:
    random = np.random.default_rng(0)
    assert aug.levels(passage("{e:全县}和{e2:全市}各收[5件|application.received e],[6件|application.received e2]"), random) == []
    changed = aug.edited(
        passage("{e:全县}收到[5件|application.received e],县政府办公室已答复"), aug.levels(passage("全县收到5件,县政府办公室已答复"), random)
    )
    assert "县" not in changed.text


def test_channels_stay_apart() -> None:
    given = passage("通过{c:微博}收到[5件|interaction.received c],{c:微信}收到[6件|interaction.received c]")
    for seed in range(30):
        (_, _, first), (_, _, second) = labelled(aug.edited(given, aug.channels(given, np.random.default_rng(seed))))
        assert first["channel"] != second["channel"]


def test_numbers_leave_zero_and_whole_percent_alone() -> None:
    given = passage("办结[0件|application.handled],办结率[100%|rate.completion],{k:增长}[12.5%|rate.change k],共[12345条|disclosure.items]")
    for seed in range(30):
        quantities = [text for _, text, _ in labelled(aug.edited(given, aug.numbers(given, np.random.default_rng(seed))))]
        assert quantities[:2] == ["0件", "100%"]
        assert quantities[2].endswith("%")
