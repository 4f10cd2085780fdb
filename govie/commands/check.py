"""``govie check FILE…``: whether reports add up, for an office's own pipeline."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any, TextIO

import govie
from govie.checks import STATUSES, Finding
from govie.commands.documents import FILES, documents
from govie.document import Extraction
from govie.errors import ReadError

__all__ = ["add", "run"]

_COLOURS = {"fail": "bold red", "uncertain": "yellow", "not_assessable": "dim", "pass": "green"}


def add(commands: Any) -> None:
    """Add the command's parser to the subparsers of the command line."""
    parser = commands.add_parser("check", help="check whether reports add up; exit status 1 where one does not")
    parser.add_argument("files", nargs="+", metavar="FILE", help=FILES)
    parser.add_argument("--previous", metavar="FILE", help="the same publisher's report of the year before")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="a table for people, or json for programs (default: table)")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="of the table (default: zh)")
    parser.add_argument("--all", action="store_true", help="show in the table what passes and what cannot be decided, too")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Extract and check; returns 1 where a finding fails or a report could not be read.

    Raises:
        GovieError: where the report of the year before cannot be read, or the model is missing or damaged.
    """
    extractor = govie.load()
    previous = extractor.extract(govie.read(args.previous)) if args.previous else None
    done: list[tuple[Extraction, list[Finding]]] = []
    failed = False
    for document in documents(args.files):
        if isinstance(document, ReadError):
            print(f"govie: {document}", file=sys.stderr)
            failed = True
            continue
        extraction = extractor.extract(document)
        findings = extraction.check(previous)
        failed = failed or any(finding.status == "fail" for finding in findings)
        done.append((extraction, findings))
        if args.format == "table":
            _print(extraction, findings, out, language=args.language, everything=args.all)
    if args.format == "json":
        json.dump([_report(*one) for one in done], out, ensure_ascii=False, indent=1)
        out.write("\n")
    return 1 if failed else 0


def _report(extraction: Extraction, findings: Sequence[Finding]) -> dict[str, Any]:
    document = extraction.document
    known = {"document": document.name, "publisher": document.publisher, "year": document.year}
    return {**known, "findings": [finding.to_dict() for finding in findings]}


def _print(extraction: Extraction, findings: Sequence[Finding], out: TextIO, *, language: str, everything: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    counts = Counter(finding.status for finding in findings)
    summary = "  ".join(f"{status} {counts[status]}" for status in STATUSES)
    shown = Table(title=Text(f"{extraction.document.name}  {summary}"), header_style="bold", title_justify="left")
    shown.add_column("状态" if language == "zh" else "status", no_wrap=True)
    shown.add_column("检查" if language == "zh" else "finding", overflow="fold")
    for finding in findings:
        if everything or finding.status in ("fail", "uncertain"):
            message = finding.message_zh if language == "zh" else finding.message_en
            shown.add_row(Text(finding.status, style=_COLOURS[finding.status]), Text(f"{message}\n{finding.code}"))
    Console(file=out).print(shown if shown.row_count else shown.title)
