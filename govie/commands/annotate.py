"""``govie annotate DIR --to label-studio``: reports with what a model finds in them, for people to correct."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import govie
from govie.document import Document
from govie.errors import ReadError
from govie.formats import FORMATS, SUFFIXES, dump
from govie.formats.label_studio import mean_confidence

__all__ = ["add", "run"]


def add(commands: Any) -> None:
    """Add the command's parser to the subparsers of the command line."""
    parser = commands.add_parser("annotate", help="pre-annotate reports for an annotation tool, the least certain first")
    parser.add_argument("files", nargs="+", metavar="FILE", help="reports, or folders of reports")
    parser.add_argument("--to", choices=FORMATS, default="label-studio", help="default: label-studio, as predictions with confidences")
    parser.add_argument("--output", type=Path, help="the file, or folder for brat (default: the name of the first FILE, in this folder)")
    parser.add_argument("--model", type=Path, help="a model folder (default: the shipped model)")


def run(args: argparse.Namespace, documents: Callable[[Sequence[str]], Iterable[Document | ReadError]]) -> int:
    """Extract, sort by mean confidence, write; returns 1 where a report could not be read.

    Args:
        args: as :func:`add` describes them.
        documents: reads the files and folders named.

    Raises:
        GovieError: where the model or the output is not as it must be.
    """
    extractor, failed, found = govie.load(args.model), 0, []
    for document in documents(args.files):
        if isinstance(document, ReadError):
            print(f"govie: {document}", file=sys.stderr)
            failed += 1
        else:
            found.append(extractor.extract(document))
    found.sort(key=mean_confidence)
    name = Path(args.files[0]).resolve().stem or "reports"
    output = args.output or Path(f"{name}.{args.to}{SUFFIXES[args.to]}")
    options = {"predictions": f"govie {govie.__version__}"} if args.to == "label-studio" else {}
    dump(found, output, args.to, metrics=extractor.metrics, **options)
    print(f"govie: {len(found)} reports with {sum(map(len, found))} claims → {output}", file=sys.stderr)
    return 1 if failed else 0
