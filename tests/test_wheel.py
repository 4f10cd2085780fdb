"""The built package: sdist, the wheel made of it, and what that does in a clean environment (make test-wheel)."""

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from govie.cli import main

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "tests" / "data" / "example-report.txt"
PARTS = ("govie/shipped/model.onnx", "govie/shipped/linker.npz", "govie/shipped/SHA256SUMS", "govie/shipped/vocabulary.txt",
         "govie/shipped/config.json", "govie/data/metrics.tsv", "govie/data/page/page.html", "govie/py.typed")  # fmt: skip

pytestmark = pytest.mark.wheel


def run(*words: object, cwd: Path) -> str:
    done = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def content(wheel: Path) -> dict[str, str]:
    """What a wheel holds, by name, without the list of it."""
    with zipfile.ZipFile(wheel) as packed:
        return {name: hashlib.sha256(packed.read(name)).hexdigest() for name in packed.namelist() if not name.endswith("/RECORD")}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that was made of it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


def test_the_sdist_makes_the_same_wheel_as_the_tree(built: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", tmp_path, ROOT, cwd=tmp_path)
    (ours,), (theirs,) = tmp_path.glob("*.whl"), built.glob("*.whl")
    assert content(ours) == content(theirs)


def test_they_hold_what_is_needed_and_no_more(built: Path) -> None:
    (wheel,), (sdist,) = built.glob("*.whl"), built.glob("*.tar.gz")
    assert set(PARTS) <= set(content(wheel))
    assert {name.split("/")[0] for name in content(wheel)} == {"govie", wheel.name.rsplit("-", 3)[0] + ".dist-info"}
    with tarfile.open(sdist) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    assert {"models/shipped/model.onnx", "LICENSE", "NOTICE", "README.md", "pyproject.toml"} <= names
    assert not any(name.startswith(("tests", "corpora", "runs", "models/checkpoint")) for name in names)


def test_a_clean_environment_does_what_the_tree_does(built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (wheel,) = built.glob("*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "clean", cwd=tmp_path)
    python = tmp_path / "clean" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=tmp_path)
    run(python, "-m", "pip", "check", cwd=tmp_path)
    where = run(python, "-W", "error", "-c", "import govie; print(govie.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(tmp_path)
    assert main(["extract", str(EXAMPLE), "--format", "csv"]) == 0
    assert run(tmp_path / "clean" / "bin" / "govie", "extract", EXAMPLE, "--format", "csv", cwd=tmp_path) == capsys.readouterr().out.replace(
        "\r\n", "\n"
    )
    assert "pip install 'govie[readers]'" in refused(python, tmp_path)


def refused(python: Path, folder: Path) -> str:
    """What the base install says of a PDF, for which it lacks the reader."""
    (folder / "a.pdf").write_bytes(b"%PDF-1.4\n")
    return subprocess.run([python, "-m", "govie", "extract", "a.pdf"], cwd=folder, capture_output=True, text=True, check=False).stderr
