"""From trained weights to a model folder: ONNX int8, linker, calibration and a card that says what it was made of and how good it is."""

from __future__ import annotations

import json
import platform
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import transformers

import govie
from govie.formats.passages import Passage
from govie.model.digests import seal
from govie.model.tagger import Tagger
from training.calibrate import best_temperature, candidate_logits
from training.dataset import examples
from training.export import SHIPPED, export

if TYPE_CHECKING:
    from training.train import Parts

_MEASURES = ("span", "value", "typed", "full")


def linker_of(start: Path) -> Path:
    """The linker that goes with a start: its own where it has one, else the shipped one."""
    own = start / "linker.npz"
    return own if own.is_file() else SHIPPED / "linker.npz"


def finish(
    folder: Path, *, name: str, start: Path, parts: Parts, reports: Sequence[Mapping[str, Any]], options: Mapping[str, Any], minutes: float,
    runtime: bool,
) -> None:  # fmt: skip
    """Make ``folder``, which holds a run's best weights, one that ``govie.load`` takes, with a card that calls it ``name``.

    The folder stays trainable: its ``config.json`` is that of the weights with the runtime's keys added. The linker is that of the start:
    where a scope reaches is a matter of marks and words more than of codes (``corpora/examples/court/README.md``).
    """
    shutil.copy(linker_of(start), folder / "linker.npz")
    if runtime:
        make_runtime(folder, parts.dev or parts.own)
    seal(folder)
    (folder / "README.md").write_text(card(name, start, parts, reports=reports, options=options, minutes=minutes), encoding="utf-8")


def make_runtime(folder: Path, dev: Sequence[Passage]) -> None:
    """Add ``model.onnx`` and the runtime's keys of ``config.json``, with the temperature that fits ``dev`` best; sealed anew by the caller."""
    with tempfile.TemporaryDirectory() as place:
        export(folder, Path(place))
        shutil.copy(Path(place) / "model.onnx", folder / "model.onnx")
        runtime = json.loads((Path(place) / "config.json").read_text(encoding="utf-8"))
    rows = examples(dev)
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8")) | runtime
    path.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    seal(folder)
    if any(row["spans"] for row in rows):
        config["temperature"] = best_temperature(*candidate_logits(Tagger(folder), rows))
        path.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def card(name: str, start: Path, parts: Parts, *, reports: Sequence[Mapping[str, Any]], options: Mapping[str, Any], minutes: float) -> str:
    """The model card in Markdown."""
    replayed = {passage.id for passage in parts.train} - {passage.id for passage in parts.own}
    claims = Counter(claim.metric for passage in parts.own for claim in passage.claims)
    trained = [row for row in reports if row["epoch"]]
    best = max(trained, key=lambda row: (row.get("dev", {}).get("typed", 0), row["epoch"]), default=None)
    lines = [
        f"# {name}", "",
        f"Character-level claim tagger for [govie](https://pypi.org/project/govie/) {govie.__version__}, trained from `{start.name}`.", "",
        "## Data", "",
        f"- {len(parts.own)} passages with {sum(claims.values())} claims of {len(claims)} metrics from "
        + ", ".join(f"`{Path(path).name}`" for path in options["data"]),
        f"- {len(replayed)} passages of the project's corpus replayed; {len(parts.dev)} passages held out",
        "", "## Figures", "",
    ]  # fmt: skip
    if best:
        lines += ["F1 on the passages held out, before training and after the epoch that is kept:", "", "| | " + " | ".join(_MEASURES) + " |"]
        lines += ["| --- " * (len(_MEASURES) + 1) + "|"]
        for part, title in (("dev", "own"), ("corpus", "project's corpus")):
            for row, when in ((reports[0], "before"), (best, f"epoch {best['epoch']}")):
                if part in row:
                    lines.append(f"| {title}, {when} | " + " | ".join(f"{row[part][measure]:.4f}" for measure in _MEASURES) + " |")
    else:
        lines += ["None: no passages were held out."]
    kept = {key: str(value) for key, value in options.items() if key not in ("data", "output", "backbone", "metrics", "export")}
    lines += [
        "", "## Making", "",
        "- options: " + ", ".join(f"{key} {value}" for key, value in kept.items()),
        f"- {minutes:.1f} minutes on {'a GPU' if torch.cuda.is_available() else 'a CPU'}; torch {torch.__version__}, transformers "
        f"{transformers.__version__}, Python {platform.python_version()}",
        "", "## Claims by metric", "", "| code | claims |", "| --- | --- |",
        *(f"| {code} | {count} |" for code, count in claims.most_common()), "",
    ]  # fmt: skip
    return "\n".join(lines)
