"""What a run at volume reads, in which order, and how that is cut into chunks."""

import gzip
import json
import lzma
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import govie
from govie.volume.inputs import Entry, chunks, entries, outermost, read_entry


def test_files_in_order_hidden_ones_and_the_output_left_out(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/10.txt", "b.txt", "a/z/1.txt", ".git/x", "a/.x", "c.csv", "c.csv.parts/00/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    found = [
        Path(entry.name).relative_to(tmp_path).as_posix()
        for entry in entries([str(tmp_path)], leave_out=[tmp_path / "c.csv", tmp_path / "c.csv.parts"])
    ]
    assert found == ["a/z/1.txt", "b/10.txt", "b/2.txt", "b.txt"]
    names = [str(tmp_path / "b"), str(tmp_path), str(tmp_path / "b" / "2.txt"), str(tmp_path) + "/.", "none"]
    assert outermost(names) == [str(tmp_path), "none"]


def test_a_folder_that_cannot_be_looked_into_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shut").mkdir()
    (tmp_path / "z.txt").write_text("5件", encoding="utf-8")
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    shut, readable = entries([str(tmp_path)])
    assert shut.error is not None
    assert "Permission denied" in shut.error
    assert readable.error is None


def test_a_bulk_file_holds_a_report_a_line(tmp_path: Path) -> None:
    lines = [
        json.dumps({"text": "受理5件。", "name": "甲", "year": 2020, "publisher": "甲县", "division": "320682"}, ensure_ascii=False),
        "",
        '{"text": "办结6件。"}',
        "no json",
        '{"text": ""}',
        '{"text": "7件", "year": "2020"}',
        "[]",
    ]
    data = "\n".join(lines).encode()
    for name, packed in (("r.jsonl", data), ("r.jsonl.gz", gzip.compress(data)), ("r.jsonl.xz", lzma.compress(data))):
        path = tmp_path / name
        path.write_bytes(packed)
        first, second, *bad = entries([str(path)])
        document = read_entry(first)
        assert (document.text, document.name, document.year, document.publisher, document.division) == ("受理5件。", "甲", 2020, "甲县", "320682")
        assert read_entry(second).name == f"{path}:3"
        for entry, words in zip(bad, ("no JSON", "no text", "year must be a whole number", "no text"), strict=True):
            with pytest.raises(govie.GovieError, match=words):
                read_entry(entry)
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(data)[:-9])
    *_, last = entries([str(tmp_path / "cut.jsonl.gz")])
    assert last.error is not None
    assert "was not read" in last.error
    [missing] = entries([str(tmp_path / "none.jsonl")])
    assert missing.error is not None


@given(st.lists(st.text("ab甲\udcff/", min_size=1), unique=True, max_size=60), st.text("cd", min_size=1), st.randoms())
@settings(max_examples=50)
def test_chunks_hold_every_report_once_and_a_new_one_changes_few(names: list[str], new: str, randoms: random.Random) -> None:
    reports = [Entry(name, 10) for name in names]
    before = list(chunks(reports))
    assert [entry for chunk in before for entry in chunk.entries] == reports
    reports.insert(randoms.randrange(len(reports) + 1), Entry(new, 10))
    after = list(chunks(reports))
    assert len({chunk.key for chunk in before}) == len(before)
    changed = {chunk.key for chunk in after} - {chunk.key for chunk in before}
    assert 1 <= len(changed) <= 2  # itself, or both halves of the one that it parts


def test_a_large_file_makes_a_small_chunk_and_a_changed_one_is_another() -> None:
    assert [len(chunk.entries) for chunk in chunks(Entry(f"{n}", 600_000) for n in range(4))] in ([2, 2], [1, 2, 1])
    assert max(len(chunk.entries) for chunk in chunks(Entry(f"{n}") for n in range(10_000))) <= 64
    first, second, third = (next(chunks([entry])).key for entry in (Entry("a", 1, 1), Entry("a", 1, 2), Entry("a", 2, 1)))
    assert len({first, second, third}) == 3
