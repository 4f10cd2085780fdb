"""What a run has done, on disk: the parts of its chunks and a journal of them, so that a killed run goes on where it stopped."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from govie.errors import SaveError

try:
    import fcntl
except ImportError:  # not on Windows, where two runs on one output are not kept apart
    fcntl = None  # type: ignore[assignment]

__all__ = ["AGAIN", "Done", "Failure", "Journal", "part_path", "replacing", "writing"]

AGAIN = "make room, then give the same command again: it goes on where it stopped"


@dataclass(frozen=True, slots=True)
class Failure:
    """A report that gave no claims because something went wrong.

    Attributes:
        document: its name.
        error: what went wrong and what to do.
        detail: where in govie it went wrong, for a bug report, or None where the file is at fault.
    """

    document: str
    error: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A chunk that is done.

    Attributes:
        key: the chunk's.
        reports, characters, claims: how many were in it, the failed reports too.
        size: the bytes of its part; 0 where there is no claim and so no part.
        failures: the reports that failed, in order.
    """

    key: str
    reports: int
    characters: int
    claims: int
    size: int
    failures: tuple[Failure, ...] = field(default=())

    def line(self) -> bytes:
        """As a line of the journal."""
        row: dict[str, Any] = {"chunk": self.key, "reports": self.reports, "characters": self.characters, "claims": self.claims, "size": self.size}
        if self.failures:
            row["failures"] = [[failure.document, failure.error, failure.detail] for failure in self.failures]
        return (json.dumps(row) + "\n").encode("ascii")

    @classmethod
    def of_line(cls, line: bytes) -> Done:
        """From a line of the journal; ValueError, KeyError or TypeError where it is none."""
        row = json.loads(line)
        failures = tuple(Failure(*failure) for failure in row.get("failures", ()))
        return cls(row["chunk"], row["reports"], row["characters"], row["claims"], row["size"], failures)


class Journal:
    """The folder ``OUTPUT.parts``: one part a chunk, and ``journal.jsonl``, whose first line holds the run's settings. A context manager.

    A part is renamed to its place when it is on disk, then its line is written: a line without its part, or a line that was cut short
    by a kill, is as if the chunk had not been done.

    Args:
        folder: made where it is missing.
        settings: what the results depend on beside the files.

    Raises:
        SaveError: where the folder cannot be written, another run writes it, or it was begun with other settings.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self.folder = folder
        self._places: dict[str, int] = {}  # where a chunk's line begins
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = (folder / "lock").open("ab")
            try:
                self._hold()
                self._file = (folder / "journal.jsonl").open("a+b", buffering=0)
                try:
                    self._load(dict(settings))
                except BaseException:
                    self._file.close()
                    raise
            except BaseException:
                self._lock.close()
                raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def close(self) -> None:
        """Let go of the folder; another run may take it."""
        self._file.close()
        self._lock.close()

    def add(self, done: Done) -> None:
        """Write down that a chunk is done; returns when it is on disk.

        Raises:
            SaveError: where it cannot be written.
        """
        with writing(self.folder):
            place = self._file.seek(0, os.SEEK_END)
            line = done.line()
            try:
                if self._file.write(line) != len(line):
                    raise OSError("only half of a line could be written")
                os.fsync(self._file.fileno())
            except OSError:
                self._file.truncate(place)
                raise
        self._places[done.key] = place

    def done(self, key: str) -> Done:
        """What is written of a chunk."""
        self._file.seek(self._places[key])
        return Done.of_line(_line(self._file))

    def part(self, key: str) -> Path:
        """Where a chunk's part stands; in one of 256 folders, so that none grows large."""
        return part_path(self.folder, key)

    def remove(self) -> None:
        """Remove the folder: at once as far as a later run sees, whatever kills this one meanwhile."""
        self._file.close()
        if fcntl is None:
            self._lock.close()  # Windows moves no folder with open files
        gone = _gone(self.folder)
        shutil.rmtree(gone, ignore_errors=True)
        self.folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def _hold(self) -> None:
        if fcntl is None:
            return
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SaveError(f"{self.folder}: another run writes there; wait for it, or name another output") from None
        except OSError:  # a file system without locks
            return

    def _load(self, settings: dict[str, Any]) -> None:
        shutil.rmtree(_gone(self.folder), ignore_errors=True)
        self._file.seek(0)
        first = _line(self._file)
        if not first.endswith(b"\n"):  # a new one, or killed in its first moment
            self._file.truncate(0)
            self._file.write((json.dumps(settings) + "\n").encode("ascii"))
            os.fsync(self._file.fileno())
            return
        try:
            begun = json.loads(first)
        except ValueError:
            raise SaveError(f"{self.folder}: its journal is damaged; delete the folder, and the run begins anew") from None
        if begun != settings:
            raise SaveError(
                f"{self.folder}: this run was begun with other settings: {first.decode('ascii').strip()}, not {json.dumps(settings)}; "
                "finish it with those, name another output, or delete the folder"
            )
        place = len(first)
        with (self.folder / "journal.jsonl").open("rb") as file:
            file.seek(place)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                try:
                    done = Done.of_line(line)
                except (ValueError, KeyError, TypeError):  # a power cut may leave zeros where a line was to be
                    break
                if not done.size or _size(self.part(done.key)) == done.size:
                    self._places[done.key] = place
                place += len(line)
        self._file.truncate(place)
        for left in self.folder.glob("*/*.new"):
            left.unlink(missing_ok=True)


def part_path(folder: Path, key: str) -> Path:
    """Where the part of a chunk stands."""
    return folder / key[:2] / key


@contextmanager
def replacing(path: Path, new: Path) -> Iterator[BinaryIO]:
    """A file to be written at ``new``, which takes the place of ``path`` when all of it is on disk, and not before."""
    try:
        with new.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns an OSError into a SaveError that names the path and says how to go on."""
    try:
        yield
    except OSError as error:
        raise SaveError(f"{path}: cannot be written: {error.strerror or error}; {AGAIN}") from error


def _gone(folder: Path) -> Path:
    return folder.with_name(folder.name + ".done")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _line(file: Any) -> bytes:
    """The line at the place of an unbuffered file."""
    held = b""
    while not held.endswith(b"\n") and (more := file.read(8192)):
        end = more.find(b"\n")
        held += more if end < 0 else more[: end + 1]
    return held
