"""The package's data files (``govie/data``): what is knowledge and not code."""

from __future__ import annotations

import sys
from importlib.resources import files
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["data_names", "data_text", "data_toml", "parse_toml"]


def data_text(*path: str) -> str:
    """The text of a file, by its path below ``govie/data``."""
    return files("govie").joinpath("data", *path).read_text(encoding="utf-8")


def data_toml(*path: str) -> dict[str, Any]:
    """A TOML file, by its path below ``govie/data``."""
    return parse_toml(data_text(*path))


def data_names(folder: str) -> list[str]:
    """The names of the files in a folder of ``govie/data``, in order."""
    return sorted(path.name for path in files("govie").joinpath("data", folder).iterdir())


def parse_toml(text: str) -> dict[str, Any]:
    """TOML as a dict, on every Python that govie runs on."""
    return tomllib.loads(text)
