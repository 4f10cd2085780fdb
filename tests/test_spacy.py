"""The spaCy component under every segmenter: no claim is lost, whatever the words are."""

import itertools
import pickle
import shutil
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import govie
from govie.formats import dump, load
from govie.formats.docs import claim_of, extraction_of, put_claims
from tests.reports import applications, prose, table_text

spacy = pytest.importorskip("spacy")

from spacy import displacy  # noqa: E402
from spacy.tokens import Doc, DocBin, Span  # noqa: E402

SHIPPED = Path(govie.__file__).parent.parent / "models" / "shipped"
TEXT = (
    "2023年青禾县政府信息公开工作年度报告\n全年,县政府共受理政府信息公开申请15件,其中通过网络渠道申请的共3件;主动公开政府信息9.67萬(wàn)條,"
    "办结率、满意率均100%。\n未发生行政复议案、行政诉讼案😀。举办培训班两期,培训1,2 34人次。\n"
)
TABLE = table_text(applications())
WORDS = [
    "全年 , 县政府 共 受理 政府信息 公开申请15 件, 其中 通过 网络渠道 申请 的 共3 件;",
    "主动 公开 政府 信息 9 . 67 萬 條 , 办结率 、 满意率 均100 % 。",
]
ALIGNED = ("zh-char",)


@pytest.fixture(scope="module")
def pkuseg(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small model of pkuseg, trained here, which makes words that run across the claims' borders."""
    trainer = pytest.importorskip("spacy_pkuseg")
    folder = tmp_path_factory.mktemp("pkuseg")
    (folder / "words.txt").write_text("\n".join(WORDS * 5) + "\n", encoding="utf-8")
    trainer.train(str(folder / "words.txt"), str(folder / "words.txt"), str(folder / "model"), train_iter=3)
    return str(folder / "model")


def blank(kind: str, pkuseg: str | None = None) -> Any:
    language, _, segmenter = kind.partition("-")
    if segmenter == "jieba":
        pytest.importorskip("jieba")
    nlp = spacy.blank(language, config={"nlp": {"tokenizer": {"segmenter": segmenter}}} if segmenter else {})
    if segmenter == "pkuseg":
        nlp.tokenizer.initialize(pkuseg_model=pkuseg, pkuseg_user_dict="default")
    return nlp


@pytest.fixture(scope="module", params=["zh-char", "zh-jieba", "zh-pkuseg", "xx", "en"])
def pipeline(request: pytest.FixtureRequest, pkuseg: str, extractor: govie.Extractor) -> Any:
    nlp = blank(request.param, pkuseg)
    nlp.add_pipe("govie")
    return nlp


@pytest.fixture
def nlp() -> Any:
    nlp = blank("xx")
    nlp.add_pipe("govie", config={"threads": 1})
    return nlp


@pytest.mark.parametrize("text", [TEXT, TABLE, "", " \n", "没有数字的句子。", "受理申请5件"])
def test_no_claim_is_lost_under_any_segmenter(pipeline: Any, text: str, extractor: govie.Extractor) -> None:
    doc = pipeline(text)
    assert doc.text == text
    expected = extractor.extract(text)
    assert list(doc._.claims) == list(expected)
    assert [span._.claim for span in doc.spans["govie"]] == list(expected)
    for span, claim in zip(doc.spans["govie"], expected, strict=True):
        assert span.label_ == claim.metric
        assert span.start_char <= claim.start < claim.end <= span.end_char
        # No token more than the claim touches.
        assert span[0].idx + len(span[0]) > claim.start
        assert span[-1].idx < claim.end
        assert text[claim.start : claim.end] == claim.text
    assert set(doc[:]._.claims) == set(expected)


def test_the_segmenters_do_differ(pkuseg: str) -> None:
    """Or the test above would show nothing: only characters keep to the claims' borders, and elsewhere two claims share a token."""
    for kind in ("zh-char", "zh-pkuseg", "xx"):
        nlp = blank(kind, pkuseg)
        nlp.add_pipe("govie")
        doc = nlp(TEXT)  # a span group does not outlive it
        spans = list(doc.spans["govie"])
        exact = all((span.start_char, span.end_char) == (span._.claim.start, span._.claim.end) for span in spans)
        assert exact == (kind == "zh-char"), kind
        places = {(span.start, span.end, span._.claim.start) for span in spans}
        assert (len({place[:2] for place in places}) < len(places)) == (kind == "xx")


@settings(max_examples=40, deadline=None)
@given(cuts=st.sets(st.integers(1, 39)), data=st.data())
def test_any_words_any_claims(cuts: set[int], data: st.DataObject) -> None:
    said = prose(
        "全年,县政府受理{5件|application.received period=全年 entity=县政府},网络{3件|application.received channel=网络},办结率{99.5%|rate.completion}{80件|application.handled}。"
    )
    text = said.document.text
    borders = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    words = [text[start:end] for start, end in itertools.pairwise(borders)]
    doc = Doc(spacy.vocab.Vocab(), words=words, spaces=[False] * len(words))
    chosen = data.draw(st.lists(st.sampled_from(said.claims), unique=True))
    put_claims(doc, chosen)
    assert [claim_of(span) for span in doc.spans["govie"]] == chosen
    assert set(extraction_of(doc)) == set(chosen)
    (back,) = DocBin().from_bytes(DocBin(docs=[doc], store_user_data=True).to_bytes()).get_docs(spacy.vocab.Vocab())
    assert [claim_of(span) for span in back.spans["govie"]] == chosen
    joined = Doc.from_docs([doc, doc], ensure_whitespace=False)
    assert [claim.start for claim in extraction_of(joined)] == sorted(claim.start + at for claim in chosen for at in (0, len(text)))
    assert all(joined.text[claim.start : claim.end] == claim.text for claim in extraction_of(joined))


def test_through_bytes_docbin_pickle_and_disk(nlp: Any, tmp_path: Path) -> None:
    doc = nlp(TEXT)
    bundle = DocBin(docs=[doc], store_user_data=True)
    bundle.to_disk(tmp_path / "docs.spacy")
    copies = [Doc(nlp.vocab).from_bytes(doc.to_bytes()), pickle.loads(pickle.dumps(doc)), doc.copy()]
    copies += DocBin().from_disk(tmp_path / "docs.spacy").get_docs(nlp.vocab)
    for copy in copies:
        assert list(copy._.claims) == list(doc._.claims)
        assert [span._.claim for span in copy.spans["govie"]] == [span._.claim for span in doc.spans["govie"]]
    # What the pipeline has made, `govie convert --from spacy` reads with its exact borders and scopes.
    (back,) = load(tmp_path / "docs.spacy", "spacy")
    assert list(back) == list(doc._.claims)
    # And the other way round: what `--to spacy` writes is as if the component had been there.
    dump([back], tmp_path / "converted.spacy", "spacy")
    (converted,) = DocBin().from_disk(tmp_path / "converted.spacy").get_docs(nlp.vocab)
    assert list(converted._.claims) == list(doc._.claims)


def test_a_part_of_a_document_keeps_its_claims() -> None:
    nlp = blank("zh")
    nlp.add_pipe("govie")
    doc = nlp("全年受理申请5件,其中网络3件。全年培训2次。")
    second = doc[[token.text for token in doc].index("。") + 1 :]
    part = second.as_doc(copy_user_data=True)
    assert [(claim.text, claim.start) for claim in part._.claims] == [("2次", 4)]
    assert [claim.text for claim in second._.claims] == ["2次"]
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[0:3])
    assert [claim.text for claim in doc._.claims] == ["5件", "3件", "2次"]


