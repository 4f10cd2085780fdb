"""Importing govie is cheap and does nothing."""

import subprocess
import sys

import govie

HEAVY = (
    "torch",
    "transformers",
    "spacy",
    "datasets",
    "onnxruntime",
    "numpy",
    "rich",
    "selectolax",
    "pdfplumber",
    "docx",
    "lxml",
    "charset_normalizer",
)


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True).stdout


def test_import_is_quick() -> None:
    code = "import time; start = time.process_time(); import govie; print(time.process_time() - start)"
    # processor time, and the best of several, so that another process on the machine does not decide
    assert min(float(run(code)) for _ in range(5)) < 0.2


def test_import_loads_nothing_heavy() -> None:
    assert run(f"import govie, sys; print([name for name in {HEAVY} if name in sys.modules])").strip() == "[]"


def test_extracting_needs_no_training_package() -> None:
    code = f"import govie, sys; govie.extract('受理申请5件。'); print([name for name in {HEAVY[:4]} if name in sys.modules])"
    assert run(code).strip() == "[]"


def test_all_is_what_there_is() -> None:
    assert sorted(govie.__all__) == govie.__all__
    assert all(hasattr(govie, name) for name in govie.__all__)
