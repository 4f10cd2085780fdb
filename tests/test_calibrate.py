"""Calibration of confidence."""

import numpy as np

from training.calibrate import best_temperature, table


def test_the_temperature_of_an_overconfident_model_grows_with_its_logits() -> None:
    random = np.random.default_rng(0)
    right = random.integers(0, 5, 4000)
    logits = random.normal(size=(4000, 5)).astype(np.float32)
    logits[np.arange(4000), right] += 2
    calibrated = best_temperature(logits, right)
    assert 0.45 < calibrated < 0.55  # the right logits are 2 higher: a step of 1 is worth 2
    assert np.isclose(best_temperature(4 * logits, right), 4 * calibrated, rtol=0.06)


def test_the_reliability_table() -> None:
    confidence = np.array([0.95] * 100 + [0.55] * 10)
    right = np.array([True] * 95 + [False] * 5 + [True] * 5 + [False] * 5)
    shown = table(confidence, right)
    assert "0.9-1.0     100   0.950   0.950" in shown
    assert "expected calibration error 0.005" in shown
