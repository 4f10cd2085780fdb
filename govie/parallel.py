"""Work on several threads, given back in order and only a little ahead of who asks for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import TypeVar

__all__ = ["in_order"]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def in_order(function: Callable[[_Item], _Result], items: Iterable[_Item], *, threads: int) -> Iterator[_Result]:
    """``function`` of each of ``items``, in their order; twice as many as ``threads`` are taken ahead, so that memory stays flat.

    Items are taken in the caller's thread. An error is raised at its item's turn, and what has not begun is left. The threads live as
    long as the iteration: nothing is left behind that a forked process would lack.

    >>> list(in_order(abs, [-3, 2, -1], threads=2))
    [3, 2, 1]
    """
    source = iter(items)
    first = list(islice(source, 2)) if threads > 1 else []
    if len(first) < 2:
        yield from map(function, chain(first, source))
        return
    pool = ThreadPoolExecutor(threads, thread_name_prefix="govie")
    waiting: deque[Future[_Result]] = deque()
    try:
        for item in chain(first, source):
            waiting.append(pool.submit(function, item))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
