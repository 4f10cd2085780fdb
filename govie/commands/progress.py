"""How far a long run is, on standard error: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import time
from datetime import timedelta
from types import TracebackType
from typing import Any, TextIO

from govie.volume import Failure, Progress

__all__ = ["Reporter"]

_DRAWN = 0.2  # seconds between two pictures of the bar
_LOGGED = 30.0  # seconds between two lines of a log


class Reporter:
    """Shows a run's progress and its failures. A context manager.

    Args:
        err: where to.
    """

    def __init__(self, err: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        self._err, self._terminal = err, err.isatty()
        self._shown = -_DRAWN if self._terminal else time.monotonic()
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            console=Console(file=err),
            auto_refresh=False,
            transient=True,
        )
        self._task = self._bar.add_task("reports", total=None, rate="")

    def __enter__(self) -> Reporter:
        if self._terminal:  # a bar that is switched off leaves an empty line in a log, in older versions of rich
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        if self._terminal:
            self._bar.stop()

    def progress(self, now: Progress) -> None:
        """Show how far it is, unless that was done a moment ago."""
        moment = time.monotonic()
        if moment - self._shown < (_DRAWN if self._terminal else _LOGGED):
            return
        self._shown = moment
        if self._terminal:
            self._bar.update(self._task, completed=now.reports, total=now.total, rate=rates(now), refresh=True)
        else:
            total = "" if now.total is None else f" of {now.total:,}"
            print(f"govie: {now.reports:,}{total} reports  {rates(now)}", file=self._err, flush=True)

    def failure(self, failure: Failure) -> None:
        """Name a report that failed."""
        if self._terminal:
            from rich.text import Text

            self._bar.console.print(Text(f"govie: {failure.error}"), soft_wrap=True)
        else:
            print(f"govie: {failure.error}", file=self._err, flush=True)


def rates(now: Progress) -> str:
    """The rate of this run, and how long it will take at that; what an earlier run has done does not make it faster."""
    done = now.reports - now.resumed
    if not done or not now.seconds:
        return ""
    rate = done / now.seconds
    parts: list[Any] = [f"{rate:,.1f} reports/s", f"{now.characters / now.seconds:,.0f} characters/s"]
    if now.total is not None:
        parts.append(f"{timedelta(seconds=round(max(0, now.total - now.reports) / rate))} left")
    if now.failed:
        parts.append(f"{now.failed:,} failed")
    return "  ".join(parts)