def test_again_on_the_same_document_doubles_nothing(nlp: Any) -> None:
    once = nlp(TEXT)
    count = len(once._.claims)
    again = nlp(once)
    assert len(again._.claims) == len(again.spans["govie"]) == count > 5
    nlp.add_pipe("govie", name="sure", config={"spans_key": "sure", "min_confidence": 0.9})
    both = nlp(TEXT)
    assert 0 < len(both.spans["sure"]) < len(both.spans["govie"]) == len(both._.claims) == count
    assert all(span._.claim.confidence >= 0.9 for span in both.spans["sure"])


def test_claims_are_an_extraction(nlp: Any) -> None:
    doc = nlp.make_doc("全年共受理政府信息公开申请20件,其中网络申请12件、信函申请9件。")
    doc.user_data["year"] = 2023
    doc = nlp(doc)
    assert doc._.claims.document.year == 2023
    assert [finding.status for finding in doc._.claims.check()] == ["fail"]
    assert list(doc[:]._.claims) == list(doc._.claims)


def test_a_span_of_ones_own(nlp: Any) -> None:
    doc = nlp("受理5件,办结 3件。")
    own = Span(doc, doc.spans["govie"][0].start, doc.spans["govie"][0].end)
    assert own._.claim == doc._.claims[0]
    assert Span(doc, len(doc) - 1, len(doc))._.claim is None


def test_a_long_document_takes_no_square_time() -> None:
    nlp = blank("zh-char")
    text = "全年受理申请5件。" * 3000
    doc = nlp.make_doc(text)
    claims = [govie.Claim(n * 9 + 6, n * 9 + 8, Decimal(5), "件", "application.received", source=text) for n in range(0, 3000, 3)]
    started = time.process_time()
    put_claims(doc, claims)
    assert [claim_of(span) for span in doc.spans["govie"]] == claims
    assert list(extraction_of(doc)) == claims
    assert time.process_time() - started < 3


