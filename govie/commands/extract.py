"""``govie extract FILE…``: the claims of reports, for people or for programs."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

import govie
from govie.claims import ROLES
from govie.commands.documents import FILES, documents
from govie.document import Extraction
from govie.errors import ReadError

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["add", "run"]

COLUMNS = ("document", "start", "end", "text", "value", "high", "unit", "bound", "per", "metric", *ROLES, "kind", "confidence")
WIDE = 110  # columns of a screen that has room for codes beside names
FORMATS = ("table", "jsonl", "csv")


def claims_table(extraction: Extraction, *, codes: bool = True) -> Table:
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


def add(commands: Any) -> None:
    """Add the command's parser to the subparsers of the command line."""
    parser = commands.add_parser("extract", help="extract the claims of reports")
    parser.add_argument("files", nargs="+", metavar="FILE", help=FILES)
    parser.add_argument("--format", choices=FORMATS, default="table", help="a table for people, or jsonl or csv for programs (default: table)")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Extract; returns 1 where a report could not be read.

    Raises:
        GovieError: where the model is missing or damaged.
    """
    extractor, done, failed = govie.load(), [], 0
    for document in documents(args.files):
        if isinstance(document, ReadError):
            print(f"govie: {document}", file=sys.stderr)
            failed += 1
            continue
        extraction = extractor.extract(document)
        if args.format == "jsonl":
            out.write(extraction.to_jsonl())
        elif args.format == "table":
            from rich.console import Console

            console = Console(file=out)
            console.print(claims_table(extraction, codes=console.width >= WIDE))
        done.append(extraction)
    if args.format == "csv":
        write_csv(done, out)
    return 1 if failed else 0
