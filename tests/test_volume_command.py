"""The command's options for extraction at volume, and what it shows while it runs."""

import csv
import io
from pathlib import Path

import pytest

import govie
from govie.cli import main
from govie.commands.progress import Reporter, rates
from govie.rows import COLUMNS
from govie.volume import Failure, Progress


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--workers", "2"], "--workers needs a file: --output"),
        (["--format", "parquet"], "Parquet needs a file: --output"),
        (["--format", "table", "-o", "x.csv"], "a table is for the screen"),
        (["-", "-o", "x.csv"], "standard input cannot be read again"),
    ],
)
def test_options_that_do_not_go_together(args: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", "in", *args]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("args", [["--min-confidence", "1.5"], ["--workers", "0"]])
def test_options_out_of_range(args: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(["extract", "in", *args])


def test_min_confidence_on_the_screen(tmp_path: Path, extractor: govie.Extractor, report: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r.txt").write_text(report, encoding="utf-8")
    least = sorted(claim.confidence or 0 for claim in extractor.extract(report))[10]
    assert main(["extract", str(tmp_path / "r.txt"), "--format", "csv", "--min-confidence", str(least)]) == 0
    found = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert tuple(found[0]) == COLUMNS
    assert len(found) == len(extractor.extract(report)) - 10


def test_rate_and_remaining_time_leave_earlier_runs_out() -> None:
    now = Progress(reports=1200, total=11_200, resumed=1000, characters=1_000_000, failed=3, seconds=20)
    assert rates(now) == "10.0 reports/s  50,000 characters/s  0:16:40 left  3 failed"
    assert rates(Progress(1000, None, 1000, 0, 0, 0.5)) == ""


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_and_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    now = Progress(reports=50, total=200, resumed=0, characters=5000, failed=1, seconds=5)
    terminal = _Terminal()
    with Reporter(terminal) as reporter:
        reporter.progress(now)
        reporter.failure(Failure("x", "x: [bold]broken[/bold]"))
    assert "50/200" in terminal.getvalue()
    assert "10.0 reports/s  1,000 characters/s  0:00:15 left" in terminal.getvalue()
    assert "govie: x: [bold]broken[/bold]" in terminal.getvalue()
    log = io.StringIO()
    with Reporter(log) as reporter:
        reporter.progress(now)
        assert log.getvalue() == ""
        monkeypatch.setattr("govie.commands.progress._LOGGED", -1.0)
        reporter.progress(now)
        reporter.failure(Failure("x", "x: broken"))
    assert log.getvalue() == "govie: 50 of 200 reports  10.0 reports/s  1,000 characters/s  0:00:15 left  1 failed\ngovie: x: broken\n"
