"""The digests of a model folder's files, in the format of ``sha256sum``: a damaged or half copied model is refused, not run."""

from __future__ import annotations

import hashlib
from pathlib import Path

from govie.errors import ModelError

__all__ = ["SEALED", "SUMS", "seal", "verify"]

SUMS = "SHA256SUMS"
SEALED = ("config.json", "linker.npz", "model.onnx", "vocabulary.txt")


def seal(folder: Path) -> None:
    """Write ``SHA256SUMS`` for the files of :data:`SEALED` that are in ``folder``; whoever writes one of them calls this last.

    ``sha256sum --check SHA256SUMS`` reads it too.
    """
    lines = [f"{_digest(folder / name)}  {name}\n" for name in SEALED if (folder / name).is_file()]
    (folder / SUMS).write_text("".join(lines), encoding="ascii", newline="\n")


def verify(folder: Path) -> dict[str, str]:
    """Check the files of :data:`SEALED` that are in ``folder`` against its ``SHA256SUMS``; returns their digests.

    Raises:
        ModelError: where a file is not the one that was sealed, or the folder has no digests.
    """
    present = [name for name in SEALED if (folder / name).is_file()]
    anew = f"or, where you have changed it on purpose, run `sha256sum {' '.join(present)} > {SUMS}` there"
    try:
        rows = [line.split() for line in (folder / SUMS).read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"no {SUMS} in {folder}: {error}; install govie again, or export the model again, {anew}") from error
    known = {row[1].removeprefix("*"): row[0].lower() for row in rows if len(row) == 2}
    for name in present:
        if known.get(name) != _digest(folder / name):
            raise ModelError(f"{folder / name} is damaged or was changed: {SUMS} has another digest; install govie again, {anew}")
    return {name: known[name] for name in present}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
