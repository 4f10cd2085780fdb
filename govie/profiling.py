"""What each stage of an extraction costs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

__all__ = ["OFF", "Profile"]

STAGES = ("fold", "tables", "candidates", "windows", "tokenise", "model", "decode", "linker", "claims")


class Profile:
    """Processor seconds by stage, over any number of texts and threads.

    Attributes:
        seconds: by stage, in the order of the way.
        characters: of the texts as given.
        windows: how many the model has read.
        read: characters that the model has read, context included.

    >>> profile = Profile()
    >>> with profile.stage("fold"):
    ...     profile.count(characters=1000)
    >>> profile.characters, list(profile.seconds)[0]
    (1000, 'fold')
    """

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self.characters = self.windows = self.read = 0
        self._lock = threading.Lock()

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Count the time of this thread within a ``with`` to the stage ``name``."""
        return self._measure(name)

    @contextmanager
    def _measure(self, name: str) -> Iterator[None]:
        began = time.thread_time()
        try:
            yield
        finally:
            spent = time.thread_time() - began
            with self._lock:
                self.seconds[name] += spent

    def count(self, *, characters: int = 0, windows: int = 0, read: int = 0) -> None:
        """Add to the counts."""
        with self._lock:
            self.characters += characters
            self.windows += windows
            self.read += read

    def table(self) -> str:
        """The stages as plain text, a line each: seconds, microseconds a character, share, and characters a second of one processor."""
        whole = sum(self.seconds.values()) or 1e-9
        rows = [*self.seconds.items(), ("all", whole)]
        size = max(1, self.characters)
        lines = [f"{name:<12}{s:>10.3f}{s / size * 1e6:>10.2f}{s / whole:>8.1%}{size / max(s, 1e-9):>14,.0f}" for name, s in rows]
        tail = f"{self.characters:,} characters; the model has read {self.read:,} in {self.windows:,} windows"
        return "\n".join([f"{'stage':<12}{'cpu s':>10}{'µs/char':>10}{'share':>8}{'char/s':>14}", *lines, tail])


class _Off(Profile):
    def __init__(self) -> None:
        super().__init__()
        self._nothing = nullcontext()

    def stage(self, name: str) -> AbstractContextManager[None]:
        return self._nothing

    def count(self, *, characters: int = 0, windows: int = 0, read: int = 0) -> None:
        pass


OFF: Profile = _Off()
"""Measures nothing."""
