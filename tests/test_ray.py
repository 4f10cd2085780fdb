"""Extraction with Ray Data: what a worker makes of a batch, and a cluster that loses a worker."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import govie
from govie.errors import DataError
from govie.integrations.ray import ERROR, Worker, extract
from govie.rows import arrow_schema, rows

TEXT = "全年,县政府共受理政府信息公开申请{n}件,其中通过网络渠道申请的共3件;未发生行政复议案。"
PLAIN = {"way": "text", "column": "report", "name": None, "keep": (), "model": None, "min_confidence": 0.0, "threads": 1}


def run(batch: dict[str, list[Any]], **changed: Any) -> list[dict[str, Any]]:
    table = Worker(**PLAIN | changed)(pa.table(batch))
    table.validate(full=True)
    return table.to_pylist()


def test_a_worker_gives_what_extract_gives(extractor: govie.Extractor) -> None:
    texts = [TEXT.format(n=5), "没有数字。", TEXT.format(n=123456)]
    assert run({"report": texts}) == [row | {ERROR: None} for text in texts for row in rows(extractor.extract(text))]


def test_types_do_not_depend_on_what_is_found() -> None:
    worker = Worker(**PLAIN | {"keep": ["id"]})
    some, none, bad = (worker(pa.table({"report": pa.array([t], pa.string()), "id": [1]})) for t in (TEXT.format(n=5), "", None))
    assert some.schema == none.schema == bad.schema
    assert [field.name for field in some.schema] == ["id", *arrow_schema().names, ERROR]
    assert [len(some), len(none), len(bad)] == [3, 0, 1]
    assert some.schema.field("value").type == pa.decimal128(38, 10)


def test_a_report_that_fails_is_a_row_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(TEXT.format(n=5), encoding="utf-8")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nonsense")
    paths = [str(tmp_path / name) for name in ("bad.pdf", "good.txt", "none.txt")] + [None]
    found = run({"path": paths, "id": [1, 2, 3, 4]}, way="path", column="path", name="path", keep=["id"])
    assert [row["id"] for row in found] == [1, 2, 2, 2, 3, 4]
    failed = [row for row in found if row[ERROR]]
    assert [row["document"] for row in failed] == [paths[0], paths[2], None]
    assert all(row["value"] is None and row["text"] is None for row in failed)
    assert [row[ERROR].partition(":")[0] for row in failed] == ["ReadError", "ReadError", "TextError"]
    assert {row["document"] for row in found if not row[ERROR]} == {paths[1]}


def test_bytes_are_read_as_files() -> None:
    page = "<h1>2023年如皋市政府信息公开工作年度报告</h1><p>全年共受理政府信息公开申请5件。</p>".encode("gb18030")
    found = run({"bytes": [page, b"", None], "url": ["a.html", "b", "c"]}, way="content", column="bytes", name="url")
    assert [(row["document"], row["text"], row["publisher"], row["year"]) for row in found[:1]] == [("a.html", "5件", "如皋市", 2023)]
    assert [(row["document"], bool(row[ERROR])) for row in found[1:]] == [("b", True), ("c", True)]


def test_only_what_is_sure_enough() -> None:
    assert run({"report": [TEXT.format(n=5)]}, min_confidence=1.01) == []


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(DataError, match="no column report, id; it has texts"):
        run({"texts": ["5件"]}, keep=["id"])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, TypeError, "0 of them"),
        ({"text": "a", "path": "b"}, TypeError, "2 of them"),
        ({"content": "bytes", "keep": ["id", "value", "error"]}, DataError, "value, error"),
    ],
)
def test_wrong_options_are_refused_before_anything_runs(options: dict[str, Any], error: type[Exception], message: str) -> None:
    pytest.importorskip("ray.data")
    with pytest.raises(error, match=message):
        extract(None, **options)


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Ray on this machine with room for two workers."""
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    ray = pytest.importorskip("ray")
    pytest.importorskip("ray.data")
    ray.init(num_cpus=2, include_dashboard=False, object_store_memory=200_000_000, logging_level="ERROR")
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield ray
    ray.shutdown()


def workers() -> set[int]:
    """The processes of this test's cluster that hold an extractor."""

    def parent(pid: int) -> int:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])

    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"MapWorker" in (folder / "cmdline").read_bytes() and parent(parent(int(folder.name))) == os.getpid():
                found.add(int(folder.name))
        except (OSError, ValueError):  # a process that has ended
            continue
    return found


@pytest.mark.ray
@pytest.mark.filterwarnings("default")
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(cluster: Any, extractor: govie.Extractor) -> None:
    reports = [{"id": n, "report": "\n".join(TEXT.format(n=n * 100 + line + 1) for line in range(5)) if n % 10 else None} for n in range(200)]
    dataset = cluster.data.from_items(reports, override_num_blocks=40)
    result = extract(dataset, text="report", keep=["id"], concurrency=2, batch_size=5)
    found: list[dict[str, Any]] = []
    killed, seen, out = 0, set[int](), 0
    for table in result.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
        found += table.to_pylist()
        seen |= workers()
        if not killed:
            assert len(seen) == 2
            killed, out = min(seen), len(found)
            os.kill(killed, signal.SIGKILL)
    expected = [
        {"id": report["id"]} | row | {ERROR: None} for report in reports if report["report"] for row in rows(extractor.extract(report["report"]))
    ]
    failed = [row["id"] for row in found if row[ERROR]]
    assert 0 < out < len(found) / 2, "not in the middle"
    assert sorted(failed) == [report["id"] for report in reports if not report["report"]]
    assert Counter(row["id"] for row in found if not row[ERROR]) == Counter(row["id"] for row in expected)
    key = ("id", "start", "metric")
    assert sorted((row for row in found if not row[ERROR]), key=lambda row: [row[part] for part in key]) == expected
    assert len(seen) == 3, "no worker took the place of the killed one"
