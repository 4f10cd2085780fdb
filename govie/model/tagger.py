"""The shipped model: an ONNX session, a vocabulary and the metric codes, loaded from one folder."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govie.errors import ModelError
from govie.model.digests import verify
from govie.model.heads import OUTPUTS
from govie.model.reader import Reader
from govie.model.vocabulary import Vocabulary

FORMAT = 1
FILES = ("model.onnx", "config.json", "vocabulary.txt")


class Tagger(Reader):
    """Reads windows of folded text. Safe to share between threads and with forked processes; pickles by its folder.

    Args:
        folder: holds ``model.onnx``, ``config.json`` and ``vocabulary.txt``.
        threads: how many windows may be read side by side; None takes what the machine has, four at most.

    Raises:
        ModelError: where a file is missing, damaged or of another format.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        self.folder, self.threads = folder, threads or min(4, os.cpu_count() or 1)
        self._asked = threads
        for name in FILES:
            if not (folder / name).is_file():
                raise ModelError(f"no {name} in {folder}; install govie again, or name a folder that training.export made")
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            self.codes: tuple[str, ...] = tuple(config["codes"])
            model_format = config["format"]
            self.temperature = float(config.get("temperature", 1.0))
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{folder / 'config.json'} is damaged: {error!r}; install govie again") from error
        if model_format != FORMAT:
            raise ModelError(f"the model in {folder} has format {model_format}, this govie reads {FORMAT}; export it again")
        self._digests = verify(folder)
        self.vocabulary = Vocabulary.load(folder / "vocabulary.txt")
        # One session for each process. What a thread of the parent holds within its session at the moment of a fork, no one in the child
        # ever lets go of; so a forked child opens its own, and keeps hold of the one that it was born with, for dropping it might wait too.
        self._sessions: dict[int, Any] = {os.getpid(): self._open()}

    def run(self, ids: NDArray[np.int64]) -> Sequence[NDArray[np.float32]]:
        """Each output for one row of ids.

        Raises:
            ModelError: in a forked process, where the model's folder is not what it was when the parent loaded it.
        """
        process = os.getpid()
        session = self._sessions.get(process) or self._sessions.setdefault(process, self._reopen())
        outputs: Sequence[NDArray[np.float32]] = session.run(list(OUTPUTS), {"input_ids": ids})
        return outputs

    def _open(self) -> Any:
        import onnxruntime as ort  # noqa: PLC0415 - the decoder's tools need no session

        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # windows are read side by side instead, and no sum depends on threads
        options.log_severity_level = 3
        path = self.folder / "model.onnx"
        try:
            return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises its own unrelated classes, one for each way to be damaged
            raise ModelError(f"{path} cannot be loaded: {error}; install govie again") from error

    def _reopen(self) -> Any:
        if verify(self.folder) != self._digests:
            raise ModelError(f"the model in {self.folder} is another than when it was loaded; load it again in this process")
        return self._open()

    def __reduce__(self) -> tuple[Any, ...]:
        return _load, (self.folder, self._asked)


def _load(folder: Path, threads: int | None) -> Tagger:
    return Tagger(folder, threads=threads)
