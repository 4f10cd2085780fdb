"""The labelling configuration that a Label Studio project for claims needs, made from the metric codes."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from govie.claims import BOUNDS, KINDS, ROLES
from govie.metrics import Metric

__all__ = ["configuration"]

_ROLE_COLOUR = "#8c8c8c"
_COLOURS = ("#d4380d", "#d48806", "#7cb305", "#389e0d", "#08979c", "#096dd9", "#1d39c4", "#531dab", "#c41d7f", "#ad6800", "#5b8c00", "#006d75")
_FIELDS = {"value": "value, where the text does not tell", "high": "upper end of a range", "unit": "unit", "per": "per (日, 月, 各 …)"}


def configuration(metrics: Mapping[str, Metric]) -> str:
    """The configuration as XML.

    The text keeps its blanks and line breaks (``pre-wrap``), or Label Studio would trim them and move every offset; it is selected by
    characters, for Chinese has no blanks between words.
    """
    families = {code.split(".")[0]: None for code in metrics}
    colours = {family: _COLOURS[n % len(_COLOURS)] for n, family in enumerate(families)}
    lines = [
        "<View>",
        '  <Relations choice="single">',
        *(f"    <Relation value={quoteattr(role)}/>" for role in ROLES),
        "  </Relations>",
        '  <Filter name="filter" toName="label" hotkey="shift+f" minlength="0" placeholder="code"/>',
        '  <Labels name="label" toName="text" choice="single" showInline="true">',
        *(f'    <Label value={quoteattr(role)} background="{_ROLE_COLOUR}"/>' for role in ROLES),
        *(
            f'    <Label value={quoteattr(row.code)} hint={quoteattr(f"{row.name}: {row.covers}")} background="{colours[row.code.split(".")[0]]}"/>'
            for row in metrics.values()
        ),
        "  </Labels>",
        '  <View style="white-space: pre-wrap">',
        '    <Text name="text" value="$text" granularity="symbol" saveTextResult="yes"/>',
        "  </View>",
        *_choices("kind", KINDS),
        *_choices("bound", BOUNDS),
        *(
            f'  <TextArea name="{name}" toName="text" perRegion="true" maxSubmissions="1" editable="true" placeholder={quoteattr(hint)}/>'
            for name, hint in _FIELDS.items()
        ),
        "</View>",
    ]
    return "\n".join(lines) + "\n"


def _choices(name: str, values: tuple[str, ...]) -> list[str]:
    head = f'  <Choices name="{name}" toName="text" choice="single" showInline="true" perRegion="true">'
    return [head, *(f"    <Choice value={quoteattr(value)}/>" for value in values), "  </Choices>"]
