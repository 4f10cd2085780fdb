"""``govie view FILE -o page.html``: a report as one page to look at."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import govie
from govie.commands.documents import FILES, documents
from govie.errors import ReadError, SaveError

__all__ = ["add", "run"]


def add(commands: Any) -> None:
    """Add the command's parser to the subparsers of the command line."""
    parser = commands.add_parser("view", help="write a report as one self-contained page, with its claims and findings")
    parser.add_argument("file", metavar="FILE", help=FILES)
    parser.add_argument("-o", "--output", metavar="PAGE", type=Path, required=True, help="the HTML file to write")
    parser.add_argument("--previous", metavar="FILE", help="the same publisher's report of the year before")


def run(args: argparse.Namespace) -> int:
    """Extract, check and write the page.

    Raises:
        GovieError: where a report cannot be read, the page not be written, or the model is missing or damaged.
    """
    found = list(documents([args.file]))
    if len(found) != 1:
        raise ReadError(f"{args.file}: {len(found)} files; a page shows one report, so name one file")
    if isinstance(found[0], ReadError):
        raise found[0]
    extractor = govie.load()
    previous = extractor.extract(govie.read(args.previous)) if args.previous else None
    extraction = extractor.extract(found[0])
    try:
        args.output.write_text(extraction.to_html(previous=previous), encoding="utf-8")
    except OSError as error:
        raise SaveError(f"{args.output}: {error.strerror}; name a file in a folder that can be written") from error
    print(f"govie: {len(extraction)} claims → {args.output}", file=sys.stderr)
    return 0
