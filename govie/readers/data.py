"""The package's data files."""

from __future__ import annotations

import sys
from importlib.resources import files
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def load_toml(name: str) -> dict[str, Any]:
    """A TOML file of ``govie/data``."""
    return tomllib.loads(files("govie").joinpath("data", name).read_text(encoding="utf-8"))
