"""What is handed to the linker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Place = tuple[int, int]
Spans = Mapping[str, Mapping[Place, float]]  # the scope spans of each role, each with how sure the model is that it is one, 0 to 1


@dataclass(frozen=True, slots=True)
class Mention:
    """A claim as the linker sees it: its quantity's or denied mention's span in the folded text, and its metric."""

    start: int
    end: int
    metric: str
    denied: bool = False
