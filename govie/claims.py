"""What govie returns: claims with their scope and spans. All are frozen, and none can contradict the text it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import InitVar, dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from govie.errors import ClaimError

__all__ = ["BOUNDS", "KINDS", "ROLES", "Claim", "Scope", "Span"]

ROLES = ("entity", "channel", "period", "category", "applicant")
BOUNDS = ("=", ">", ">=", "<", "<=", "~", "..")
KINDS = ("reported", "planned", "required")


def _cut(source: str, start: int, end: int) -> str:
    """The text of a non-empty half-open span."""
    if not 0 <= start < end <= len(source):
        raise ClaimError(f"no span {start}:{end} in a text of {len(source)} characters")
    return source[start:end]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text as given.

    Attributes:
        start, end: half-open offsets in code points (Python string indices).
        text: what stands there; cut from ``source``, so that it cannot differ.

    Raises:
        ClaimError: where the offsets are no non-empty span of ``source``.

    >>> Span(0, 2, source="全年,县政府").text
    '全年'
    """

    start: int
    end: int
    text: str = field(init=False)
    source: InitVar[str] = field(kw_only=True)

    def __post_init__(self, source: str) -> None:
        object.__setattr__(self, "text", _cut(source, self.start, self.end))

    def __str__(self) -> str:
        return self.text

    def to_dict(self) -> dict[str, Any]:
        """``{"start", "end", "text"}``."""
        return {"start": self.start, "end": self.end, "text": self.text}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, source: str) -> Span:
        """A span from :meth:`to_dict`'s shape.

        Raises:
            ClaimError: where ``data["text"]`` is not what stands in ``source``.
        """
        span = cls(data["start"], data["end"], source=source)
        if data.get("text", span.text) != span.text:
            raise ClaimError(f"{data['start']}:{data['end']} is {span.text!r} in the text, not {data['text']!r}")
        return span


@dataclass(frozen=True, slots=True)
class Scope:
    """What a claim is about, each part a span of the text or None.

    Attributes:
        entity: the body, level or region. channel: through which channel. period: when.
        category: the slice of the metric. applicant: whose applications.
    """

    entity: Span | None = None
    channel: Span | None = None
    period: Span | None = None
    category: Span | None = None
    applicant: Span | None = None

    def __iter__(self) -> Iterator[tuple[str, Span]]:
        """The parts that are there, as ``(role, span)``."""
        return ((role, part) for role in ROLES if (part := getattr(self, role)) is not None)

    def to_dict(self) -> dict[str, Any]:
        """Every role, with a span's dict or None."""
        return {role: part.to_dict() if (part := getattr(self, role)) else None for role in ROLES}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, source: str) -> Scope:
        """A scope from :meth:`to_dict`'s shape; roles left out are None."""
        unknown = set(data) - set(ROLES)
        if unknown:
            raise ClaimError(f"no scope roles: {', '.join(sorted(unknown))}; there are {', '.join(ROLES)}")
        parts = {role: Span.from_dict(part, source=source) for role, part in data.items() if part}
        return cls(**parts)


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that a report states about the work it reports on.

    Attributes:
        start, end, text: the quantity (numeral, approximators, unit) as a half-open span of the text as given.
        value: exact, in the base unit: 万 and 亿 folded in, money in 元, percent as written.
        high: the upper end of a range (``bound`` is ``..``), else None.
        unit: canonical unit in simplified characters, such as ``件``, ``人次``, ``元``, ``%``.
        bound: one of ``=  >  >=  <  <=  ~  ..``.
        per: what one such quantity belongs to where the number is distributive (日, 月, 个 …), else None.
        metric: a code of ``metrics.tsv``.
        scope: the spans that say what the number is about.
        kind: ``reported``, ``planned`` or ``required``.
        confidence: the model's probability of the metric, 0 to 1, or None where no model was asked. Of a cell of a statutory table
            1, or less where the page leaves its column open.
        is_total: whether it is a cell of a statutory table that sums up others of it; False in prose.
        note: what a reader of the claim should know of it, such as why it is in doubt, or None.

    Raises:
        ClaimError: where offsets, bound, kind, value or range contradict each other or ``source``.
    """

    start: int
    end: int
    text: str = field(init=False)
    value: Decimal
    unit: str
    metric: str
    high: Decimal | None = None
    bound: str = "="
    per: str | None = None
    scope: Scope = field(default_factory=Scope)
    kind: str = "reported"
    confidence: float | None = field(default=None, compare=False)
    is_total: bool = False
    note: str | None = None
    source: InitVar[str] = field(kw_only=True)

    def __post_init__(self, source: str) -> None:
        object.__setattr__(self, "text", _cut(source, self.start, self.end))
        if self.bound not in BOUNDS or self.kind not in KINDS:
            raise ClaimError(f"{self.text!r}: bound {self.bound!r} or kind {self.kind!r} is not of the contract")
        if not isinstance(self.value, Decimal) or not self.value.is_finite():
            raise ClaimError(f"{self.text!r}: the value must be a finite Decimal, not {self.value!r}")
        if (self.high is not None) != (self.bound == ".."):
            raise ClaimError(f"{self.text!r}: a range, and only a range, has a high end")
        if not self.metric or not self.unit:
            raise ClaimError(f"{self.text!r}: a claim needs a metric and a unit")
        for role, part in self.scope:
            if source[part.start : part.end] != part.text:
                raise ClaimError(f"{self.text!r}: its {role} {part.text!r} is of another text")

    def to_dict(self) -> dict[str, Any]:
        """The shape of the gold files; numbers as plain decimal strings, so that no digit is lost. ``confidence``, ``is_total`` and
        ``note`` are there only where they say something."""
        return {
            "start": self.start, "end": self.end, "text": self.text, "value": _plain(self.value),
            "high": None if self.high is None else _plain(self.high), "unit": self.unit, "bound": self.bound, "per": self.per,
            "metric": self.metric, "scope": self.scope.to_dict(), "kind": self.kind,
            **({} if self.confidence is None else {"confidence": round(self.confidence, 4)}),
            **({"is_total": True} if self.is_total else {}), **({} if self.note is None else {"note": self.note}),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, source: str) -> Claim:
        """A claim from :meth:`to_dict`'s shape, checked against ``source``; keys of other tools are passed over.

        Raises:
            ClaimError: where a key is missing or the claim contradicts the text or itself.
        """
        try:
            claim = cls(
                data["start"], data["end"], Decimal(str(data["value"])), data["unit"], data["metric"],
                high=None if data.get("high") is None else Decimal(str(data["high"])), bound=data.get("bound", "="),
                per=data.get("per"), scope=Scope.from_dict(data.get("scope") or {}, source=source),
                kind=data.get("kind", "reported"), confidence=data.get("confidence"),
                is_total=data.get("is_total", False), note=data.get("note"), source=source,
            )  # fmt: skip
        except (KeyError, TypeError, InvalidOperation) as error:
            raise ClaimError(f"no claim: {error!r} in {dict(data)}") from error
        if data.get("text", claim.text) != claim.text:
            raise ClaimError(f"{claim.start}:{claim.end} is {claim.text!r} in the text, not {data['text']!r}")
        return claim


def _plain(number: Decimal) -> str:
    return format(number, "f")
