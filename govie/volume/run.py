"""Many files to one table of claims, in worker processes, so that whatever is killed on the way nothing is lost or doubled."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import govie
from govie.errors import ModelError, ReadError, SaveError
from govie.extractor import shipped_folder
from govie.rows import arrow_schema
from govie.volume.forms import FORMS
from govie.volume.inputs import Chunk, chunks, entries, outermost
from govie.volume.journal import Done, Failure, Journal, replacing, writing
from govie.volume.pool import Pool
from govie.volume.worker import Settings

__all__ = ["Progress", "Summary", "extract_files", "form_of"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        reports: done so far, with those of earlier runs.
        total: how many there are in all; None while they are still being counted.
        resumed: how many of them an earlier run had done.
        characters: read by this run.
        failed: reports that gave no claims because something went wrong, of earlier runs too.
        seconds: since this run began to extract.
    """

    reports: int
    total: int | None
    resumed: int
    characters: int
    failed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run has done.

    Attributes:
        output: the file with the claims.
        reports, claims: how many, with those of earlier runs that were resumed.
        resumed: how many of the reports an earlier run had done.
        characters: read by this run. seconds: taken by it.
        failed: how many reports failed.
        failures: the file that lists them, or None where there is none.
    """

    output: Path
    reports: int
    claims: int
    resumed: int
    characters: int
    seconds: float
    failed: int
    failures: Path | None


def form_of(output: Path, form: str | None = None) -> str:
    """The format of an output file: the one named, or by its suffix.

    Raises:
        SaveError: where it is not one of parquet, jsonl and csv.

    >>> form_of(Path("claims.parquet"))
    'parquet'
    """
    found = form or output.suffix.removeprefix(".").lower()
    if found not in FORMS:
        raise SaveError(f"{output}: its suffix names no format; say one of {', '.join(FORMS)} with --format")
    return found


def extract_files(
    names: Iterable[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    *,
    form: str | None = None,
    workers: int | None = None,
    model: str | os.PathLike[str] | None = None,
    min_confidence: float = 0.0,
    timeout: float = 1800.0,
    on_progress: Callable[[Progress], None] | None = None,
    on_failure: Callable[[Failure], None] | None = None,
) -> Summary:
    """The claims of all reports of files and folders as one table of :func:`govie.rows.rows`, in the order of the reports.

    Results are kept in the folder ``OUTPUT.parts`` as they come, and become ``output`` at once at the end; until then what stood there
    stays. A run that was stopped, by whatever, goes on when it is called with the same arguments. A report that fails does not stop the
    others; those that failed are listed in ``OUTPUT.failures.jsonl``, a JSON object with ``document``, ``error`` and ``detail`` a line.

    The workers are processes that are spawned: a script calls this under ``if __name__ == "__main__":``.

    Args:
        names: files and folders. A file named whose name ends in ``.jsonl``, ``.jsonl.gz`` or ``.jsonl.xz`` holds a report a line: an
            object with ``text`` and, where known, ``name``, ``publisher``, ``division`` and ``year``.
        output: the file to write.
        form: parquet, jsonl or csv; None to go by the suffix of ``output``.
        workers: processes, each with a model of its own and one thread; None for one a processor.
        model: a model folder; None for the shipped one.
        min_confidence: leave out claims with a lower confidence, 0 to 1.
        timeout: seconds after which a report is given up.
        on_progress: called about once a second or more often.
        on_failure: called once for each report that fails in this run.

    Raises:
        ReadError: where nothing is named.
        SaveError: where something cannot be written; what is done stays done.
        ModelError: where the model is missing.
        DependencyError: where Parquet is wanted and pyarrow is not installed.
        VolumeError: where the workers cannot go on.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     report, output = Path(folder, "report.txt"), Path(folder, "claims.csv")
    ...     _ = report.write_text("受理政府信息公开申请5件。", encoding="utf-8")
    ...     done = extract_files([report], output, workers=1)
    ...     output.read_text(encoding="utf-8").count("application.received")
    1
    >>> done.reports, done.claims, done.failures
    (1, 1, None)
    """
    output, began = Path(output), time.monotonic()
    form = form_of(output, form)
    if output.is_dir():
        raise SaveError(f"{output}: a folder; name a file")
    if form == "parquet":
        arrow_schema()  # says what is missing before anything is begun
    named = outermost(os.fspath(name) for name in names)
    if not named:
        raise ReadError("no file or folder is named")
    folder, failures = output.with_name(output.name + ".parts"), output.with_name(output.name + ".failures.jsonl")
    leave_out = (output, folder, failures)
    settings = Settings(folder=folder, form=form, model=None if model is None else os.fspath(model), min_confidence=min_confidence)
    with Journal(folder, _identity(settings)) as journal:
        run = _Run(journal, began, on_progress, on_failure)
        Thread(target=run.count, args=(entries(named, leave_out=leave_out),), daemon=True).start()
        todo = run.todo(chunks(entries(named, leave_out=leave_out)))
        count = workers or _processors()
        with Pool(settings, workers=count, timeout=timeout) as pool:
            for done in pool.run(todo, tick=lambda: run.say(pool.under_way)):
                run.take(done)
        run.say((0, 0))
        listed = _finish(journal, run, output, failures, form)
        return Summary(output, run.reports, run.claims, run.resumed, run.characters, time.monotonic() - began, run.failed, listed)


class _Run:
    """The sums of a run, and the order of its chunks."""

    def __init__(
        self, journal: Journal, began: float, on_progress: Callable[[Progress], None] | None, on_failure: Callable[[Failure], None] | None
    ) -> None:
        self._journal, self._began, self._on_progress, self._on_failure = journal, began, on_progress, on_failure
        self.order: list[str] = []
        self.reports = self.claims = self.characters = self.resumed = self.failed = 0
        self.total: int | None = None

    def count(self, reports: Iterable[object]) -> None:
        """Count the reports, beside the work."""
        self.total = sum(1 for _ in reports)

    def todo(self, found: Iterable[Chunk]) -> Iterator[Chunk]:
        """The chunks that no earlier run has done; what it has done is added up."""
        for chunk in found:
            self.order.append(chunk.key)
            if chunk.key in self._journal:
                done = self._journal.done(chunk.key)
                self.resumed += done.reports
                self._add(done)
            else:
                yield chunk

    def take(self, done: Done) -> None:
        """Write down a chunk."""
        self._journal.add(done)
        self.characters += done.characters
        self._add(done)
        if self._on_failure:
            for failure in done.failures:
                self._on_failure(failure)

    def say(self, under_way: tuple[int, int]) -> None:
        """Tell how far it is."""
        if self._on_progress:
            reports, characters = under_way
            seconds = time.monotonic() - self._began
            now = Progress(self.reports + reports, self.total, self.resumed, self.characters + characters, self.failed, seconds)
            self._on_progress(now)

    def _add(self, done: Done) -> None:
        self.reports += done.reports
        self.claims += done.claims
        self.failed += len(done.failures)


def _finish(journal: Journal, run: _Run, output: Path, failures: Path, form: str) -> Path | None:
    """Join the parts and list the failures, each at once; then the folder of the parts goes."""
    keys = run.order
    with writing(output):
        if run.failed:
            with replacing(failures, journal.folder / "failures.new") as file:
                file.writelines(_failed(journal.done(key)) for key in keys)
        else:
            failures.unlink(missing_ok=True)
        with replacing(output, journal.folder / "joined.new") as file:
            FORMS[form].join((journal.part(key) for key in keys if journal.done(key).size), file)
        _settle(output.parent)
    journal.remove()
    return failures if run.failed else None


def _failed(done: Done) -> bytes:
    rows = ({"document": failure.document, "error": failure.error, "detail": failure.detail} for failure in done.failures)
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return "".join(lines).encode("utf-8", "backslashreplace")


def _settle(folder: Path) -> None:
    """See to it that a renamed file's name is on disk."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _identity(settings: Settings) -> dict[str, str | float]:
    """What the results depend on beside the reports."""
    folder = shipped_folder() if settings.model is None else Path(settings.model)
    if not folder.is_dir():
        raise ModelError(f"no model folder {folder}; name one that training.export made, or none for the shipped model")
    digest = hashlib.sha256()
    for name in ("SHA256SUMS", "metrics.tsv"):
        if (folder / name).is_file():
            digest.update((folder / name).read_bytes())
    return {"govie": govie.__version__, "form": settings.form, "min_confidence": settings.min_confidence, "model": digest.hexdigest()}
