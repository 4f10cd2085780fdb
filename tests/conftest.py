"""What several tests share."""

from pathlib import Path

import pytest

import govie

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def extractor() -> govie.Extractor:
    """The shipped model, loaded once."""
    return govie.load()


@pytest.fixture(scope="session")
def report() -> str:
    """The example report of the demo."""
    return (Path(__file__).parent / "data" / "example-report.txt").read_text(encoding="utf-8")


@pytest.fixture
def shared() -> Path:
    """The folder beside the project; tests that need it skip where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared")
    return SHARED
