"""The whole way, with the shipped model."""

import pickle
import socket
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import govie
from govie.errors import GovieError, ModelError, TextError
from govie.model.digests import seal

UGLY = [
    "", " ", "\n\n\n", "\ufeff", "\ud800", "受理5件\ud800", "\x00\x01受理\x025件", "😀" * 50 + "受理5件", "5", "件", "5件" * 300, "(" * 500, "一" * 2000,
    "受理申请５件,办结 ５ 件", "受理申請5件(jiàn)", "1" * 5000, "9" * 30 + "件", "约近超" * 100, "|0|0|0|\n|-|/|—|", "\r\n受理5件\r\n", "未" * 700, "0.0.0.0件", ",,,5,,,件",
]  # fmt: skip


def test_readme_sentence(extractor: govie.Extractor) -> None:
    text = "全年,县政府共受理政府信息公开申请5件,其中通过网络渠道申请的共3件;未发生行政复议案。"
    found = extractor.extract(text)
    assert [(c.text, c.value, c.metric) for c in found] == [
        ("5件", 5, "application.received"), ("3件", 3, "application.received"), ("行政复议案", 0, "review.cases"),
    ]  # fmt: skip
    assert {str(c.scope.period) for c in found} == {"全年"}
    assert str(found[1].scope.channel) in ("网络渠道", "网络")


def test_report(extractor: govie.Extractor, report: str) -> None:
    found = extractor.extract(report)
    known = govie.metrics()
    assert len(found) >= 33
    for claim in found:
        assert report[claim.start : claim.end] == claim.text
        assert claim.metric in known
        assert 0 < (claim.confidence or 0) <= 1
        for _, part in claim.scope:
            assert report[part.start : part.end] == part.text
    assert found.document.text == report
    assert [c.start for c in found] == sorted(c.start for c in found)
    by_text = {c.text: c for c in found}
    assert by_text["14632条"].metric == "disclosure.items"
    assert by_text["7件"].metric == "disclosure.normative"
    assert by_text["97.5%"].metric == "rate.satisfaction"
    assert by_text["4件"].metric == "application.carried_out"
    assert by_text["240余人次"].bound == ">"
    assert (by_text["10个"].kind, by_text["20个工作日内"].kind) == ("planned", "required")
    assert "18号" not in by_text
    assert "六个" not in by_text


@pytest.mark.parametrize("text", UGLY, ids=[repr(text[:12]) for text in UGLY])
def test_ugly_input_gives_right_offsets(extractor: govie.Extractor, text: str) -> None:
    for claim in extractor.extract(text):
        assert text[claim.start : claim.end] == claim.text


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet="全年受理申请0123456789０万萬条件。,、;\n (wàn)未发生行政复议无零其中网站%约余-—|〔〕第", max_size=120))
def test_any_text(extractor: govie.Extractor, text: str) -> None:
    found = extractor.extract(text)
    assert all(text[c.start : c.end] == c.text for c in found)
    assert found.to_dicts() == [govie.Claim.from_dict(row, source=text).to_dict() for row in found.to_dicts()]


@pytest.mark.parametrize("wrong", [None, b"5", 5, ["5"]])
def test_only_text(extractor: govie.Extractor, wrong: object) -> None:
    with pytest.raises(TextError):
        extractor.extract(wrong)  # type: ignore[arg-type]


def test_a_million_characters_without_a_full_stop(extractor: govie.Extractor) -> None:
    text = "政府信息" * 250_000 + "全年受理政府信息公开申请5件"
    found = extractor.extract(text)
    assert [(c.start, c.text) for c in found] == [(len(text) - 2, "5件")]


def test_noise_inside_stays_inside(extractor: govie.Extractor) -> None:
    text = "2012年,全市主動公開政府信息9.67萬(wàn)條,受理申請5個(gè)。"
    assert [(c.text, c.value) for c in extractor.extract(text)] == [("9.67萬(wàn)條", Decimal(96700)), ("5個", Decimal(5))]


def test_batch_equals_single(extractor: govie.Extractor, report: str) -> None:
    texts = [report, "", "未收到申请。", report[:300]]
    assert list(extractor.extract_batch(texts)) == [extractor.extract(text) for text in texts]


def test_threads_share_one_model(extractor: govie.Extractor, report: str) -> None:
    alone = extractor.extract(report)
    with ThreadPoolExecutor(4) as pool:
        assert all(found == alone for found in pool.map(extractor.extract, [report] * 8))


def test_pickles(extractor: govie.Extractor, report: str) -> None:
    assert pickle.loads(pickle.dumps(extractor)).extract(report) == extractor.extract(report)


def test_module_function(report: str) -> None:
    assert govie.extract(report[:200]).claims == govie.load().extract(report[:200]).claims


def test_works_without_a_network(monkeypatch: pytest.MonkeyPatch, report: str) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert len(govie.load().extract(report)) > 0


def test_missing_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.onnx"):
        govie.load(tmp_path / "nothing")


@pytest.mark.parametrize("name", ["model.onnx", "config.json", "vocabulary.txt"])
@pytest.mark.parametrize("damage", [b"", b"\x00\xff" * 50])
def test_damaged_model(tmp_path: Path, extractor: govie.Extractor, name: str, damage: bytes) -> None:
    folder = extractor._tagger.folder
    for file in ("model.onnx", "config.json", "vocabulary.txt"):
        (tmp_path / file).write_bytes(damage if file == name else (folder / file).read_bytes())
    seal(tmp_path)  # so that the digests do not tell
    with pytest.raises(GovieError, match=str(name).split(".", maxsplit=1)[0]):
        govie.load(tmp_path)


def test_model_of_another_format(tmp_path: Path, extractor: govie.Extractor) -> None:
    folder = extractor._tagger.folder
    for file in ("model.onnx", "vocabulary.txt"):
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    (tmp_path / "config.json").write_text('{"format": 99, "codes": []}')
    with pytest.raises(ModelError, match="format 99"):
        govie.load(tmp_path)


def test_claims_below_the_confidence_asked_for_are_left_out() -> None:
    text = "全年主动公开政府信息22000余条,受理申请5件,举办各类活动若干,有关事项计17项。"
    everything = govie.extract(text)
    assert all(claim.confidence is not None and 0 < claim.confidence <= 1 for claim in everything)
    middle = sorted(claim.confidence or 0 for claim in everything)[len(everything) // 2]
    kept = govie.extract(text, min_confidence=middle)
    assert [claim.text for claim in kept] == [claim.text for claim in everything if (claim.confidence or 0) >= middle]
    assert len(govie.extract(text, min_confidence=1.01)) == 0
