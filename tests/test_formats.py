"""Formats in and out: round trips of random documents, exact offsets, and errors with their place."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govie.claims import Claim, Scope, Span
from govie.document import Document, Extraction
from govie.errors import AnnotationError, SaveError
from govie.formats import FORMATS, JAVASCRIPT, dump, load, losses
from govie.formats.files import write_text
from govie.formats.filling import Filler
from govie.formats.label_config import configuration
from govie.formats.offsets import Utf16
from govie.metrics import metrics

CODES = sorted(metrics())
WORDS = [
    "全年,",
    "县政府",
    "𠮷林省",
    "共受理",
    "申请",
    "。",
    "\n一、概述\n",
    " ",
    "(其中)",
    "信访😀",
    "[附件]",
    "{x}",
    "a|b\\",
    "未发生",
    "行政复议案",
    "2012年",
    "\u3000",
    "政府网站",
    "§",
]
NUMBERS = ["5件", "1.3万余条", "约120万元", "3至5个", "99%", "两名", "351\n件"]
# What a format cannot hold, and nothing else; spans of role and claims that cross may be lost where the format nests or tags.
CANNOT: dict[str, set[str]] = {
    "jsonl": set(),
    "label-studio": {"is_total", "confidence"},
    "doccano": {"is_total", "note", "confidence", "kind", "value", "high", "unit", "bound", "per"},
    "brat": {"is_total", "note", "confidence", "document.name", "document.publisher", "document.year"},
    "spacy": set(),
    "markup": {"is_total", "note", "confidence", "value", "high", "bound", "per", "unit", "line breaks at the ends of a text"}
    | {f"scope.{role}" for role in ("entity", "channel", "period", "category", "applicant")},
    "conll": {"is_total", "note", "confidence", "kind", "value", "high", "unit", "bound", "per", "claims", "document.publisher", "document.year"}
    | {f"scope.{role}" for role in ("entity", "channel", "period", "category", "applicant")},
}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A text of words and quantities with claims on some of these, whose fields and scopes may be anything; as a dict, for hypothesis prints it."""
    text, places, words = "", [], []
    for piece in draw(st.lists(st.sampled_from(WORDS + NUMBERS), min_size=3, max_size=14)):
        (places if piece in NUMBERS else words).append((len(text), len(text) + len(piece)))
        text += piece
    claims = []
    for start, end in places:
        for metric in draw(st.lists(st.sampled_from(CODES), max_size=2, unique=True)):
            bound = draw(st.sampled_from(["=", ">", "..", "~"]))
            scope = {}
            for role in draw(st.sets(st.sampled_from(["entity", "period", "category"]), max_size=2)):
                if words:
                    first, last = draw(st.sampled_from(words)), draw(st.sampled_from(words))
                    low, high = min(first[0], last[0]), max(first[1], last[1])
                    low += len(text[low:high]) - len(text[low:high].lstrip("\n"))  # no format lets a person mark a line break's end
                    high -= len(text[low:high]) - len(text[low:high].rstrip("\n"))
                    if low < high and (high <= start or low >= end):
                        scope[role] = Span(low, high, source=text)
            claims.append(
                Claim(
                    start, end, draw(st.decimals(0, 10**9, places=2)), draw(st.sampled_from(["件", "元", "%"])), metric,
                    high=Decimal("10000000000") if bound == ".." else None, bound=bound, per=draw(st.sampled_from([None, "日", "各"])),
                    scope=Scope(**scope), kind=draw(st.sampled_from(["reported", "planned", "required"])),
                    confidence=draw(st.sampled_from([None, 0.5, 0.9876])), is_total=draw(st.booleans()), note=draw(st.sampled_from([None, "可疑"])),
                    source=text,
                )
            )  # fmt: skip
    return {"text": text, "claims": [claim.to_dict() for claim in claims]}


def extraction(row: dict[str, Any]) -> Extraction:
    document = Document(row["text"], "r1", publisher="县政府", year=2012)
    return Extraction(document, tuple(Claim.from_dict(claim, source=document.text) for claim in row["claims"]))


