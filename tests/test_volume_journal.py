"""The journal of a run at volume, and its parts."""

from pathlib import Path

import pytest

from govie.volume import Failure
from govie.volume.journal import Done, Journal


def test_a_journal_cut_anywhere_keeps_what_came_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)  # a thousand of them take their time
    made = [Done(f"{n:024x}", n, 10 * n, 0, 0, (Failure("坏\udcff", "e", None),) * (n % 2)) for n in range(3)]
    with Journal(tmp_path / "whole", {"s": 1}) as journal:
        for done in made:
            journal.add(done)
        assert [journal.done(done.key) for done in made] == made
    data = (tmp_path / "whole" / "journal.jsonl").read_bytes()
    ends = [n + 1 for n, byte in enumerate(data) if byte == 10]
    folder = tmp_path / "cut"
    folder.mkdir()
    for cut in range(len(data) + 1):
        for tail in (b"", b"\0\0\0\n"):
            (folder / "journal.jsonl").write_bytes(data[:cut] + (tail if cut > ends[0] else b""))
            with Journal(folder, {"s": 1}) as journal:
                known = [done for done in made if done.key in journal]
                assert known == made[: max(0, sum(end <= cut for end in ends) - 1)]
                journal.add(made[-1])
                assert journal.done(made[-1].key) == made[-1]


def test_a_part_that_is_gone_or_short_is_made_again(tmp_path: Path) -> None:
    keys = [f"{n:024x}" for n in range(3)]
    with Journal(tmp_path / "j", {}) as journal:
        for key in keys:
            journal.part(key).parent.mkdir(exist_ok=True)
            journal.part(key).write_bytes(b"12345")
            journal.add(Done(key, 1, 1, 1, 5))
        journal.part(keys[0]).unlink()
        journal.part(keys[1]).write_bytes(b"123")
        (journal.part(keys[2]).parent / "x.1.new").write_bytes(b"")
    with Journal(tmp_path / "j", {}) as journal:
        assert [key in journal for key in keys] == [False, False, True]
        assert not list((tmp_path / "j").glob("*/*.new"))
