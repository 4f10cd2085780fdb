"""The formats of results at volume: a report's rows become a piece, a chunk's pieces a part, and all parts one file."""

from __future__ import annotations

import csv
import io
import json
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from govie.document import Extraction
from govie.rows import COLUMNS, arrow_schema, arrow_table, rows

__all__ = ["FORMS", "Form", "write_csv"]

_GROUP = 65_536  # rows of a Parquet row group
_BATCH = 8_192


class Form(ABC):
    """One format. Pieces are held in memory a chunk at a time, files are written by the caller's handle."""

    @abstractmethod
    def piece(self, extraction: Extraction) -> Any:
        """A report's rows, ready to be written; may raise whatever a row that cannot be written raises."""

    @abstractmethod
    def save(self, pieces: Sequence[Any], file: BinaryIO) -> None:
        """Write a chunk's pieces as a part.

        Raises:
            OSError: where the file cannot be written.
        """

    @abstractmethod
    def join(self, parts: Iterable[Path], file: BinaryIO) -> None:
        """Write all parts, in order, as one file; memory does not grow with them.

        Raises:
            OSError: where a part cannot be read or the file not be written.
        """


class _Text(Form):
    head = b""

    def save(self, pieces: Sequence[bytes], file: BinaryIO) -> None:
        file.writelines(pieces)

    def join(self, parts: Iterable[Path], file: BinaryIO) -> None:
        file.write(self.head)
        for path in parts:
            with path.open("rb") as part:
                shutil.copyfileobj(part, file, 1 << 20)


class _JsonLines(_Text):
    def piece(self, extraction: Extraction) -> bytes:
        lines = (json.dumps(row, ensure_ascii=False, default=_plain) + "\n" for row in rows(extraction))
        return "".join(lines).encode("utf-8")


class _Csv(_Text):
    head = (",".join(COLUMNS) + "\n").encode("ascii")

    def piece(self, extraction: Extraction) -> bytes:
        text = io.StringIO()
        write_csv(extraction, text)
        return text.getvalue().encode("utf-8")


class _Parquet(Form):
    def piece(self, extraction: Extraction) -> Any:
        return arrow_table(rows(extraction))

    def save(self, pieces: Sequence[Any], file: BinaryIO) -> None:
        import pyarrow as pa  # noqa: PLC0415 - an extra, and slow to load
        import pyarrow.parquet as pq  # noqa: PLC0415

        pq.write_table(pa.concat_tables(pieces), file, compression="zstd")

    def join(self, parts: Iterable[Path], file: BinaryIO) -> None:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        schema = arrow_schema()
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            held, count = [], 0
            for path in parts:
                with pq.ParquetFile(path) as part:
                    for batch in part.iter_batches(_BATCH):
                        held.append(batch)
                        count += batch.num_rows
                        if count >= _GROUP:
                            writer.write_table(pa.Table.from_batches(held, schema), row_group_size=count)
                            held, count = [], 0
            if held:
                writer.write_table(pa.Table.from_batches(held, schema), row_group_size=count)


FORMS: dict[str, Form] = {"parquet": _Parquet(), "jsonl": _JsonLines(), "csv": _Csv()}


def write_csv(extraction: Extraction, out: TextIO, *, head: bool = False) -> None:
    """A report's rows as CSV, under a head where one is wanted; None is empty, and numbers are written in plain digits."""
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    if head:
        writer.writeheader()
    for row in rows(extraction):
        row["value"], row["high"] = _plain(row["value"]), _plain(row["high"])
        row["is_total"] = "true" if row["is_total"] else "false"
        writer.writerow(row)


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")
