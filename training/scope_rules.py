"""Scope by rules on the model's spans, to measure the learned pairing of ``govie.model.decode.link`` against.

The contract's rules in their plain form: an entity, channel or period named in the sentence governs every later claim until
another of its kind; a category belongs to the claim that it touches; a sentence that opens with 其中 takes over what
governed the claim before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from govie.model.decode import Reading

Spans = Mapping[str, Sequence[tuple[int, int]]]
REACHING = ("entity", "channel", "period", "applicant")


def link_by_rules(text: str, readings: Sequence[Reading], spans: Spans) -> list[Reading]:
    """The readings of one window with their scopes set by rule; ``spans`` are the model's, by role."""
    linked: list[Reading] = []
    for n, reading in enumerate(readings):
        sentence = max(text.rfind(mark, 0, reading.start) for mark in "。\n") + 1
        scopes = {}
        for role in REACHING:
            before = [span for span in spans[role] if sentence <= span[0] and span[1] <= reading.start]
            if before:
                scopes[role] = before[-1]
            elif linked and text[sentence:].lstrip("(").startswith("其中") and role in linked[-1].scopes:
                scopes[role] = linked[-1].scopes[role]
        clause = max(sentence, readings[n - 1].end if n else 0)
        own = [span for span in spans["category"] if clause <= span[0] and span[1] <= reading.start]
        stop = readings[n + 1].start if n + 1 < len(readings) else len(text)
        after = [span for span in spans["category"] if reading.end <= span[0] <= reading.end + 2 and span[1] <= stop]
        if own or after:
            scopes["category"] = own[-1] if own else after[0]
        linked.append(replace(reading, scopes=scopes))
    return linked
