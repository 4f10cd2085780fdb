"""spaCy: the pipeline component ``govie``.

>>> import spacy
>>> nlp = spacy.blank("zh")
>>> _ = nlp.add_pipe("govie")
>>> doc = nlp("全年共受理政府信息公开申请5件,其中通过网络渠道申请的共3件。")
>>> [(span.text, span.label_, span._.claim.value) for span in doc.spans["govie"]]
[('5件', 'application.received', Decimal('5')), ('3件', 'application.received', Decimal('3'))]
>>> [claim.text for claim in doc._.claims]
['5件', '3件']

``doc._.claims`` is a :class:`govie.Extraction`, so that ``doc._.claims.check()`` and ``to_frame()`` are there too. ``span._.claim`` is the claim
that a span of the group stands for, ``span._.claims`` those within any span, such as a sentence. Tokens are left as they are: where a claim has
other borders than the words, its span is the words that it touches and the claim keeps its own offsets into ``doc.text``.
"""

import shutil
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc, Span
from spacy.util import from_bytes, minibatch, to_bytes

from govie.errors import ModelError
from govie.extractor import Extractor, load
from govie.formats.docs import KEY, claim_of, claims_in, extraction_of, put_claims
from govie.metrics import metrics
from govie.model.digests import SEALED, SUMS
from govie.page.data import colour_of

__all__ = ["ClaimFinder", "colours", "make_claim_finder", "register"]

_FILES = (*SEALED, SUMS, "metrics.tsv")
_EXTENSIONS = ((Doc, "claims", extraction_of), (Span, "claim", claim_of), (Span, "claims", claims_in))


class ClaimFinder(Pipe):  # type: ignore[misc]
    """Sets ``doc.spans[spans_key]``, ``doc._.claims``, ``span._.claim`` and ``span._.claims``.

    A pipeline that is saved takes a model of its own along, and finds it again wherever it is loaded; the shipped one stays in the package.

    Args:
        name: the component's name in the pipeline.
        model: a model's folder, as for :func:`govie.load`; None for the shipped one. It is loaded when the first text, or
            ``nlp.initialize``, needs it.
        min_confidence: leave out claims with a lower confidence, 0 to 1.
        spans_key: the span group; two components with different ones do not disturb each other.
        threads: processor threads; None takes what the machine has, four at most. 1 is right with ``nlp.pipe(n_process=…)``.
    """

    hide_labels = True  # or nlp.meta would load the model

    def __init__(
        self, name: str = "govie", *, model: str | Path | None = None, min_confidence: float = 0.0, spans_key: str = KEY, threads: int | None = None
    ) -> None:
        register()
        self.name, self.min_confidence, self.spans_key, self.threads = name, min_confidence, spans_key, threads
        self._folder = None if model is None else Path(model)
        self._loaded: Extractor | None = None

    @property
    def extractor(self) -> Extractor:
        """The model.

        Raises:
            ModelError: where there is none at the path given, or it is damaged.
        """
        if self._loaded is None:
            self._loaded = load(self._folder, threads=self.threads)
        return self._loaded

    @property
    def labels(self) -> tuple[str, ...]:
        """The codes that the model knows, which are the labels of the spans."""
        return tuple(self.extractor.metrics)

    @property
    def displacy_options(self) -> dict[str, Any]:
        """What ``displacy.render(doc, style="span", options=…)`` needs: the span group, and a colour for each code of the model."""
        return {"spans_key": self.spans_key, "colors": colours(self.extractor.metrics)}

    def __call__(self, doc: Doc) -> Doc:
        """The document with its claims."""
        put_claims(doc, self.extractor.extract(doc.text, min_confidence=self.min_confidence), key=self.spans_key)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """The documents with their claims, in order."""
        for docs in minibatch(stream, batch_size):
            try:
                found = list(self.extractor.extract_batch([doc.text for doc in docs], min_confidence=self.min_confidence))
                for doc, claims in zip(docs, found, strict=True):
                    put_claims(doc, claims, key=self.spans_key)
            except Exception as error:  # spaCy's rule: what becomes of a batch that fails is for its error handler to say
                self.get_error_handler()(self.name, self, docs, error)
                continue
            yield from docs

    def initialize(
        self, get_examples: Callable[[], Iterable[Any]] | None = None, *, nlp: Language | None = None, model: str | Path | None = None
    ) -> None:
        """Load the model now; ``model`` as ``[initialize.components.govie]`` of the configuration names it.

        Raises:
            ModelError: where there is none, or it is damaged.
        """
        if model is not None:
            self._folder = Path(model)
        self._loaded = None
        _ = self.extractor

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Save the model, if it is not the shipped one; the settings are in the pipeline's ``config.cfg``."""
        if "model" not in exclude and (files := self._files()):
            _write(files, Path(path, "model"))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "ClaimFinder":
        """Take the model that :meth:`to_disk` saved, if there is one."""
        if "model" not in exclude and Path(path, "model").is_dir():
            self._folder, self._loaded = Path(path, "model"), None
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """:meth:`to_disk` as bytes."""
        data: bytes = to_bytes({"model": self._files}, exclude)
        return data

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> "ClaimFinder":
        """Take the model that :meth:`to_bytes` holds, if there is one."""
        from_bytes(data, {"model": self._take}, exclude)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive, (self.name, self.min_confidence, self.spans_key, self.threads, self.to_bytes())

    def _take(self, files: Mapping[str, bytes]) -> None:
        if files:
            self._folder, self._loaded = Path(mkdtemp(prefix="govie-")), None
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)  # kept as long as the component: its workers load from it too
            _write(files, self._folder)

    def _files(self) -> dict[str, bytes]:
        if self._folder is None:
            return {}
        try:
            return {name: (self._folder / name).read_bytes() for name in _FILES if name != "metrics.tsv" or (self._folder / name).is_file()}
        except OSError as error:
            raise ModelError(f"the model in {self._folder} cannot be saved with the pipeline: {error}") from error


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in files.keys() & set(_FILES):
        (folder / name).write_bytes(files[name])


def _revive(name: str, min_confidence: float, spans_key: str, threads: int | None, data: bytes) -> ClaimFinder:
    return ClaimFinder(name, min_confidence=min_confidence, spans_key=spans_key, threads=threads).from_bytes(data)


def make_claim_finder(nlp: Language, name: str, *, model: str | None, min_confidence: float, spans_key: str, threads: int | None) -> ClaimFinder:
    """The factory ``govie``, which spaCy finds by its entry point."""
    return ClaimFinder(name, model=model, min_confidence=min_confidence, spans_key=spans_key, threads=threads)


Language.factory(
    "govie",
    default_config={"model": None, "min_confidence": 0.0, "spans_key": KEY, "threads": None},
    assigns=["doc.spans", "doc._.claims", "span._.claim", "span._.claims"],
    func=make_claim_finder,
)


def register() -> None:
    """Set the extensions; ``nlp.add_pipe("govie")`` does it. Needed where documents are read that another process has made.

    Raises:
        ValueError: of spaCy, where something else has set an extension of that name.
    """
    for owner, name, getter in _EXTENSIONS:
        if not (owner.has_extension(name) and owner.get_extension(name)[2] is getter):
            owner.set_extension(name, getter=getter)


def colours(codes: Iterable[str] | None = None) -> dict[str, str]:
    """displaCy's colours, by metric family as on the page of ``govie view``; an entry point, so that displaCy knows them by itself.

    >>> colours()["review.cases"] == colours()["litigation.cases"] != colours()["fee.amount"]
    True
    """
    return {code: colour_of(code) for code in (metrics() if codes is None else codes)}