def round_trip(found: Extraction, form: str, path: Path, **options: Any) -> list[Extraction]:
    dump([found], path / "out", form, **options)
    return load(path / "out", form, **options)


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(row=documents())
def test_round_trips_lose_only_what_the_format_cannot_hold(form: str, row: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    found = extraction(row)
    if form == "spacy":
        pytest.importorskip("spacy")
    if form in ("conll", "doccano"):  # without its fields a claim is read by the grammar, which must know the quantity
        filler = Filler(found.document.text, metrics=metrics(), where="")
        found = Extraction(found.document, tuple(claim for claim in found if filler.is_quantity(claim.start, claim.end)))
    folder = tmp_path_factory.mktemp("trip")
    if form == "markup" and "\n§ " in found.document.text:
        return
    back = round_trip(found, form, folder)
    assert set(losses([found], back)) <= CANNOT[form]
    for form_text in (other.document.text for other in back):
        assert form_text.strip("\n") == found.document.text.strip("\n")


@pytest.mark.parametrize("form", JAVASCRIPT)
@settings(max_examples=10, deadline=None)
@given(row=documents())
def test_utf16_offsets_both_ways(form: str, row: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    found = extraction(row)
    back = round_trip(found, form, tmp_path_factory.mktemp("trip"), utf16=True)
    assert set(losses([found], back)) <= CANNOT[form]


@given(st.text(st.sampled_from("件😀a𠮷")))
def test_utf16_units_are_those_of_javascript(text: str) -> None:
    units = Utf16(text)
    for n in range(len(text) + 1):
        assert units.from_points(n) == len(text[:n].encode("utf-16-le")) // 2
        assert units.to_points(units.from_points(n)) == n


@pytest.fixture(scope="module")
def extractions(extractor: Any) -> list[Extraction]:
    text = "一、概述\n2012年,全县主动公开政府信息1.3万余条,其中民生类信息5210条;日均访问300次,办结率、满意率均100%。未发生行政复议案。计划明年开设4个专栏。"
    found = [extractor.extract(Document(text, "r1"))]
    assert len(found[0]) >= 6
    return found


CONFIDENCE: dict[str, set[str]] = {"jsonl": set(), "label-studio": {"confidence"}, "markup": {"confidence"}, "spacy": set()}


@pytest.mark.parametrize("form", CONFIDENCE)
def test_what_the_extractor_finds_comes_back_whole(form: str, extractions: list[Extraction], tmp_path: Path) -> None:
    if form == "spacy":
        pytest.importorskip("spacy")
    dump(extractions, tmp_path / "out", form)
    assert set(losses(extractions, load(tmp_path / "out", form))) <= CONFIDENCE[form]


def test_label_studio_predictions_and_configuration(extractions: list[Extraction], tmp_path: Path) -> None:
    from xml.etree import ElementTree

    dump(extractions, tmp_path / "tasks.json", "label-studio", predictions="govie")
    (task,) = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    (prediction,) = task["predictions"]
    assert 0 < prediction["score"] <= 1
    text = task["data"]["text"]
    regions = [row for row in prediction["result"] if row["type"] == "labels"]
    assert all(text[row["value"]["start"] : row["value"]["end"]] == row["value"]["text"] for row in regions)
    tree = ElementTree.fromstring((tmp_path / "tasks.config.xml").read_text(encoding="utf-8"))
    controls = {node.get("name") for node in tree.iter() if node.get("toName") == "text"}
    assert {row["from_name"] for row in prediction["result"] if "from_name" in row} <= controls
    labels = {node.get("value") for node in tree.iter("Label")}
    assert labels >= {row["value"]["labels"][0] for row in regions}
    assert 'style="white-space: pre-wrap"' in configuration(metrics())
    with pytest.warns(UserWarning, match="not annotated"):
        assert load(tmp_path / "tasks.json", "label-studio") == []
    assert len(load(tmp_path / "tasks.json", "label-studio", predictions=True)[0]) == len(extractions[0])


def test_label_studio_takes_what_is_written(extractions: list[Extraction], tmp_path: Path) -> None:
    """The tool's own library finds nothing wrong with configuration, predictions and annotations, and its converter reads the claims."""
    interface = pytest.importorskip("label_studio_sdk.label_interface")
    converter = pytest.importorskip("label_studio_sdk.converter")
    dump(extractions, tmp_path / "tasks.json", "label-studio")
    dump(extractions, tmp_path / "predictions.json", "label-studio", predictions="govie")
    config = (tmp_path / "tasks.config.xml").read_text(encoding="utf-8")
    judge = interface.LabelInterface(config)
    judge.validate()
    (task,) = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    (guess,) = json.loads((tmp_path / "predictions.json").read_text(encoding="utf-8"))
    assert judge.validate_prediction(guess["predictions"][0])
    assert judge.validate_annotation(task["annotations"][0])
    reader = converter.Converter(config, str(tmp_path), download_resources=False)
    (row,) = reader.iter_from_json_file(str(tmp_path / "tasks.json"))
    read = {(span["start"], span["end"], span["labels"][0]) for span in row["output"]["label"] if "labels" in span}
    assert {(claim.start, claim.end, claim.metric) for claim in extractions[0]} <= read


TEXT = "全年共受理申请5件,其中网络申请3件。"


def task(*result: dict[str, Any], text: str = TEXT) -> str:
    return json.dumps([{"id": 7, "data": {"text": text}, "annotations": [{"result": list(result)}]}])


def region(start: int, end: int, label: str, own: str = "a", text: str | None = None) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": TEXT[start:end] if text is None else text, "labels": [label]}
    return {"id": own, "type": "labels", "from_name": "label", "to_name": "text", "value": value}


def jsonl(*claims: dict[str, Any], text: str = TEXT) -> str:
    return "\n" + json.dumps({"text": text, "claims": list(claims)}, ensure_ascii=False)


RECEIVED = {"start": 7, "end": 9, "metric": "application.received"}
BAD = [
    ("label-studio", task(region(7, 9, "application.received", text="6件")), r"task 7: 7:9 is '5件' in the text, not '6件': …全年共受理申请【5件】,其中网络申请3件。…"),
    ("label-studio", task(region(7, 90, "application.received")), "out:1: task 7: 7:90 is no span of a text of 19 characters"),
    ("label-studio", task(region(7, 9, "application.recieved")), r"unknown code 'application.recieved'; application.received\?"),
    ("label-studio", task(region(7, 9, "application.received"), region(7, 9, "application.received", "b")), "twice on one quantity"),
    ("label-studio", "[{}]", "out:1: .* tasks with data"),
    ("label-studio", "[\n[]]", "out:2: .* tasks with data"),
    ("label-studio", "{}", "out:1: a JSON list is wanted, not dict"),
    ("label-studio", "[\n{", "out:2: no JSON"),
    ("jsonl", jsonl({**RECEIVED, "text": "6件"}), "out:2: 7:9 is '5件' in the text, not '6件'"),
    ("jsonl", jsonl({**RECEIVED, "end": 7}), "out:2: 7:7 is no span"),
    ("jsonl", jsonl({**RECEIVED, "start": 6}), "finds no quantity at 6:9"),
    ("jsonl", jsonl(RECEIVED, {**RECEIVED, "start": 8, "value": "5"}), "overlap"),
    ("jsonl", jsonl({**RECEIVED, "kind": "maybe"}), "not of the contract"),
    ("jsonl", jsonl({**RECEIVED, "value": "many"}), "out:2: .*【5件】"),
    ("jsonl", jsonl({**RECEIVED, "scope": {"place": {"start": 0, "end": 2}}}), "'place' is no scope"),
    ("jsonl", jsonl({**RECEIVED, "scope": {"period": {"start": 0, "end": 99}}}), "0:99 is no span"),
    ("jsonl", '{"text": 5, "claims": []}', "out:1: text must be a string"),
    ("jsonl", '{"start": 5}', "their text is to be in"),
    ("jsonl", "\n\n[]", "out:3: a JSON object"),
    ("doccano", json.dumps({"text": TEXT, "entities": [{"id": 1, "start_offset": 7, "end_offset": 99, "label": "application.received"}]}), "out:1: 7:99"),
    ("doccano", json.dumps({"text": TEXT, "entities": [{"id": 1}]}), "out:1: not in the shape"),
    ("conll", "5\tI-application.received\n件\tI-application.received\n", "out:1: I-application.received follows O"),
    ("conll", "5 B-application.received\n", "out:1: a character and a tag"),
    ("conll", "5\tX\n", "no IOB2 tag"),
    ("markup", "hand: x\n---\n§ a | b | 2012 | c\n受理[5件|nothing.known]。\n", "out:3: a: unknown code 'nothing.known'"),
    ("markup", "受理[5件|other]。", "no line '---'"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "content", "says"), BAD, ids=[f"{form}-{says[:24]}" for form, _, says in BAD])
def test_bad_input_is_named_with_its_place(form: str, content: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "out").write_text(content, encoding="utf-8")
    with pytest.raises(AnnotationError, match=says):
        load(tmp_path / "out", form)


def test_bad_brat_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "r.ann").write_text("T1\tapplication-received 7 9\t5件\nT2\tperiod 0 2\t全县\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match=r"r.ann:2: 0:2 is '全年' in the text, not '全县'"):
        load(tmp_path, "brat")
    with pytest.raises(AnnotationError, match=r"no \.ann file"):
        load(tmp_path / "none", "brat")


def test_a_mixed_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(jsonl(RECEIVED).encode() + b"\n" + "全年".encode("gb18030"))
    with pytest.raises(AnnotationError, match="out:3: byte 0xc4 is not UTF-8"):
        load(tmp_path / "out", "jsonl")


def test_a_span_without_a_claim_is_left_out_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "out").write_text(task(region(0, 2, "period"), region(7, 9, "application.received", "b")), encoding="utf-8")
    with pytest.warns(UserWarning, match="task 7: the period is tied to no claim and left out: …【全年】共受理申请"):
        (found,) = load(tmp_path / "out", "label-studio")
    assert [(claim.text, claim.value, claim.unit) for claim in found] == [("5件", 5, "件")]


UNREAD = [
    ("doccano", '{"text": "公开3°,受理5件。", "label": [[2, 4, "other"], [7, 9, "application.received"]]}', "out:1: .* no quantity at 2:4, .*公开【3°】,受理"),
    ("conll", "3\tB-other\n°\tI-other\n,\tO\n5\tB-application.received\n件\tI-application.received\n", "out:1: .* no quantity at 0:2"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "content", "says"), UNREAD, ids=[row[0] for row in UNREAD])
def test_a_quantity_that_nobody_reads_is_left_out_with_a_warning(form: str, content: str, says: str, tmp_path: Path) -> None:
    """Where the format has no place for a value, one mark does not keep the rest from being read."""
    (tmp_path / "out").write_text(content, encoding="utf-8")
    with pytest.warns(UserWarning, match=says) as said:
        (found,) = load(tmp_path / "out", form)
    assert len(said) == 1
    assert [(claim.text, claim.metric) for claim in found] == [("5件", "application.received")]


def test_the_line_of_a_task_is_where_it_begins(tmp_path: Path) -> None:
    good, bad = json.loads(task()), json.loads(task(region(7, 90, "application.received")))
    for indent, line in ((1, None), (None, 1)):
        content = json.dumps([*good, *good, *bad], indent=indent)
        (tmp_path / "out.json").write_text("\n" * 2 + content, encoding="utf-8")
        wanted = 3 if line else 3 + content[: content.rindex('{\n  "id"')].count("\n")
        with pytest.raises(AnnotationError, match=rf"out\.json:{wanted}: task 7: 7:90 is no span"):
            load(tmp_path / "out.json", "label-studio")


def test_what_cannot_be_saved_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_text(tmp_path / "out.json", "old")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(SaveError, match="No space left"):
        write_text(tmp_path / "out.json", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]
    assert (tmp_path / "out.json").read_text() == "old"


def test_gold_files_of_the_reports(shared: Path, tmp_path: Path) -> None:
    for path in sorted((shared / "eval" / "dev").glob("*.jsonl")):
        (found,) = load(path, "jsonl")
        dump([found], tmp_path / "out.json", "label-studio")
        assert not losses([found], load(tmp_path / "out.json", "label-studio"))
