"""The corpus copies nobody, itself included."""

from pathlib import Path

from govie.formats.passages import Passage, read_hand
from training.corpus import corpus_files
from training.overlap import copied, near_duplicates


def passage(name: str, text: str) -> Passage:
    return Passage(name, name[:2], "县", "2012", "年报", text, (), ())


SENTENCE = "年内县档案馆把历年发放的林权登记底册逐页扫描并接到了乡镇便民大厅的查询机上"


def test_a_copied_sentence_is_found_whatever_its_numbers_and_marks() -> None:
    own = passage("a1", SENTENCE + ",共12345页。")
    assert [name for name, _ in copied([own], ["前文。" + SENTENCE.replace("年内", "年内,") + "共6页"])] == ["a1"]
    assert list(copied([own], ["另一句话"])) == []


def test_a_statutory_label_is_no_copy() -> None:
    label = "一、本年新收政府信息公开申请数量 二、上年结转政府信息公开申请数量 三、本年度办理结果 (一)予以公开"
    assert list(copied([passage("a1", label)], [label])) == []


def test_near_duplicates() -> None:
    pair = [passage("a1", SENTENCE + "共3页。"), passage("b1", "共4页," + SENTENCE)]
    assert [(a, b) for a, b, _ in near_duplicates(pair)] == [("a1", "b1")]
    assert list(near_duplicates([pair[0], passage("c1", "完全不同的另一段话。")])) == []


def test_no_sentence_of_the_real_reports(shared: Path) -> None:
    passages = [p for path in corpus_files([]) for p in read_hand(path)]
    texts = [path.read_text(encoding="utf-8") for folder in ("dev", "dev-wide") for path in (shared / "eval" / folder).glob("*.txt")]
    assert list(copied(passages, texts)) == []
