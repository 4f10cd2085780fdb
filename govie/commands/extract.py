"""``govie extract FILE…``: the claims of reports, for people or for programs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import govie
from govie.commands.documents import FILES, documents
from govie.document import Extraction
from govie.errors import ReadError
from govie.profiling import OFF, Profile

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["add", "run"]

WIDE = 110  # columns of a screen that has room for codes beside names
FORMATS = ("table", "jsonl", "csv", "parquet")
STOPPED = 130  # the exit status of what Ctrl-C has ended


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


def add(commands: Any) -> None:
    """Add the command's parser to the subparsers of the command line."""
    parser = commands.add_parser("extract", help="extract the claims of reports")
    parser.add_argument("files", nargs="+", metavar="FILE", help=FILES)
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="a table for people (the default); jsonl in the shape of Claim.to_dict, or csv; with --output flat rows, by its suffix",
    )
    parser.add_argument("--min-confidence", type=_share, default=0.0, metavar="SHARE", help="leave out claims less sure than this, 0 to 1")
    parser.add_argument("--model", type=Path, help="a model folder (default: the shipped model)")
    parser.add_argument("--profile", action="store_true", help="print what each stage costs to standard error; not with --output")
    volume = parser.add_argument_group(
        "many reports", "with --output: in several processes, and a run that was stopped goes on when it is given again"
    )
    volume.add_argument(
        "--output", "-o", type=Path, metavar="FILE", help="a .parquet, .jsonl or .csv file; what fails is listed in FILE.failures.jsonl"
    )
    volume.add_argument("--workers", type=_positive, metavar="N", help="processes (default: one a processor)")
    volume.add_argument("--timeout", type=float, default=1800.0, metavar="SECONDS", help="after which a report is given up (default: 1800)")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Extract; returns 1 where a report failed, and 130 where Ctrl-C stopped a run that can go on.

    Raises:
        GovieError: where the model is missing or damaged, or the output cannot be written.
    """
    if args.output is not None:
        return _to_file(args)
    if args.format == "parquet" or args.workers is not None:
        raise ReadError(f"{'Parquet' if args.format == 'parquet' else '--workers'} needs a file: --output claims.parquet")
    return _to_screen(args, out)


def _to_screen(args: argparse.Namespace, out: TextIO) -> int:
    from govie.volume.forms import write_csv

    extractor, head, failed = govie.load(args.model), True, 0
    profile = Profile() if args.profile else OFF
    for document in documents(args.files):
        if isinstance(document, ReadError):
            print(f"govie: {document}", file=sys.stderr)
            failed += 1
            continue
        extraction = extractor.extract(document, min_confidence=args.min_confidence, profile=profile)
        if args.format == "jsonl":
            out.write(extraction.to_jsonl())
        elif args.format == "csv":
            write_csv(extraction, out, head=head)
            head = False
        else:
            from rich.console import Console

            console = Console(file=out)
            console.print(claims_table(extraction, codes=console.width >= WIDE))
    if args.profile:
        print(profile.table(), file=sys.stderr)
    return 1 if failed else 0


def _to_file(args: argparse.Namespace) -> int:
    from govie.commands.progress import Reporter
    from govie.volume import extract_files

    if args.profile:
        raise ReadError("--profile measures one process; leave out --output")
    if args.format == "table":
        raise ReadError("a table is for the screen; give --output a .parquet, .jsonl or .csv file")
    if "-" in args.files:
        raise ReadError("standard input cannot be read again when a run goes on; save it to a file, or leave out --output")
    try:
        with Reporter(sys.stderr) as reporter:
            done = extract_files(
                args.files, args.output, form=args.format, workers=args.workers, model=args.model, min_confidence=args.min_confidence,
                timeout=args.timeout, on_progress=reporter.progress, on_failure=reporter.failure,
            )  # fmt: skip
    except KeyboardInterrupt:
        print("govie: stopped; the same command goes on from here", file=sys.stderr)
        return STOPPED
    took = f"{done.characters:,} characters in {done.seconds:,.1f} s" + (
        f", after {done.resumed:,} reports of an earlier run" if done.resumed else ""
    )
    print(f"govie: {done.reports:,} reports with {done.claims:,} claims → {done.output} ({took})", file=sys.stderr)
    if done.failures:
        print(f"govie: {done.failed:,} of them failed; they are listed in {done.failures}", file=sys.stderr)
    return 1 if done.failed else 0


def _share(given: str) -> float:
    if not 0 <= (share := float(given)) <= 1:
        raise argparse.ArgumentTypeError(f"{given} is no share from 0 to 1")
    return share


def _positive(given: str) -> int:
    if (number := int(given)) < 1:
        raise argparse.ArgumentTypeError("at least one is needed")
    return number
