"""The notebooks run from top to bottom, and what they show is of the kind that is committed."""

import os
import re
import time
import warnings
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SLOW = {"retraining": "torch"}  # by what it needs beside govie: trains for minutes; `make test-notebooks` runs it
LIMIT = 300_000


def book(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def kinds(cell: Any) -> list[Any]:
    """What a cell shows, but for its wording: models and pandas change that. What it prints comes in any number of pieces."""
    shown = [(output.output_type, output.get("name"), sorted(output.get("data", ()))) for output in cell.outputs]
    return [one for one, _ in groupby(shown)]


def executed(path: Path) -> Any:
    from nbclient import NotebookClient

    notebook = book(path)
    for cell in code(notebook):
        cell.outputs, cell.execution_count = [], None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of Jupyter's own parts
        NotebookClient(notebook, timeout=1200, resources={"metadata": {"path": str(FOLDER)}}).execute()
    return notebook


def runs(path: Path) -> None:
    cells, found = code(book(path)), code(executed(path))
    assert len(cells) >= 4
    for committed, cell in zip(cells, found, strict=True):
        assert kinds(cell) == kinds(committed), f"the output of {cell.id} is stale: run {path.name} again and save it\n{cell.source}"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.stem not in SLOW], ids=lambda path: path.stem)
def test_runs(path: Path) -> None:
    runs(path)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif("GOVIE_SLOW_NOTEBOOKS" not in os.environ, reason="trains for minutes: make test-notebooks")
@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.stem in SLOW], ids=lambda path: path.stem)
def test_slow_runs(path: Path) -> None:
    pytest.importorskip(SLOW[path.stem])
    started = time.perf_counter()
    executed(path)
    print(f"{path.name}: {time.perf_counter() - started:.0f} s")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_fit_to_commit(path: Path) -> None:
    assert path.stat().st_size < LIMIT
    notebook = book(path)
    nbformat.validate(notebook)
    cells = code(notebook)
    shown = str([cell.outputs for cell in cells])
    assert not re.search(r"/home/|/root/|/tmp/|/Users/|site-packages|Traceback|'stderr'", shown), "an output of this machine alone"
    assert notebook.metadata.kernelspec.name == "python3"
    if path.stem not in SLOW:
        # Run in one go and saved, so that a reader on the web sees what the code gives.
        assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
        assert any(cell.outputs for cell in cells)
    else:
        assert not any(cell.outputs for cell in cells)


def test_there_are_three_and_the_panel_has_plots() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["panel", "quickstart", "retraining"]
    assert sum("image/png" in output.get("data", {}) for cell in code(book(FOLDER / "panel.ipynb")) for output in cell.outputs) >= 3


def test_the_panels_reports_are_as_it_says(extractor: Any) -> None:
    """Fifteen reports whose sums hold but for two; each states its total of applications."""
    import govie

    found = [extractor.extract(govie.read(path)) for path in sorted((FOLDER / "data").glob("*.txt"))]
    assert len({report.document.publisher for report in found}) == 5
    assert {report.document.year for report in found} == {2021, 2022, 2023}
    assert len(found) == 15
    failing = [(report.document.publisher, report.document.year) for report in found if any(f.status == "fail" for f in report.check())]
    assert failing == [("临礁区人民政府", 2022), ("松棱市卫生健康委员会", 2023)]
    assert all(row.value("application.received") for row in govie.panel(found).rows)
