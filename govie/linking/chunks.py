"""A text's claims linked in chunks: as its windows are read, with what was chosen before carried over, and only what is near held."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from govie.claims import ROLES
from govie.linking.mentions import Mention, Place, Spans
from govie.linking.page import Page

if TYPE_CHECKING:
    from govie.linking.linker import Linker

__all__ = ["AHEAD", "CHUNK", "REACH", "Chunks", "History"]

REACH, AHEAD = 420, 24  # characters before and behind a claim in which a span may govern it
CHUNK = 256  # claims linked at once: enough for numpy, and a few megabytes
_LOOK_BACK = 64  # more spans of a role than a window can hold


class History:
    """What one role's spans have been chosen so far."""

    def __init__(self) -> None:
        self.last: Place | None = None
        self.earlier: set[Place] = set()

    def add(self, chosen: Place | None) -> None:
        """The choice for the next claim."""
        self.last = chosen
        if chosen is not None:
            self.earlier.add(chosen)

    def forget(self, before: int) -> None:
        """Spans that begin before a place are asked for no more."""
        self.earlier = {place for place in self.earlier if place[0] >= before}


class Chunks:
    """Links the claims of one text. The answer is that of :meth:`Linker.link` on all claims and spans at once.

    A claim is linked when everything near it is known: the spans that it may choose from and the claim that follows it. Claims and spans
    are let go when no claim to come can reach them.

    Args:
        linker: what chooses.
        text: folded text, all of it.
        size: how many claims are linked at once, at least; it changes no answer.
    """

    def __init__(self, linker: Linker, text: str, *, size: int = CHUNK) -> None:
        self._linker, self._page, self._size = linker, Page(text), size
        self._mentions: list[Mention] = []
        self._done = 0  # how many of them are linked, and held for those behind them
        self._spans: dict[str, dict[Place, float]] = {role: {} for role in ROLES}
        self._histories = {role: History() for role in ROLES}

    def add(self, mentions: Sequence[Mention], spans: Spans, *, core: int) -> None:
        """What a window holds. What an earlier window has read before ``core`` stays; what it missed, with less in view, is added.

        Args:
            mentions: claims behind those that were added before, in text order; one place may stand twice.
            spans: the scope spans of every role, each with how sure the model is of it, 0 to 1.
            core: where the window's own part begins.
        """
        self._mentions += mentions
        for role, places in spans.items():
            known = self._spans[role]
            near = list(islice(reversed(known), _LOOK_BACK))
            known |= {place: share for place, share in places.items() if place[0] >= core or not _overlaps(place, near)}

    def linked(self, upto: int) -> list[dict[str, Place]]:
        """The span of each role that governs each of the next claims, where enough of them are certain; else nothing.

        Args:
            upto: all spans that begin before this place are known; the next window's start.
        """
        ready = len(self._mentions) - 1  # the last one's neighbour is not known
        while ready > self._done and self._mentions[ready - 1].end + AHEAD > upto:
            ready -= 1
        count = ready - self._done
        return self._link(count) if count >= self._size else []

    def rest(self) -> list[dict[str, Place]]:
        """The same for all claims that are left; nothing more comes."""
        return self._link(len(self._mentions) - self._done)

    def _link(self, count: int) -> list[dict[str, Place]]:
        linked: list[dict[str, Place]] = []
        while len(linked) < count:
            own = range(self._done, self._done + min(self._size, count - len(linked)))
            linked += self._linker.choose(self._page, self._mentions, self._spans, own, self._histories)
            self._done = own.stop
            self._forget()
        return linked

    def _forget(self) -> None:
        """Let go of what no claim to come can reach. The next one begins behind the last linked, whatever the windows to come hold."""
        nearest = self._mentions[min(self._done, len(self._mentions) - 1)].start - REACH
        first = self._done - 1  # the claim before is looked at, however far it is
        while first > 0 and self._mentions[first - 1].start >= nearest:
            first -= 1
        del self._mentions[:first]
        self._done -= first
        for role, places in self._spans.items():
            self._spans[role] = {place: share for place, share in places.items() if place[0] >= nearest}
            self._histories[role].forget(nearest)


def _overlaps(place: Place, others: Sequence[Place]) -> bool:
    return any(start < place[1] and place[0] < end for start, end in others)
