"""The rules that are data: ``govie/data/checks.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from govie.claims import Claim
from govie.errors import DataError
from govie.resources import data_toml

__all__ = ["Cells", "TableRule", "checks", "table_rules"]

_PARTS = ("category", "channel", "applicant")


@dataclass(frozen=True, slots=True)
class Cells:
    """Which cells of a table stand on a side: a metric, and for category, channel and applicant ``none``, ``any`` or words of which one
    must stand in it; a part that is not named may be anything."""

    metric: str
    parts: tuple[tuple[str, str | tuple[str, ...]], ...]

    def __contains__(self, claim: Claim) -> bool:
        return claim.metric == self.metric and all(_fits(getattr(claim.scope, name), wanted) for name, wanted in self.parts)


def _fits(part: object, wanted: str | tuple[str, ...]) -> bool:
    if wanted == "none":
        return part is None
    text = "".join(str(part).split()) if part is not None else ""
    return bool(text) and (wanted == "any" or any(word in text for word in wanted))


@dataclass(frozen=True, slots=True)
class TableRule:
    """An identity of a statutory table; its fields are those of the file, which explains them."""

    code: str
    zh: str
    en: str
    by: str
    left: tuple[Cells, ...]
    right: tuple[Cells, ...]
    rows: int
    after: bool = False
    least: bool = False


@cache
def checks() -> Mapping[str, Any]:
    """The whole file."""
    return data_toml("checks.toml")


@cache
def table_rules() -> tuple[TableRule, ...]:
    """The identities of the statutory tables, in the file's order.

    Raises:
        DataError: where the file is wrong.
    """
    try:
        return tuple(TableRule(**{**rule, "left": _cells(rule["left"]), "right": _cells(rule["right"])}) for rule in checks()["tables"])
    except (KeyError, TypeError) as error:
        raise DataError(f"checks.toml: {error}") from error


def _cells(entries: list[dict[str, Any]]) -> tuple[Cells, ...]:
    found = []
    for entry in entries:
        unknown = set(entry) - {"metric", *_PARTS}
        if unknown:
            raise DataError(f"checks.toml: a side names {', '.join(sorted(unknown))}; there are metric, {', '.join(_PARTS)}")
        parts = tuple((name, tuple(wanted) if isinstance(wanted, list) else wanted) for name in _PARTS if (wanted := entry.get(name)))
        found.append(Cells(entry["metric"], parts))
    return tuple(found)
