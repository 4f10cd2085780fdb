"""The way from text to claims: fold, read the tables, find candidates, let the model decide, give every span back its place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from importlib.resources import files
from itertools import chain
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from govie.claims import Claim, Scope, Span
from govie.denials import find_denials
from govie.distributive import find_per
from govie.document import Document, Extraction
from govie.linking.mentions import Mention, Place, Spans
from govie.metrics import Metric, metrics, read_metrics
from govie.numbers import Quantity, find_quantities
from govie.parallel import in_order
from govie.profiling import OFF, Profile
from govie.tables import read_tables
from govie.text import Folded, fold
from govie.windows import Window, windows

if TYPE_CHECKING:
    from govie.linking.linker import Linker
    from govie.model.decode import Reading
    from govie.model.reader import Reader

__all__ = ["Extractor", "load", "shipped_folder"]

_UNIT_NEAR = re.compile("(人次|人数|件数|条数|次数|份数|户数|台次|批次|场次)[^,。;0-9]{0,6}$")
_UNIT_OF = {"人数": "人", "件数": "件", "条数": "条", "次数": "次", "份数": "份", "户数": "户"}


class Extractor:
    """Reads reports with one loaded model. Safe to share between threads, and picklable.

    Args:
        tagger: the model; :func:`load` makes both from a folder.
        linker: ties the scope spans that it finds to its claims.
        known: what its codes mean; None for the shipped ``metrics.tsv``.
    """

    def __init__(self, tagger: Reader, linker: Linker, *, known: Mapping[str, Metric] | None = None) -> None:
        self._tagger, self._linker = tagger, linker
        known = metrics() if known is None else known
        self._metrics = {code: known.get(code) or Metric(code, code, "个", "") for code in tagger.codes}
        self._units = {code: metric.unit for code, metric in self._metrics.items()}

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """The codes that this model knows, with their names and units."""
        return MappingProxyType(self._metrics)

    def extract(self, text: str | Document, *, min_confidence: float = 0.0, profile: Profile = OFF) -> Extraction:
        """Every claim of a report's text, in text order.

        Args:
            text: the text, of any length, or a document; offsets of the result are into it as given.
            min_confidence: leave out claims with a lower confidence, 0 to 1.
            profile: what the time of each stage is added to.

        Raises:
            TextError: where ``text`` is neither.
        """
        return self._extract(text, min_confidence, profile, threads=self._tagger.threads)

    def extract_batch(
        self, texts: Iterable[str | Document], *, min_confidence: float = 0.0, profile: Profile = OFF
    ) -> Iterator[Extraction]:  # fmt: skip
        """:meth:`extract` for each of ``texts``, in their order, on the model's threads; a few texts are taken ahead, so that memory stays flat."""
        return in_order(lambda text: self._extract(text, min_confidence, profile, threads=1), texts, threads=self._tagger.threads)

    def _extract(self, text: str | Document, min_confidence: float, profile: Profile, *, threads: int) -> Extraction:
        document = text if isinstance(text, Document) else Document(text)
        with profile.stage("fold"):
            folded = fold(document.text)
        with profile.stage("tables"):
            tables = read_tables(document)
            outside = _Outside([folded.folded_span(*region) for region in tables.regions])
        with profile.stage("candidates"):
            quantities = [quantity for quantity in find_quantities(folded.text) if outside(quantity.start, quantity.end)]
        with profile.stage("windows"):
            denials = [start for start in find_denials(folded.text) if outside(start, start + 1)]
            found = list(windows(folded.text, sorted({*(quantity.start for quantity in quantities), *denials})))
        prose = self._prose(document.text, folded, quantities, found, outside=outside, profile=profile, threads=threads)
        claims = [claim for claim in chain(prose, tables.claims) if claim.confidence is None or claim.confidence >= min_confidence]
        claims.sort(key=lambda claim: (claim.start, claim.end))
        profile.count(characters=len(document.text), windows=len(found), read=sum(window.end - window.start for window in found))
        return Extraction(document, tuple(claims))

    def _prose(
        self, source: str, folded: Folded, quantities: list[Quantity], found: list[Window], *, outside: _Outside, profile: Profile, threads: int
    ) -> Iterator[Claim]:  # fmt: skip
        """The claims of what stands ``outside`` the tables, as the windows are read: what is done with is not held."""
        if not found:
            return
        with profile.stage("linker"):
            chunks = self._linker.begin(folded.text)
        waiting: list[Reading] = []
        for window, following, readings, spans in self._read(folded.text, quantities, found, profile, threads=threads):
            with profile.stage("linker"):
                new = [reading for reading in readings if reading.start >= window.core and outside(reading.start, reading.end)]
                waiting += new
                mentions = [Mention(reading.start, reading.end, reading.metrics[0][0], reading.denied) for reading in new]
                chunks.add(mentions, spans, core=window.core)
                linked = chunks.rest() if following is None else chunks.linked(following.start)
            with profile.stage("claims"):
                made = self._claims(source, folded, waiting[: len(linked)], linked, quantities)
                del waiting[: len(linked)]
            yield from made

    def _read(
        self, text: str, quantities: list[Quantity], found: list[Window], profile: Profile, *, threads: int
    ) -> Iterator[tuple[Window, Window | None, list[Reading], Spans]]:  # fmt: skip
        """Each window, the one after it, its readings and its scope spans by role, in the text's offsets. Each window is read by itself, by
        one thread: neither neighbours nor threads can change what is read."""
        read = partial(self._tagger.read, profile=profile)
        answers = in_order(lambda asked: read(*asked), _questions(text, quantities, found), threads=threads)
        for window, following, (readings, roles) in zip(found, chain(found[1:], [None]), answers, strict=True):
            shift = window.start
            moved = [replace(reading, start=reading.start + shift, end=reading.end + shift) for reading in readings]
            spans = {role: {(start + shift, end + shift): share for (start, end), share in places.items()} for role, places in roles.items()}
            yield window, following, moved, spans

    def _claims(
        self, source: str, folded: Folded, readings: Sequence[Reading], linked: Sequence[Mapping[str, Place]], quantities: Sequence[Quantity]
    ) -> list[Claim]:  # fmt: skip
        places = {place for scopes in linked for place in scopes.values()}
        spans = {place: Span(*folded.source_span(*place), source=source) for place in places}  # those of several claims are made once
        return [
            claim
            for reading, scopes in zip(readings, linked, strict=True)
            for claim in self._stated(source, folded, reading, Scope(**{role: spans[place] for role, place in scopes.items()}), quantities)
        ]

    def _stated(self, source: str, folded: Folded, reading: Reading, scope: Scope, quantities: Sequence[Quantity]) -> Iterator[Claim]:
        start, end = folded.source_span(reading.start, reading.end)
        quantity = _quantity(quantities, reading)
        for metric, share in reading.metrics:
            unit = self._units[metric]
            if quantity is None:
                yield Claim(start, end, Decimal(0), unit, metric, scope=scope, kind="reported", confidence=share, source=source)
                continue
            yield Claim(
                start, end, quantity.value, quantity.unit or unit_near(folded.text, quantity.start) or unit, metric, high=quantity.high,
                bound=quantity.bound, per=find_per(folded.text, quantity.start), scope=scope, kind=reading.kind, confidence=share, source=source,
            )  # fmt: skip


