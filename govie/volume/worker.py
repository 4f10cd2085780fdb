"""A worker process: one model, one thread, one chunk after another."""

from __future__ import annotations

import logging
import os
import signal
import traceback
import warnings
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import govie
from govie.errors import GovieError
from govie.extractor import Extractor
from govie.volume.forms import FORMS, Form
from govie.volume.inputs import Chunk, Entry, read_entry
from govie.volume.journal import AGAIN, Done, Failure, part_path, replacing

__all__ = ["At", "Broken", "Ready", "Settings", "Task", "work"]

_DETAIL = 1_000  # characters of a traceback's end


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a worker needs to know.

    Attributes:
        folder: where the parts go.
        form: one of :data:`FORMS`.
        model: a model folder, or None for the shipped one.
        min_confidence: leaves out claims with a lower confidence.
    """

    folder: Path
    form: str
    model: str | None
    min_confidence: float


@dataclass(frozen=True, slots=True)
class Task:
    """A chunk to be done.

    Attributes:
        chunk: the chunk.
        first: reports to begin with, by their number in the chunk: those at which a worker died.
        given_up: reports that are not tried again, with what is to be said of them.
    """

    chunk: Chunk
    first: tuple[int, ...] = ()
    given_up: dict[int, str] = field(default_factory=dict)

    @property
    def order(self) -> list[int]:
        """The reports in the order in which they are done."""
        return [*self.first, *(n for n in range(len(self.chunk.entries)) if n not in self.first)]


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded."""


@dataclass(frozen=True, slots=True)
class At:
    """How far a task is: its ``position``-th report comes next, after so many characters; past the last, the part is being written."""

    position: int
    characters: int


@dataclass(frozen=True, slots=True)
class Broken:
    """Nothing more can be done: no model, no room."""

    message: str


def work(pipe: Connection, settings: Settings) -> None:
    """Take tasks from the pipe until it ends; answer with :class:`At` before each report and :class:`Done` after each task.

    When the parent dies, however it does, the pipe ends and the worker goes with it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the parent decides
    logging.getLogger().addHandler(logging.NullHandler())  # what a PDF library has to say about fonts
    warnings.simplefilter("ignore")
    try:
        try:
            extractor = govie.load(settings.model, threads=1)
            pipe.send(Ready())
            while True:
                task = pipe.recv()
                pipe.send(_do(task, extractor, settings, pipe))
        except GovieError as error:
            pipe.send(Broken(str(error)))
        except OSError as error:
            if isinstance(error, (BrokenPipeError, ConnectionResetError)):
                return
            pipe.send(Broken(f"{settings.folder}: cannot be written: {error.strerror or error}; {AGAIN}"))
    except (EOFError, OSError):
        return


def _do(task: Task, extractor: Extractor, settings: Settings, pipe: Connection) -> Done:
    form, reports = FORMS[settings.form], task.chunk.entries
    results: list[_Result] = [_Result()] * len(reports)
    characters = 0
    for position, n in enumerate(task.order):
        pipe.send(At(position, characters))
        given_up = task.given_up.get(n)
        results[n] = _Result(failure=Failure(reports[n].name, given_up)) if given_up else _extract(reports[n], extractor, form, settings)
        characters += results[n].characters
    pipe.send(At(len(reports), characters))
    size = _save(form, [result.piece for result in results if result.claims], part_path(settings.folder, task.chunk.key))
    failures = tuple(result.failure for result in results if result.failure)
    return Done(task.chunk.key, len(reports), characters, sum(result.claims for result in results), size, failures)


@dataclass(frozen=True, slots=True)
class _Result:
    piece: Any = None
    characters: int = 0
    claims: int = 0
    failure: Failure | None = None


def _extract(entry: Entry, extractor: Extractor, form: Form, settings: Settings) -> _Result:
    try:
        document = read_entry(entry)
        extraction = extractor.extract(document, min_confidence=settings.min_confidence)
        return _Result(form.piece(extraction), len(document.text), len(extraction))
    except GovieError as error:
        said = str(error)
        return _Result(failure=Failure(entry.name, said if entry.name in said else f"{entry.name}: {said}"))
    except Exception as error:  # whatever it is, the other reports are not to suffer from it
        detail = "".join(traceback.format_exception(error))[-_DETAIL:]
        said = f"{type(error).__name__}: {error}".rstrip(": ")
        return _Result(failure=Failure(entry.name, f"{entry.name}: {said}; please report it with the file", detail))


def _save(form: Form, pieces: list[Any], path: Path) -> int:
    """Write a part; returns its bytes."""
    if not pieces:
        return 0
    path.parent.mkdir(exist_ok=True)
    with replacing(path, path.with_name(f"{path.name}.{os.getpid()}.new")) as file:
        form.save(pieces, file)
    return path.stat().st_size
