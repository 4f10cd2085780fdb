"""``govie convert IN OUT --from … --to …``: annotations from one format to another, and what the other cannot hold."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from govie.errors import AnnotationError
from govie.formats import FORMATS, JAVASCRIPT, SUFFIXES, dump, load, losses
from govie.metrics import Metric, metrics, read_metrics

__all__ = ["add", "codes", "run"]


def add(commands: Any) -> None:
    """Add the command's parser to the subparsers of the command line."""
    parser = commands.add_parser("convert", help="annotations from one format to another")
    parser.add_argument("source", metavar="IN", type=Path, help="a file; a folder for brat")
    parser.add_argument("target", metavar="OUT", type=Path)
    parser.add_argument("--from", dest="form", choices=FORMATS, help="the format of IN (default: by its suffix)")
    parser.add_argument("--to", choices=FORMATS, help="the format of OUT (default: by its suffix)")
    parser.add_argument("--metrics", type=Path, help="a metrics.tsv with own codes (default: the one beside IN, if any)")
    parser.add_argument("--utf16", action="store_true", help="offsets of label-studio and doccano count UTF-16 units")
    parser.add_argument("--predictions", action="store_true", help="take predictions of label-studio tasks that nobody has annotated")


def run(args: argparse.Namespace) -> int:
    """Convert; what is lost or left out is said on standard error.

    Raises:
        GovieError: where the data is broken, a format unknown or the file not to be written.
    """
    form, to = args.form or _guess(args.source), args.to or _guess(args.target)
    known = codes(args.metrics, args.source)
    taken: dict[str, Any] = {"utf16": True} if args.utf16 else {}
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        more = {"predictions": True} if args.predictions and form == "label-studio" else {}
        before = load(args.source, form, metrics=known, **(taken if form in JAVASCRIPT else {}), **more)
        options = taken if to in JAVASCRIPT else {}
        dump(before, args.target, to, metrics=known, **options)
        after = load(args.target, to, metrics=known, **options)
    for warning in said:
        print(f"govie: {warning.message}", file=sys.stderr)
    claims = sum(len(found) for found in before)
    print(f"govie: {len(before)} documents with {claims} claims: {form} → {to}", file=sys.stderr)
    for part, count in sorted(losses(before, after).items()):
        print(f"govie: {to} cannot hold {part}: {count} lost", file=sys.stderr)
    return 0


def codes(own: Path | None, beside: Path | None = None) -> Mapping[str, Metric]:
    """The shipped codes with those of a ``metrics.tsv`` named, or of one that stands beside the data."""
    path = own or ((beside if beside.is_dir() else beside.parent) / "metrics.tsv" if beside else None)
    return {**metrics(), **read_metrics(path)} if path and (own or path.is_file()) else metrics()


def _guess(path: Path) -> str:
    found = [form for form, suffix in SUFFIXES.items() if suffix == path.suffix]
    if not found:
        raise AnnotationError(f"{path}: its suffix names no format; say one of {', '.join(FORMATS)} with --from and --to")
    return found[0]
