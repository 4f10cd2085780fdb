"""The command line: ``govie COMMAND``. Each command is a module of :mod:`govie.commands`."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence

import govie
from govie.errors import GovieError

__all__ = ["main", "parser"]


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    from govie.commands import annotate, check, convert, extract, view

    top = argparse.ArgumentParser(prog="govie", description="Every number that a Chinese government report states, as a typed claim.")
    top.add_argument("--version", action="version", version=f"govie {govie.__version__}")
    commands = top.add_subparsers(dest="command", required=True)
    for command in (extract, check, view, convert, annotate):
        command.add(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 0, or 1 where a file failed or, of ``check``, a finding did."""
    from govie.commands import annotate, check, convert, extract, view
    from govie.commands.documents import documents

    args = parser().parse_args(argv)
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(encoding="utf-8")
    try:
        match args.command:
            case "extract":
                return extract.run(args, out)
            case "check":
                return check.run(args, out)
            case "view":
                return view.run(args)
            case "convert":
                return convert.run(args)
        return annotate.run(args, documents)
    except GovieError as error:
        print(f"govie: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone (govie … | head); nothing is left to say
        return 0


if __name__ == "__main__":
    sys.exit(main())
