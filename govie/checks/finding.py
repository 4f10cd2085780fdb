"""What a check returns."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from govie.claims import Claim

__all__ = ["STATUSES", "Finding"]

STATUSES = ("pass", "fail", "uncertain", "not_assessable")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one place of a report.

    Attributes:
        code: the rule, stable between versions, such as ``table.applications.balance``; see ``govie/data/checks.toml``.
        status: ``pass``: it holds. ``fail``: it does not, whatever the reading. ``uncertain``: the figures do not agree, but something
            makes it doubtful that they must. ``not_assessable``: it cannot be decided; the message says why.
        message_zh, message_en: the same sentence in Chinese and in English, with the arithmetic written out.
        left, right: the claims on each side, in text order; claims of the year before stand in ``previous``.
        difference: left side less right side, in the claims' unit; None where there is nothing to subtract, and the nearest
            possible difference where figures are approximate.
        previous: the claims of the report of the year before that take part.
    """

    code: str
    status: str
    message_zh: str
    message_en: str
    left: tuple[Claim, ...] = ()
    right: tuple[Claim, ...] = ()
    difference: Decimal | None = None
    previous: tuple[Claim, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The report's own claims of both sides."""
        return self.left + self.right

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it; the difference as a plain decimal string."""
        return {
            "code": self.code, "status": self.status, "message_zh": self.message_zh, "message_en": self.message_en,
            "difference": None if self.difference is None else format(self.difference, "f"),
            "left": [claim.to_dict() for claim in self.left], "right": [claim.to_dict() for claim in self.right],
            "previous": [claim.to_dict() for claim in self.previous],
        }  # fmt: skip
