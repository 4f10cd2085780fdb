"""The wheel is enough: it carries the model and the data."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_wheel_carries_the_model(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "govie/shipped/model.onnx",
        "govie/shipped/vocabulary.txt",
        "govie/shipped/config.json",
        "govie/py.typed",
        "govie/data/metrics.tsv",
    } <= names
    assert not any(name.startswith(("training", "tests", "corpora")) for name in names)
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = "import govie; print(govie.__file__, len(govie.extract('全年共受理政府信息公开申请5件。')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path / "site", capture_output=True, text=True, check=True)
    assert str(tmp_path) in done.stdout
