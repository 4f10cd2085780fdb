"""Robustness: ugly inputs, random ones, threads and processes, time and memory that do not run away. ``tests/fuzz`` says what must hold."""

import multiprocessing
import random
import time
import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fuzz.files import docx_of, pdf_of
from fuzz.invariants import claims_hold, document_holds, findings_hold, in_time, page_holds
from fuzz.targets import TARGETS, TRIPS
from fuzz.tiny import tiny
from fuzz.ugly import ugly
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import govie
from govie.claims import Claim
from govie.document import Document, Extraction
from govie.errors import AnnotationError, GovieError, ReadError, SaveError
from govie.formats import dump, load, losses
from govie.numbers import find_quantities, parse_numeral
from govie.text import fold

LIMITS = govie.Limits(unpacked_bytes=8 << 20)


@pytest.mark.parametrize("name", ugly())
def test_ugly_input(name: str) -> None:
    """Read, extracted, checked and shown: what must hold holds, in time, or one of govie's own errors says why not."""
    one = ugly()[name]
    if one.kind == "text":
        document = Document(one.text())
    else:
        data = one.data()
        try:
            with in_time(len(data)):
                document = govie.read(data, kind={"page": "html", "markdown": "markdown"}.get(one.kind), limits=LIMITS)
        except GovieError:
            return
        document_holds(document)
    with in_time(len(document.text)):
        found = tiny().extract(document)
        claims_hold(found)
        findings_hold(found)
        if len(document.text) < 5_000 and len(name) % 4 == 0:  # the page costs more than all the rest, and checks again
            page_holds(found)


def test_ugly_inputs_are_many_and_of_different_kinds() -> None:
    assert len(ugly()) >= 500
    assert len({(str(one.parts), str(one.how)) for one in ugly().values()}) == len(ugly())
    assert {one.kind for one in ugly().values()} == {"text", "bytes", "page", "word", "pdf", "markdown"}


@pytest.mark.parametrize("name", [name for name, one in ugly().items() if one.kind == "text" and len(str(one.parts)) < 60][::9])
def test_ugly_input_with_the_model(name: str, extractor: govie.Extractor) -> None:
    text = ugly()[name].text()[:600]  # three windows
    claims_hold(extractor.extract(text))


@pytest.mark.parametrize("name", [name for name in TARGETS if name != "model"])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=200))
def test_target(name: str, data: bytes) -> None:
    """The fuzzer's targets on a few inputs."""
    TARGETS[name](data)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=120))
def test_target_with_the_model(data: bytes) -> None:
    TARGETS["model"](data)


# What the fuzzers and the ugly inputs have found.


@pytest.mark.parametrize("form", ["jsonl", "label-studio", "doccano"])
def test_half_a_surrogate_pair_comes_back(form: str, tmp_path: Path) -> None:
    found = tiny().extract("全年\ud800受理申请5件")
    dump([found], tmp_path / "out", form)
    assert not losses([found], load(tmp_path / "out", form)).get("documents")


@pytest.mark.parametrize("form", ["brat", "markup"])
def test_half_a_surrogate_pair_that_cannot_be_saved_is_named(form: str, tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="surrogate"):
        dump([tiny().extract("全年\ud800受理申请5件")], tmp_path / "out", form)


def test_a_page_of_half_a_surrogate_pair_can_be_written() -> None:
    found = tiny().extract("全年\ud800受理申请5件\udfff")
    assert "全年?" in found.to_html().encode("utf-8").decode()
    assert found._repr_html_().encode("utf-8")


def test_markup_refuses_a_carriage_return(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="carriage return"):
        dump([Extraction(Document("受理5件\r办结"), ())], tmp_path / "out", "markup")


def test_brat_keeps_a_byte_order_mark_and_a_span_of_line_breaks(tmp_path: Path) -> None:
    text = "\ufeff受理5件\n\n办结"
    claims = (Claim(3, 5, Decimal(5), "件", "application.received", source=text), Claim(5, 7, Decimal(0), "件", "application.handled", source=text))
    found = Extraction(Document(text, "r"), claims)
    dump([found], tmp_path / "out", "brat")
    (back,) = load(tmp_path / "out", "brat")
    assert back.document.text == text
    assert [(claim.start, claim.end) for claim in back] == [(3, 5), (5, 7)]


MISSHAPEN = [
    ("label-studio", '[{"data": {"text": "5件"}, "annotations": [5]}]'),
    ("label-studio", '[{"data": {"text": "5件"}, "annotations": [{"result": [{"type": "labels"}]}]}]'),
    ("label-studio", '[{"data": {"text": "5件"}, "annotations": [{"result": [{"type": "relation", "from_id": [], "to_id": {}}]}]}]'),
    ("label-studio", '[{"data": {"text": "5件", "year": "soon"}, "annotations": [{"result": []}]}]'),
    ("jsonl", '{"text": "5件", "claims": [{"start": 0, "end": 2, "metric": []}]}'),
    ("jsonl", '{"text": "5件", "claims": [{"start": 0, "end": 2, "metric": "other", "confidence": "much"}]}'),
    ("jsonl", '{"text": "5件", "claims": [{"start": 0, "end": 2, "metric": "other", "note": 5}]}'),
    ("jsonl", '{"text": "5件", "name": [], "claims": []}'),
    ("jsonl", "[" * 100_000),
    ("jsonl", '{"text": "5件", "claims": [], "year": ' + "9" * 5_000 + "}"),
    ("doccano", '{"text": "5件", "entities": [{"id": [], "start_offset": 0, "end_offset": 2, "label": "other"}]}'),
    ("doccano", '{"text": "5件", "entities": 5}'),
]


