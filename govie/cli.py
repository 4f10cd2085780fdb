"""The command line: ``govie extract FILE…``."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import govie
from govie.claims import ROLES
from govie.document import Document, Extraction
from govie.errors import GovieError, ReadError

if TYPE_CHECKING:
    from rich.table import Table

COLUMNS = ("document", "start", "end", "text", "value", "high", "unit", "bound", "per", "metric", *ROLES, "kind", "confidence")
WIDE = 110  # columns of a screen that has room for codes beside names
FORMATS = ("table", "jsonl", "csv")


def read_text(name: str) -> Document:
    """The document of a file name; ``-`` is standard input. UTF-8, with or without a byte order mark.

    Raises:
        ReadError: where the file cannot be read, or is no UTF-8 text.
    """
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return Document(data.decode("utf-8-sig"), name=name)
    except OSError as error:
        raise ReadError(f"{name}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ReadError(f"{name}: no UTF-8 text (byte {error.start}); convert it first, for example: iconv -f GB18030 -t UTF-8") from error


def table(extraction: Extraction, *, codes: bool = True) -> Table:
    """A report's claims as a ``rich`` table for people; without ``codes`` a metric is its Chinese name alone, for narrow screens."""
    from rich.table import Table

    known = govie.metrics()
    shown = Table(title=extraction.document.name, header_style="bold", title_justify="left")
    for column in ("原文", "数值", "单位", "指标", "范围", "类型"):
        shown.add_column(column, justify="right" if column == "数值" else "left", overflow="fold")
    for claim in extraction:
        bound = "" if claim.bound in ("=", "..") else claim.bound
        value = f"{bound}{claim.value:,f}" + (f"–{claim.high:,f}" if claim.high is not None else "")
        unit = claim.unit + (f" / {claim.per}" if claim.per else "")
        name = known[claim.metric].name if claim.metric in known else claim.metric
        metric = f"{claim.metric} {name}" if codes else name
        scope = " · ".join(str(part).replace("\n", "") for _, part in claim.scope)
        shown.add_row(claim.text.replace("\n", "⏎"), value, unit, metric, scope, claim.kind)
    return shown


def write_csv(extractions: Sequence[Extraction], out: TextIO) -> None:
    """All claims as one CSV table with a head; a scope role is its text."""
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for extraction in extractions:
        for claim in extraction:
            row = {key: value for key, value in claim.to_dict().items() if key in COLUMNS}
            parts = {role: part.text for role, part in claim.scope}
            writer.writerow({"document": extraction.document.name, **row, **parts})


def _extract(files: Sequence[str], form: str, out: TextIO) -> int:
    extractor, done, failed = govie.load(), [], 0
    for name in files:
        try:
            extraction = extractor.extract(read_text(name))
        except GovieError as error:
            print(f"govie: {error}", file=sys.stderr)
            failed += 1
            continue
        if form == "jsonl":
            out.write(extraction.to_jsonl())
        elif form == "table":
            from rich.console import Console

            console = Console(file=out)
            console.print(table(extraction, codes=console.width >= WIDE))
        done.append(extraction)
    if form == "csv":
        write_csv(done, out)
    return 1 if failed else 0


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    top = argparse.ArgumentParser(prog="govie", description="Every number that a Chinese government report states, as a typed claim.")
    top.add_argument("--version", action="version", version=f"govie {govie.__version__}")
    commands = top.add_subparsers(dest="command", required=True)
    extract = commands.add_parser("extract", help="extract the claims of text files")
    extract.add_argument("files", nargs="+", metavar="FILE", help="a UTF-8 text file; - is standard input")
    extract.add_argument("--format", choices=FORMATS, default="table", help="a table for people, or jsonl or csv for programs (default: table)")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 0, or 1 where a file failed."""
    args = parser().parse_args(argv)
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(encoding="utf-8")
    try:
        return _extract(args.files, args.format, out)
    except GovieError as error:
        print(f"govie: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone (govie … | head); nothing is left to say
        return 0


if __name__ == "__main__":
    sys.exit(main())