@pytest.mark.parametrize("warm", [False, True])
def test_two_processes(warm: bool) -> None:
    """In a process of its own, so that a worker that waits for the threads of a forked session fails the test and does not stop it."""
    code = f"""
import spacy
nlp = spacy.blank("zh")
nlp.add_pipe("govie", config={{"threads": 2}})
texts = ["全年受理申请%d件,培训2次。" % n for n in range(1, 9)]
one = [list(doc._.claims) for doc in nlp.pipe(texts)] if {warm} else None
two = list(nlp.pipe(texts, n_process=2, batch_size=2))
assert [doc.text for doc in two] == texts
assert [[span._.claim for span in doc.spans["govie"]] for doc in two] == [list(doc._.claims) for doc in two]
assert one is None or [list(doc._.claims) for doc in two] == one
print([claim.text for doc in two for claim in doc._.claims][::2])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600, check=True)
    assert done.stdout.strip() == str([f"{n}件" for n in range(1, 9)])


def test_the_shipped_model_stays_in_the_package(tmp_path: Path) -> None:
    nlp = blank("zh")
    nlp.add_pipe("govie", config={"min_confidence": 0.5, "spans_key": "numbers"})
    nlp.to_disk(tmp_path / "pipeline")
    assert not list(tmp_path.rglob("*.onnx"))
    again = spacy.load(tmp_path / "pipeline")
    pipe = again.get_pipe("govie")
    assert (pipe.min_confidence, pipe.spans_key) == (0.5, "numbers")
    one, two = nlp(TEXT), again(TEXT)
    assert [span._.claim for span in two.spans["numbers"]] == [span._.claim for span in one.spans["numbers"]] != []
    none = spacy.load(tmp_path / "pipeline", config={"components": {"govie": {"min_confidence": 1.1}}})(TEXT)
    assert len(none.spans["numbers"]) == 0


def test_an_own_model_travels_with_the_pipeline(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "mine")
    nlp = blank("zh")
    component = nlp.add_pipe("govie", config={"model": str(tmp_path / "mine")})
    nlp.to_disk(tmp_path / "pipeline")
    as_bytes = nlp.to_bytes()
    pickled = pickle.dumps(component)
    expected = list(nlp(TEXT)._.claims)
    shutil.rmtree(tmp_path / "mine")
    shutil.move(tmp_path / "pipeline", tmp_path / "elsewhere")
    assert list(spacy.load(tmp_path / "elsewhere")(TEXT)._.claims) == expected
    other = blank("zh")
    other.add_pipe("govie")
    other.from_bytes(as_bytes)
    assert other.get_pipe("govie").to_bytes() == component.from_disk(tmp_path / "elsewhere" / "govie").to_bytes()
    assert list(other(TEXT)._.claims) == expected
    revived = pickle.loads(pickled)
    assert revived(nlp.make_doc(TEXT))._.claims[0] == expected[0]


def test_initialize_takes_the_model_from_the_configuration(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "mine")
    nlp = blank("zh")
    nlp.add_pipe("govie")
    nlp.config["initialize"]["components"]["govie"] = {"model": str(tmp_path / "mine")}
    nlp.initialize()
    nlp.to_disk(tmp_path / "pipeline")
    assert (tmp_path / "pipeline" / "govie" / "model" / "model.onnx").is_file()
    assert "mine" not in str(nlp.config["components"])


def test_no_model_is_said_so(tmp_path: Path) -> None:
    nlp = blank("zh")
    nlp.add_pipe("govie", config={"model": str(tmp_path / "none")})
    with pytest.raises(govie.GovieError, match="none"):
        nlp(TEXT)
    with pytest.raises(govie.GovieError, match="none"):
        nlp.to_disk(tmp_path / "pipeline")
    failed: list[str] = []
    nlp.set_error_handler(lambda name, component, docs, error: failed.extend(doc.text for doc in docs))
    assert list(nlp.pipe([TEXT, "受理5件"])) == []
    assert failed == [TEXT, "受理5件"]


def test_displacy(nlp: Any) -> None:
    component = nlp.get_pipe("govie")
    doc = nlp("受理申请5件,未发生行政复议案,办结率、满意率均100%。")
    page = displacy.render(doc, style="span", options=component.displacy_options, jupyter=False)
    for span in doc.spans["govie"]:
        assert span.label_ in page
    shown = component.displacy_options["colors"]
    assert set(shown) == set(component.labels)
    assert shown["application.received"] in page
    assert len({shown[code] for code in ("application.received", "review.cases", "rate.completion", "training.sessions")}) == 4
    # displaCy knows the colours without options too, by the entry point.
    assert shown["review.cases"] in displacy.render(doc, style="span", options={"spans_key": "govie"}, jupyter=False)


def test_analysis_and_import(nlp: Any) -> None:
    assert nlp.analyze_pipes()["summary"]["govie"]["assigns"] == ["doc.spans", "doc._.claims", "span._.claim", "span._.claims"]
    code = "import sys, spacy; spacy.blank('en'); print('govie.integrations.spacy' in sys.modules, 'onnxruntime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == ["True", "False"]
