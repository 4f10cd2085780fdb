"""Worker processes, and what is done when one of them dies."""

from __future__ import annotations

import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from govie.errors import VolumeError
from govie.volume.inputs import Chunk
from govie.volume.journal import Done
from govie.volume.worker import At, Broken, Ready, Settings, Task, work

__all__ = ["Pool"]

_TRIES = 2  # how often a worker may die at a report before it is given up
_STARTS = 3  # how often one may die without a report to blame
_LOOK = 1.0  # seconds between looks at the clock


@dataclass(slots=True, eq=False)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    ready: bool = False
    fresh: bool = True
    alone: bool = False
    task: Task | None = None
    at: At = field(default_factory=lambda: At(0, 0))
    since: float = 0.0


class Pool:
    """Does chunks in worker processes. A context manager; leaving it ends the workers.

    A worker that dies takes its chunk's results with it, and nothing else: the chunk is done again by a fresh worker while no other
    works, beginning with the report at which the first one died. A report at which two have died is given up. So is one that takes
    longer than ``timeout``.

    Args:
        settings: for the workers.
        workers: how many.
        timeout: seconds that one report may take.
    """

    def __init__(self, settings: Settings, *, workers: int, timeout: float) -> None:
        self._settings, self._count, self._timeout = settings, workers, timeout
        self._context = get_context("spawn")  # forked children would share locks and threads of the parent
        self._workers: list[_Worker] = []
        self._again: deque[Task] = deque()  # chunks at which a worker has died; done one at a time
        self._deaths: dict[tuple[str, int], int] = {}
        self._blameless = 0

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.kill()  # a worker holds nothing that is not written or done again
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join()
            worker.process.close()
        self._workers.clear()

    @property
    def under_way(self) -> tuple[int, int]:
        """Reports and characters of the chunks that are not done yet."""
        busy = [worker.at for worker in self._workers if worker.task]
        return sum(at.position for at in busy), sum(at.characters for at in busy)

    def run(self, chunks: Iterator[Chunk], *, tick: Callable[[], None]) -> Iterator[Done]:
        """Do all chunks; yields what is done as it is done, in no order.

        Args:
            chunks: asked for one at a time, when a worker is free.
            tick: called whenever a worker has said something, and once a second.

        Raises:
            VolumeError: where the workers cannot go on, because there is no model, no room, or they die without a report to blame.
        """
        more = True
        while True:
            more = self._give(chunks, more=more)
            busy = [worker for worker in self._workers if worker.task]
            if not busy and not more and not self._again:
                return
            for pipe in wait([worker.pipe for worker in self._workers], _LOOK):
                worker = next(worker for worker in self._workers if worker.pipe is pipe)
                try:
                    said = worker.pipe.recv()
                except (EOFError, OSError):
                    self._bury(worker)
                    continue
                if isinstance(said, Broken):
                    raise VolumeError(said.message)
                if isinstance(said, Ready):
                    worker.ready = True
                elif isinstance(said, At):
                    worker.at, worker.since = said, time.monotonic()
                else:
                    worker.task, self._blameless = None, 0
                    yield said
            self._watch()
            tick()

    def _give(self, chunks: Iterator[Chunk], *, more: bool) -> bool:
        """Give work to whoever is free; returns whether there may be more chunks."""
        busy = [worker for worker in self._workers if worker.task]
        if self._again or any(worker.alone for worker in busy):
            if not busy:
                self._start(self._fresh(), self._again.popleft(), alone=True)
            return more
        while more and len(busy) < self._count:
            chunk = next(chunks, None)
            if chunk is None:
                return False
            worker = next((worker for worker in self._workers if not worker.task), None) or self._hire()
            self._start(worker, Task(chunk))
            busy.append(worker)
        return more

    def _fresh(self) -> _Worker:
        worker = next((worker for worker in self._workers if worker.fresh), None)
        if worker is None:
            if len(self._workers) >= self._count:
                self._dismiss(self._workers[0])
            worker = self._hire()
        return worker

    def _hire(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(theirs, self._settings), daemon=True, name="govie worker")
        process.start()
        theirs.close()  # so that the worker's death ends the pipe
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _start(self, worker: _Worker, task: Task, *, alone: bool = False) -> None:
        worker.task, worker.alone, worker.fresh, worker.at, worker.since = task, alone, False, At(0, 0), time.monotonic()
        with suppress(OSError):  # it is dead, which its pipe will say
            worker.pipe.send(task)

    def _dismiss(self, worker: _Worker) -> int | None:
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.kill()
        worker.process.join()
        code = worker.process.exitcode
        worker.process.close()
        return code

    def _watch(self) -> None:
        now = time.monotonic()
        for worker in list(self._workers):
            if worker.task and worker.ready and now - worker.since > self._timeout:
                self._bury(worker, f"given up after {self._timeout:g} seconds; raise --timeout if it is only long")

    def _bury(self, worker: _Worker, why: str | None = None) -> None:
        """A worker has died, or is killed because it took too long: its chunk is done again, with what is known of the culprit."""
        task, at, ready = worker.task, worker.at.position, worker.ready
        if why is None:
            worker.process.join(_LOOK)  # its pipe may end a little before it does; killed by us, it would look killed by others
        code = self._dismiss(worker)
        if task is None or not ready or at >= len(task.order):
            self._blameless += 1
            if self._blameless >= _STARTS:
                raise VolumeError(
                    f"a worker {_said(code)} before it could do anything, as did others; is there memory for {self._count} of them? "
                    "A program that starts them must do so under `if __name__ == '__main__':`"
                )
            if task:
                self._again.append(task)
            return
        n = task.order[at]
        place = (task.chunk.key, n)
        self._deaths[place] = self._deaths.get(place, 0) + 1
        if why is None and self._deaths[place] < _TRIES:
            self._again.append(replace(task, first=tuple({n: None, **dict.fromkeys(task.first)})))
            return
        name = task.chunk.entries[n].name
        why = why or f"its worker {_said(code)}, twice, the second time alone; is it too large for the memory, or made to crash a reader?"
        first = tuple(other for other in task.first if other != n)
        self._again.append(replace(task, first=first, given_up={**task.given_up, n: f"{name}: {why}"}))


def _said(code: int | None) -> str:
    if code is None:
        return "died"
    if code >= 0:
        return f"ended with exit status {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"
