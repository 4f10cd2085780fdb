"""The command line: ``govie extract FILE…``."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
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


def documents(names: Sequence[str]) -> Iterator[Document | ReadError]:
    """The documents of files and folders in order; where one cannot be read, the error that says so. ``-`` is standard input.

    Of a folder all files are read, those in its folders too, in the order of their names; hidden ones are left out.
    """
    for name in names:
        for path in _inside(name):
            try:
                yield replace(govie.read(sys.stdin.buffer), name="-") if path == "-" else govie.read(path)
            except ReadError as error:
                yield error


def _inside(name: str) -> list[str]:
    if name == "-" or not Path(name).is_dir():
        return [name]
    paths = sorted(path for path in Path(name).rglob("*") if path.is_file())
    return [str(path) for path in paths if not any(part.startswith(".") for part in path.relative_to(name).parts)]


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
    for document in documents(files):
        if isinstance(document, ReadError):
            print(f"govie: {document}", file=sys.stderr)
            failed += 1
            continue
        extraction = extractor.extract(document)
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
    extract = commands.add_parser("extract", help="extract the claims of reports")
    extract.add_argument("files", nargs="+", metavar="FILE", help="an HTML, PDF, DOCX, TXT or Markdown file, or a folder; - is standard input")
    extract.add_argument("--format", choices=FORMATS, default="table", help="a table for people, or jsonl or csv for programs (default: table)")
    from govie.commands import annotate, convert

    convert.add(commands)
    annotate.add(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 0, or 1 where a file failed."""
    args = parser().parse_args(argv)
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(encoding="utf-8")
    try:
        if args.command == "convert":
            from govie.commands import convert

            return convert.run(args)
        if args.command == "annotate":
            from govie.commands import annotate

            return annotate.run(args, documents)
        return _extract(args.files, args.format, out)
    except GovieError as error:
        print(f"govie: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone (govie … | head); nothing is left to say
        return 0


if __name__ == "__main__":
    sys.exit(main())
