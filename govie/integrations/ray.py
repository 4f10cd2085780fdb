"""Extraction on many machines with Ray Data: a dataset of reports in, a dataset of claims out.

>>> import ray, govie.integrations.ray  # doctest: +SKIP
>>> reports = ray.data.read_binary_files("s3://reports/2023/", include_paths=True)  # doctest: +SKIP
>>> claims = govie.integrations.ray.extract(reports, content="bytes", name="path")  # doctest: +SKIP
>>> claims.write_parquet("s3://claims/2023/")  # doctest: +SKIP

Ray keeps one loaded model a worker, hands the reports out in batches, starts a worker that has died anew and repeats the batch that it
had in hand. govie must be installed on every machine; how many machines a job wants stands in ``docs/volume.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govie.document import Document
from govie.errors import DataError, DependencyError, TextError
from govie.extractor import load
from govie.readers import read
from govie.rows import COLUMNS, arrow_schema, arrow_table, rows

if TYPE_CHECKING:
    import pyarrow as pa
    from ray.data import Dataset

__all__ = ["ERROR", "Worker", "extract"]

ERROR = "error"


def extract(
    dataset: Dataset,
    *,
    text: str | None = None,
    content: str | None = None,
    path: str | None = None,
    name: str | None = None,
    keep: Sequence[str] = (),
    model: str | Path | None = None,
    min_confidence: float = 0.0,
    batch_size: int = 16,
    concurrency: int | tuple[int, int] | None = None,
    num_cpus: float = 1,
    **options: Any,
) -> Dataset:
    """The claims of a dataset of reports, a row a claim, in the columns of :func:`govie.rows.arrow_schema`; lazy, as Ray Data is.

    A report that cannot be read gives one row: its name, its error in the column ``error``, and null in the columns of a claim. In the
    other rows ``error`` is null. A report without claims gives no row. Write all rows first and part them then: what is
    consumed twice is computed twice.

    A worker that dies is started anew and its batch repeated, by default as often as it takes; where a report might kill every
    worker that touches it, set ``max_task_retries`` and Ray's ``DataContext.max_errored_blocks``.

    Args:
        dataset: a row a report. Just one of ``text``, ``content`` and ``path`` says which column holds it:
        text: its text.
        content: the bytes of its file, as ``ray.data.read_binary_files`` gives them.
        path: the path of its file, on a file system that every worker sees.
        name: the column that says what the report is called, for the column ``document``; None takes that of ``path``, if any.
        keep: further columns to repeat in each of its rows, such as an identifier.
        model: a model folder on every worker; None for the shipped one.
        min_confidence: leave out claims with a lower confidence, 0 to 1.
        batch_size: reports a task; what is repeated where a worker dies.
        concurrency: workers, or the least and the most of them; None for one up to what the cluster has room for.
        num_cpus: processors a worker; the model uses as many threads.
        **options: what else ``Dataset.map_batches`` takes, such as ``memory``, ``runtime_env`` or ``max_task_retries``.

    Raises:
        DependencyError: where Ray Data is not installed.
        TypeError: where not just one column holds the report.
        DataError: where a column to keep has the name of a claim's, here; where the dataset lacks a column, when it is run.
        ModelError: where the workers cannot load the model, when it is run.
    """
    try:
        from ray.data import ActorPoolStrategy  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise DependencyError("extraction with Ray needs Ray Data: pip install 'govie[ray]', here and on the workers") from error
    given = {way: column for way, column in (("text", text), ("content", content), ("path", path)) if column is not None}
    if len(given) != 1:
        raise TypeError(f"the report is in just one column: name it by text=, content= or path=; {len(given)} of them were given")
    taken = [column for column in keep if column in (*COLUMNS, ERROR)]
    if taken:
        raise DataError(f"the rows have own columns {', '.join(taken)}; rename the dataset's first: dataset.rename_columns(...)")
    least, most = concurrency if isinstance(concurrency, tuple) else (concurrency, concurrency)
    [(way, column)] = given.items()
    made = {
        "way": way, "column": column, "name": name or path, "keep": tuple(keep), "model": None if model is None else str(model),
        "min_confidence": min_confidence, "threads": max(1, int(num_cpus)),
    }  # fmt: skip
    return dataset.map_batches(
        Worker, fn_constructor_kwargs=made, compute=ActorPoolStrategy(min_size=least or 1, max_size=most), batch_size=batch_size,
        batch_format="pyarrow", num_cpus=num_cpus, **options,
    )  # fmt: skip


class Worker:
    """One model and what it does with a batch; the callable class that :func:`extract` gives to ``map_batches``.

    Args:
        way: text, content or path: what ``column`` holds.
        column: the column of the reports.
        name: the column of their names, if any.
        keep: columns to repeat in the rows.
        model: a model folder, or None.
        min_confidence: leave out claims with a lower confidence.
        threads: processor threads of the model.
    """

    def __init__(
        self, *, way: str, column: str, name: str | None, keep: Sequence[str], model: str | None, min_confidence: float, threads: int
    ) -> None:
        self._way, self._column, self._name, self._keep, self._min_confidence = way, column, name, list(keep), min_confidence
        self._extractor = load(model, threads=threads)

    def __call__(self, batch: pa.Table) -> pa.Table:
        """The rows of a batch of reports; a report's stand together, in the batch's order."""
        import pyarrow as pa  # noqa: PLC0415

        asked = dict.fromkeys(column for column in (self._column, self._name, *self._keep) if column)
        absent = [column for column in asked if column not in batch.column_names]
        if absent:
            raise DataError(f"the dataset has no column {', '.join(absent)}; it has {', '.join(batch.column_names)}")
        reports = batch.column(self._column).to_pylist()
        names = batch.column(self._name).to_pylist() if self._name else [None] * len(reports)
        tables = [self._rows(report, name) for report, name in zip(reports, names, strict=True)]
        owners = pa.array([n for n, table in enumerate(tables) for _ in range(len(table))], type=pa.int64())
        found = pa.concat_tables([_schema().empty_table(), *tables])
        kept = batch.select(self._keep).take(owners)
        return pa.table([*kept.columns, *found.columns], schema=pa.schema([*kept.schema, *found.schema]))

    def _rows(self, report: Any, name: Any) -> pa.Table:
        """A report's claims, or its error."""
        import pyarrow as pa  # noqa: PLC0415

        called = None if name is None else str(name)
        try:
            found = arrow_table(rows(self._extractor.extract(self._document(report, called), min_confidence=self._min_confidence)))
        except Exception as error:  # one report must not end the job, whatever is wrong with it
            said = f"{type(error).__name__}: {error}".encode("utf-8", "backslashreplace").decode("utf-8")
            return pa.Table.from_pylist([{"document": called, ERROR: said}], schema=_schema())
        return found.append_column(ERROR, pa.nulls(len(found), pa.string())).cast(_schema())

    def _document(self, report: Any, name: str | None) -> Document:
        if report is None:
            raise TextError(f"no report in this row: its {self._column} is null")
        if self._way == "text":
            return Document(report, name=name)
        if self._way == "path":
            return replace(read(report), name=name)
        file = BytesIO(report)
        if name:
            file.name = name  # the reader goes by it where the content leaves the kind open
        return read(file)


def _schema() -> pa.Schema:
    """A claim's columns, null in the row of a failure, and the error."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.schema([*(field.with_nullable(True) for field in arrow_schema()), pa.field(ERROR, pa.string())])
