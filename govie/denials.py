"""Words of denial: where a sentence may say, without a number, that something did not happen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from govie.resources import data_toml

__all__ = ["find_denials"]


def find_denials(text: str) -> list[int]:
    """Where words of denial begin in folded ``text``, in order. Source: ``govie/data/denials.toml``.

    >>> find_denials("全年未发生行政复议案。未来不断改进,不得收费。")
    [2]
    """
    return [match.start() for match in _pattern().finditer(text)]


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(_cue(word, company) for word, company in data_toml("denials.toml")["cues"].items()))


def _cue(word: str, company: Mapping[str, Any]) -> str:
    before = f"(?<![{company['not_after']}])" if "not_after" in company else ""
    behind = "".join(f"(?{sign}{'|'.join(company[name])})" for name, sign in (("not_before", "!"), ("only_before", "=")) if name in company)
    return before + word + behind
