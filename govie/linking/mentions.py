"""What is handed to the linker."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mention:
    """A claim as the linker sees it: its quantity's or denied mention's span in the folded text, and its metric."""

    start: int
    end: int
    metric: str
    denied: bool = False
