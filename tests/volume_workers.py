"""Workers for the tests at volume: the real ones with a quick stand-in for the model, which does what a report tells it to.

As a program it is ``govie`` with these workers: ``python tests/volume_workers.py extract DIR --output FILE``. In its environment,
``FILE_LIMIT`` is the most bytes that a file may have, as on a full disk; ``DIE_AT`` the number of the step, of those that make something
last, before which it is killed; ``REAL`` takes the real model; ``MEMORY`` is a file for the most memory that it and a worker have taken.
"""

import json
import os
import re
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import govie
from govie.claims import Claim
from govie.document import Document, Extraction
from govie.volume import pool
from govie.volume.worker import Settings, work


class Quick:
    """Finds 5件, and dies, hangs or fails where the report says so."""

    def extract(self, document: Document, *, min_confidence: float = 0.0) -> Extraction:
        text = document.text
        if "KILL" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if once := re.search(r"ONCE (\S+)", text):
            mark = Path(once[1])
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        if "HANG" in text:
            time.sleep(3600)
        if "FAIL" in text:
            raise ValueError("what nobody thought of")
        if "SURROGATE" in text:
            text += "\ud800"
        if "SLOW" in text:
            time.sleep(0.01)
        found = re.finditer(r"([0-9]+)件", text)
        claims = (Claim(m.start(), m.end(), Decimal(m[1]), "件", "application.received", confidence=0.9, source=text) for m in found)
        note = "\ud800" if "SURROGATE" in text else None
        extraction = tuple(claims)
        if note:
            extraction = tuple(Claim(c.start, c.end, c.value, c.unit, c.metric, note=note, source=text) for c in extraction)
        return Extraction(document, extraction)


def quick(pipe: Connection, settings: Settings) -> None:
    """A worker with the stand-in."""
    govie.load = lambda *_, **__: Quick()
    work(pipe, settings)


def modelless(pipe: Connection, settings: Settings) -> None:
    """A worker that dies before it has done anything."""
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> int:
    from govie.cli import main as govie_main

    if limit := os.environ.get("FILE_LIMIT"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    if step := os.environ.get("DIE_AT"):
        die_at(int(step))
    if "REAL" not in os.environ:
        pool.work = quick
    status = govie_main()
    if memory := os.environ.get("MEMORY"):
        kib = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        Path(memory).write_text(json.dumps([round(size / 1024, 1) for size in kib]), encoding="ascii")
    return status


def die_at(step: int) -> None:
    """Be killed before the ``step``-th time that something is made to last."""
    left = iter(range(step - 1, -1, -1))

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            if next(left, -1) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **options)

        return call

    os.fsync, shutil.rmtree = counted(os.fsync), counted(shutil.rmtree)
    for name in ("replace", "rename", "unlink", "mkdir"):
        setattr(Path, name, counted(getattr(Path, name)))


if __name__ == "__main__":
    sys.exit(main())