@pytest.mark.parametrize(("form", "content"), MISSHAPEN, ids=[f"{form}-{n}" for n, (form, _) in enumerate(MISSHAPEN)])
def test_misshapen_annotations_are_named(form: str, content: str, tmp_path: Path) -> None:
    (tmp_path / "out").write_text(content, encoding="utf-8")
    with pytest.raises(AnnotationError, match="out"):
        load(tmp_path / "out", form)


def test_markup_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes("hand: x\n---\n§ a | b | 2012 | c\n受理".encode("gb18030"))
    with pytest.raises(AnnotationError, match="out:3: not UTF-8"):
        load(tmp_path / "out", "markup")


@pytest.mark.parametrize("span", ["²", "٣", "9" * 6_000, "-1", ""])
def test_word_with_an_odd_grid_span(span: str) -> None:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p><w:r><w:t>5件</w:t></w:r></w:p></w:tc>'
    assert govie.read(docx_of(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>")).text.strip() == "5件"


def test_word_with_styles_of_rubbish() -> None:
    with pytest.raises(ReadError, match="damaged"):
        govie.read(docx_of("<w:p><w:r><w:t>5件</w:t></w:r></w:p>", extra={"word/styles.xml": b"<a/>"}))


def test_pdf_with_endless_digits_in_its_margin() -> None:
    content = b"BT /F1 1 Tf 1 5 Td (" + b"7" * 5_000 + b") Tj 0 400 Td (2023 5 6) Tj ET"
    assert "2023 5 6" in govie.read(pdf_of(content)).text


@pytest.mark.parametrize("numeral", ["0." + "12345678" * 4 + "万", "百分之一点" + "三" * 40, "9" * 21, "0" * 100])
def test_a_numeral_that_would_be_rounded_is_none(numeral: str) -> None:
    assert parse_numeral(numeral) is None or find_quantities(numeral) == []
    assert all(quantity.value in (0, 1, 3) or len(str(quantity.value)) < 12 for quantity in find_quantities(fold(f"共{numeral}件").text))


@pytest.mark.parametrize("size", [21, 400, 300_000])
def test_a_cell_of_endless_digits_is_no_figure(size: int) -> None:
    text = "总计 " + "9" * size + "\n自然人 5\n商业企业 6\n"
    claims_hold(tiny().extract(text))


@pytest.mark.parametrize(
    "text",
    ["a" + " " * 40_000 + "b5件", "7" * 40_000 + "件", "a" * 40_000, "受理" + "2020" * 10_000, "a1" + ".1" * 20_000 + "万"],
    ids=lambda text: text[:6],
)
def test_folding_and_grammar_are_linear(text: str) -> None:
    start = time.process_time()
    find_quantities(fold(text).text)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "line", ["# a" + " #" * 20_000 + "x", "**a " * 10_000, "|a" + " " * 40_000 + "b|\n|-|\n"], ids=["heading", "emphasis", "cell"]
)
def test_markdown_is_linear(line: str) -> None:
    start = time.process_time()
    govie.read(line.encode(), kind="markdown")
    assert time.process_time() - start < 3


# One model for many.


TEXTS = [
    "全年,县政府共受理政府信息公开申请5件,其中通过网络渠道申请的共3件;未发生行政复议案。",
    "主动公开信息1.3万余条,满意率98.5%。",
    "",
    "计划明年开设4个专栏。",
]


def _dicts(text: str) -> list[dict[str, Any]]:
    return _loaded().extract(text).to_dicts()


def _loaded() -> govie.Extractor:
    global _model  # noqa: PLW0603 - one model a process
    _model = _model or govie.load(threads=1)
    return _model


_model: govie.Extractor | None = None


def test_eight_threads_on_one_model_answer_as_one(extractor: govie.Extractor, report: str) -> None:
    texts = [*TEXTS, report[:1_500]] * 4
    random.Random(1).shuffle(texts)
    alone = {text: extractor.extract(text) for text in set(texts)}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(extractor.extract, texts))
    assert found == [alone[text] for text in texts]
    assert [[claim.confidence for claim in one] for one in found] == [[claim.confidence for claim in alone[text]] for text in texts]


def test_four_processes_answer_as_one(report: str) -> None:
    texts = [*TEXTS, report[:400]]
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = list(pool.map(_dicts, texts * 2))
    assert found == [_dicts(text) for text in texts] * 2


# Time and memory by size; ``make stress`` goes on to ten million characters.


SENTENCES = "2023年,全县主动公开政府信息1.3万余条,其中民生类信息5210条(网站3000条)。受理申请5件\n自然人 5 6 7\n未发生行政复议案。a b  c12345热线;http://a.cn/5\n"


def spent(size: int) -> float:
    """Processor seconds for a text of a size, with the stand-in for the model."""
    text = (SENTENCES * (size // len(SENTENCES) + 1))[:size]
    start = time.process_time()
    found = tiny().extract(text)
    seconds = time.process_time() - start
    assert len(found) > size / 50
    return seconds


def test_time_is_linear_in_the_text() -> None:
    spent(1_000)
    small = min(spent(3_000) for _ in range(2))
    assert spent(24_000) < 8 * 2.5 * small


def test_memory_hardly_grows_with_the_text() -> None:
    """Past a chunk of claims only the claims themselves are held."""
    peaks = []
    for size in (4_000, 12_000):
        tracemalloc.start()
        spent(size)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]


def test_every_text_format_is_fuzzed() -> None:
    from govie.formats import FORMATS

    assert set(TRIPS) == set(FORMATS) - {"spacy"}
