"""A forked process reads with a session of its own, whatever its parent's threads hold at that moment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import govie
from govie.errors import ModelError

SHIPPED = Path(govie.__file__).parent.parent / "models" / "shipped"
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")

FORKS = """
import multiprocessing, threading
import govie

text = "全年,县政府共受理政府信息公开申请5件,其中通过网络渠道申请的共3件;未发生行政复议案。"
extractor = govie.load(threads=2)
wanted = extractor.extract(text).to_dicts()
assert len(wanted) == 3
done = threading.Event()

def busy():
    while not done.is_set():
        extractor.extract(text)

def child(n):
    return extractor.extract(text).to_dicts()

threads = [threading.Thread(target=busy) for _ in range(2)]
for thread in threads:
    thread.start()
with multiprocessing.get_context("fork").Pool(2, maxtasksperchild=2) as pool:
    found = pool.map_async(child, range(8), chunksize=1)
    try:
        print(found.get(100) == [wanted] * 8)
    finally:
        done.set()
for thread in threads:
    thread.join()
"""


def test_forked_processes_answer_as_their_parent() -> None:
    """In a process of its own, so that a child that waits for ever fails the test and does not stop it."""
    done = subprocess.run([sys.executable, "-c", FORKS], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "True"


def test_each_process_has_a_session_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    tagger = govie.load(threads=1)._tagger
    [own] = tagger._sessions.values()
    before = tagger.scores("受理5件")
    monkeypatch.setattr("os.getpid", lambda: -1)
    after = tagger.scores("受理5件")
    assert set(tagger._sessions) > {-1}
    assert tagger._sessions[-1] is not own
    assert all((before[name] == after[name]).all() for name in before)


def test_a_model_that_was_changed_after_the_fork_is_not_mixed_with_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "model")
    extractor = govie.load(folder, threads=1)
    (folder / "config.json").write_text((folder / "config.json").read_text(encoding="utf-8") + " ", encoding="utf-8")
    monkeypatch.setattr("os.getpid", lambda: -1)
    with pytest.raises(ModelError, match="was changed"):
        extractor.extract("受理5件")
    from govie.model.digests import seal

    seal(folder)
    with pytest.raises(ModelError, match="another than when it was loaded"):
        extractor.extract("受理5件")
