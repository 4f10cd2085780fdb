"""How the commands of the training package end."""

import subprocess
import sys
from pathlib import Path

import pytest

from training.console import run

ROOT = Path(__file__).resolve().parent.parent


def test_a_reader_that_goes_ends_a_command_quietly() -> None:
    words = [sys.executable, "-m", "training.corpus", "stats", "corpora/examples/court"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()  # as `| head` does when it has enough
        assert started.stderr.read() == ""
        assert started.wait() == 0


def interrupted() -> int:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("main", "status"), [(lambda: 3, 3), (lambda: None, None), (interrupted, 130)])
def test_the_status_is_that_of_the_command(main: object, status: int | None) -> None:
    with pytest.raises(SystemExit) as ended:
        run(main)  # type: ignore[arg-type]
    assert ended.value.code == status
