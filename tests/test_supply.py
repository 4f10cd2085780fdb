"""What is installed and loaded is what was made: digests of the model, no pickles, licences."""

import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import govie
from govie.errors import ModelError
from govie.model.digests import SEALED, SUMS, seal, verify

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "models" / "shipped"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped model."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


def test_the_shipped_model_is_sealed() -> None:
    verify(SHIPPED)
    lines = (SHIPPED / SUMS).read_text(encoding="ascii").splitlines()
    assert [line[66:] for line in lines] == list(SEALED)


@pytest.mark.parametrize("name", SEALED)
def test_one_bit_is_enough_to_refuse_a_model(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=re.escape(name)) as refused:
        govie.load(folder)
    assert "install govie again" in str(refused.value)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"0123  model.onnx\n"])
def test_a_model_without_its_digests_is_refused(folder: Path, content: bytes | None) -> None:
    (folder / SUMS).unlink()
    if content is not None:
        (folder / SUMS).write_bytes(content)
    with pytest.raises(ModelError, match=f"sha256sum {' '.join(SEALED)} > {SUMS}"):
        govie.load(folder)


def test_a_changed_model_is_taken_once_it_is_sealed(folder: Path) -> None:
    config = (folder / "config.json").read_text(encoding="utf-8")
    (folder / "config.json").write_text(config + "\n", encoding="utf-8")
    seal(folder)
    assert len(govie.load(folder).extract("全年共受理政府信息公开申请5件。")) == 1


def tracked() -> list[Path]:
    """The files under version control; all that are there where there is none."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = done.stdout.decode().split("\0")[:-1] if done.returncode == 0 else [str(p.relative_to(ROOT)) for p in (ROOT / "govie").rglob("*")]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_no_file_is_a_pickle() -> None:
    """Neither by its name nor by its first bytes: a pickle of protocol 2 and up, or the zip that torch.save makes."""
    files = tracked()
    assert len(files) > 100
    assert [f.name for f in files if f.suffix in {".pkl", ".pickle", ".joblib", ".bin", ".pt", ".pth", ".ckpt", ".npy"}] == []
    for file in files:
        with file.open("rb") as opened:
            head = opened.read(200)
        assert not re.match(rb"\x80[\x02-\x05]", head), file
        assert not (head.startswith(b"PK") and b"data.pkl" in head), file


@pytest.mark.parametrize("folder", ["govie", "training"])
def test_nothing_unpickles(folder: str) -> None:
    """No weights are loaded by what can run code: safetensors, ONNX and npz without objects only."""
    code = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).rglob("*.py"))}
    assert code
    for path, text in code.items():
        found = re.findall(r"\bpickle\.loads?\b|\btorch\.load\b|\bjoblib\b|\bimport (?:c?pickle|shelve|dill)\b|allow_pickle=True", text)
        assert not found, (path, found)
        for call in re.findall(r"\bnp\.load\(.*", text):
            assert "allow_pickle=False" in call, (path, call)


def installed(name: str, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]) -> None:
    """Add what ``name`` needs on this machine, and what that needs in turn."""
    if (name, extras) in seen:
        return
    try:
        needs = [Requirement(line) for line in requires(name) or []]
    except PackageNotFoundError:
        return
    seen.add((name, extras))
    for need in needs:
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras or {""}):
            installed(canonicalize_name(need.name), frozenset(need.extras), seen)


def test_every_dependency_is_in_the_list_of_licences() -> None:
    seen: set[tuple[str, frozenset[str]]] = set()
    installed("govie", frozenset({"readers", "frame", "spacy", "ray"}), seen)
    table = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = {canonicalize_name(name) for name in re.findall(r"^\| (\S+) +\| (?!-)", table, re.MULTILINE)}
    assert len(seen) > 20
    # what pip-licenses leaves out as a tool of the environment, and what only older Pythons or other systems install
    assert {name for name, _ in seen} - listed <= {
        "govie",
        "setuptools",
        "pip",
        "wheel",
        "tomli",
        "colorama",
        "exceptiongroup",
        "coloredlogs",
        "humanfriendly",
    }


def test_every_dependency_has_a_lower_bound() -> None:
    needs = [Requirement(line) for line in requires("govie") or []]
    assert len(needs) > 20
    assert [str(need) for need in needs if need.name != "govie" and not any(part.operator in {">=", "=="} for part in need.specifier)] == []
