"""Characters to ids. Numerals are folded to a shape, so that the model sees that a number stands there, not which one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from govie.errors import ModelError

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNK, CLS, SEP, MASK = range(len(SPECIALS))
_CODES = 0x10000


class Vocabulary:
    """The characters that the model knows, one row of its embedding each, behind the five specials.

    Every digit but 0 becomes ``8``: length and magnitude stay, identity goes (FiNER, Loukas et al. 2022).
    """

    def __init__(self, characters: Sequence[str]) -> None:
        self.characters = tuple(characters)
        self._table = np.full(_CODES, UNK, dtype=np.int64)
        for row, character in enumerate(self.characters, len(SPECIALS)):
            self._table[ord(character)] = row
        self._table[ord("1") : ord("9") + 1] = self._table[ord("8")]

    def __len__(self) -> int:
        return len(SPECIALS) + len(self.characters)

    def encode(self, text: str) -> np.ndarray:
        """Ids of folded ``text``, shape ``(len(text),)``, int64, without specials. Unknown characters become ``UNK``."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        ids: np.ndarray = self._table[np.minimum(codes, _CODES - 1)]
        return ids

    def save(self, path: Path) -> None:
        """One row a line; the line break is written as ``\\n``."""
        rows = ["\\n" if c == "\n" else c for c in self.characters]
        path.write_text("\n".join([*SPECIALS, *rows]) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read what :meth:`save` wrote.

        Raises:
            ModelError: where the file is missing or is no vocabulary.
        """
        try:
            rows = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ModelError(f"no vocabulary at {path}: {error}; install govie again, or name another model folder") from error
        if tuple(rows[: len(SPECIALS)]) != SPECIALS:
            raise ModelError(f"{path} is no vocabulary of govie: it does not begin with {' '.join(SPECIALS)}")
        return cls(["\n" if row == "\\n" else row for row in rows[len(SPECIALS) :]])
