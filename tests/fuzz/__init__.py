"""Fuzzing: what must hold of any input, and a coverage-guided search for one that breaks it.

    make fuzz                                   # every target in turn, ten minutes in all
    make fuzz FUZZ_SECONDS=3600 FUZZ_TARGETS="html pdf"
    PYTHONPATH=tests python -m fuzz --replay runs/fuzz/html/finds/….input html

``invariants.py`` says what must hold, ``targets.py`` takes bytes and asserts it, ``inputs.py`` makes reports of bytes, ``tiny.py`` is a
model that costs nothing. The tests run the same targets on fewer inputs, without atheris.
"""