class _Outside:
    """Whether a span lies outside all of some others, which are in order and may overlap."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(places):
            self._starts.append(start)
            self._ends.append(max(end, self._ends[-1] if self._ends else end))

    def __call__(self, start: int, end: int) -> bool:
        n = bisect_left(self._starts, end)
        return n == 0 or self._ends[n - 1] <= start


def _questions(text: str, quantities: Sequence[Quantity], found: Iterable[Window]) -> Iterator[tuple[str, list[Place]]]:
    """What each window shows, with the quantities that it is asked about, in its offsets."""
    for window in found:
        first, last = (bisect_left(quantities, place, key=_start) for place in (window.start, window.end))
        inside = quantities[first:last]
        spans = [(quantity.start - window.start, quantity.end - window.start) for quantity in inside if quantity.end <= window.end]
        yield text[window.start : window.end], spans


def _quantity(quantities: Sequence[Quantity], reading: Reading) -> Quantity | None:
    """The quantity that was read; None of a denied mention."""
    n = bisect_left(quantities, reading.start, key=_start)
    found = quantities[n] if n < len(quantities) else None
    return found if found and (found.start, found.end) == (reading.start, reading.end) else None


_start = attrgetter("start")


def unit_near(text: str, start: int) -> str | None:
    """The unit that the words before a bare number state: 查阅人次达1.5万."""
    match = _UNIT_NEAR.search(text, max(0, start - 10), start)
    return _UNIT_OF.get(match[1], match[1]) if match else None


def load(path: str | Path | None = None, *, threads: int | None = None) -> Extractor:
    """Load a model; the shipped one when no folder is named.

    Args:
        path: a model folder as :mod:`training.export` writes it; a ``metrics.tsv`` in it says what its codes mean.
        threads: processor threads, which read windows side by side; None takes what the machine has, four at most. They change no answer.

    Raises:
        ModelError: where there is no model, or a damaged one.
        DataError: where its ``metrics.tsv`` is none.
    """
    from govie.linking.linker import Linker  # noqa: PLC0415 - numpy and onnxruntime load with the first model, not with `import govie`
    from govie.model.tagger import Tagger  # noqa: PLC0415

    folder = shipped_folder() if path is None else Path(path)
    own = folder / "metrics.tsv"
    known = read_metrics(own) if own.is_file() else None
    return Extractor(Tagger(folder, threads=threads), Linker.load(folder / "linker.npz"), known=known)


def shipped_folder() -> Path:
    """The folder of the shipped model: inside the installed package, or beside it in a working copy."""
    package = Path(str(files("govie")))
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent / "models" / "shipped"
