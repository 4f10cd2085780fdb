"""Two models side by side, and an evaluation of nothing."""

from pathlib import Path

import pytest

from training.compare import compare
from training.evaluate import main as evaluate
from training.scoring import Tally


def test_the_interval_of_a_difference() -> None:
    row = {
        "start": 0,
        "end": 2,
        "text": "5件",
        "value": "5",
        "unit": "件",
        "bound": "=",
        "per": None,
        "metric": "a.b",
        "scope": {},
        "kind": "reported",
    }
    good, bad = [], []
    for n in range(40):
        for tallies, metric in ((good, "a.b"), (bad, "a.b" if n % 2 else "c.d")):
            tallies.append(Tally())
            tallies[-1].add(str(n), [row], [{**row, "metric": metric}])
    typed = compare(good, bad)["typed"]
    assert (typed["first"], typed["second"]) == (1.0, 0.5)
    assert 0.3 < typed["low"] < 0.5 < typed["high"] < 0.7
    same = compare(good, good)["typed"]
    assert (same["low"], same["high"]) == (0, 0)


def test_evaluating_nothing_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(["baseline", "--data", str(tmp_path)]) == 1
    assert "no annotated data there" in capsys.readouterr().err
