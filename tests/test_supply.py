"""What is installed and loaded is what was made: digests of the model, no pickles, licences."""

import re
import shutil
from pathlib import Path

import pytest

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
