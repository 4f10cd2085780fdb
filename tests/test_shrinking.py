"""A smaller tagger: which heads and neurons stay, what they give, and that it can be taught."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from transformers import BertConfig

from govie.formats.passages import Passage, read_hand
from govie.metrics import metrics
from govie.model.heads import OUTPUTS
from govie.model.vocabulary import Vocabulary
from training.dataset import Collator, examples
from training.distill import LEAST_QUANTITIES, apart, distance, stretches
from training.export import export
from training.network import ClaimTagger
from training.prune import chosen, pruned, worth
from training.start import load_start

ROOT = Path(__file__).resolve().parent.parent
CODES = list(metrics())


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(ROOT / "models" / "shipped" / "vocabulary.txt")


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    return list(read_hand(sorted((ROOT / "corpora" / "train").glob("*.txt"))[0]))[:8]


@pytest.fixture
def model(vocabulary: Vocabulary) -> ClaimTagger:
    torch.manual_seed(0)
    config = BertConfig(vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64)
    config.codes = CODES
    return ClaimTagger(config).eval()


@pytest.fixture
def batch(vocabulary: Vocabulary, passages: list[Passage]) -> dict[str, torch.Tensor]:
    return Collator(vocabulary, CODES)(examples(passages))


def test_units_that_do_nothing_go_first(model: ClaimTagger, batch: dict[str, torch.Tensor]) -> None:
    """Heads 1 and 3 of the first layer and half of its neurons give nothing; without them the tagger answers as before."""
    layer = model.bert.encoder.layer[0]
    with torch.no_grad():
        for head in (1, 3):
            layer.attention.output.dense.weight[:, head * 8 : head * 8 + 8] = 0
        layer.output.dense.weight[:, ::2] = 0
        before = [output.clone() for output in model(batch["input_ids"], batch["attention_mask"])]
    heads, neurons = worth(model, [batch])
    assert [heads[0][n] == 0 for n in range(4)] == [False, True, False, True]
    assert (neurons[0][::2] == 0).all()
    assert (neurons[0][1::2] > 0).all()
    small = pruned(model, chosen(heads, keep=0.75, block=1), chosen(neurons, keep=0.75, block=32)).eval()
    assert (small.config.heads_kept, small.config.neurons_kept) == ([2, 4], [32, 64])
    with torch.no_grad():
        for mine, theirs in zip(small(batch["input_ids"], batch["attention_mask"]), before, strict=True):
            torch.testing.assert_close(mine, theirs, atol=1e-5, rtol=1e-4)


def test_a_pruned_tagger_is_saved_read_and_exported(
    model: ClaimTagger, vocabulary: Vocabulary, batch: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    heads, neurons = worth(model, [batch])
    small = pruned(model, chosen(heads, keep=0.5, block=1), chosen(neurons, keep=0.5, block=16)).eval()
    assert sum(small.config.heads_kept) == 4
    small.save_pretrained(tmp_path / "small")
    vocabulary.save(tmp_path / "small" / "vocabulary.txt")
    again, _ = load_start(str(tmp_path / "small"), CODES)
    export(tmp_path / "small", tmp_path / "fp32", quantize=False)
    session = onnxruntime.InferenceSession(str(tmp_path / "fp32" / "model.onnx"))
    ids = batch["input_ids"][:1, : int(batch["attention_mask"][0].sum())]
    with torch.no_grad():
        for own, read, run in zip(small(ids), again.eval()(ids), session.run(list(OUTPUTS), {"input_ids": ids.numpy()}), strict=True):
            torch.testing.assert_close(own, read)
            np.testing.assert_allclose(own.numpy(), run, atol=1e-4)


def test_a_layer_keeps_a_block_at_least() -> None:
    kept = chosen([np.zeros(4), np.arange(1.0, 5.0)], keep=0.5, block=2)
    assert [len(row) for row in kept] == [2, 4]


def test_what_is_taught_comes_nearer(model: ClaimTagger, batch: dict[str, torch.Tensor]) -> None:
    teacher = ClaimTagger(model.config).eval()
    with torch.no_grad():
        right = teacher(batch["input_ids"], batch["attention_mask"])
        assert distance(right, right, batch).item() == pytest.approx(0, abs=1e-5)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    far = []
    for _ in range(15):
        total = distance(model(batch["input_ids"], batch["attention_mask"]), right, batch)
        far.append(total.item())
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
    assert far[-1] < 0.7 * far[0]


def test_layers_are_compared_at_real_characters_only() -> None:
    own, other = torch.zeros(1, 4, 2), torch.tensor([[[1.0, -1.0], [9.0, 9.0], [-1.0, 1.0], [9.0, 9.0]]])
    real = torch.tensor([[True, False, True, False]])
    assert apart([own], [other], real).item() == pytest.approx(1 / other[real].var().item())
    assert apart([other], [other], real).item() == 0


def test_stretches_of_plain_text_hold_quantities(tmp_path: Path) -> None:
    line = "全县共检查企业120家,整改隐患35处,培训安全员两期共260人次,投入资金80万元。"
    law = "第十二条 县级以上人民政府应当在20日内公布,并于30日内报上一级人民政府备案,逾期5日的予以通报。"
    (tmp_path / "a.txt").write_text(
        "\n".join([line] * 40 + [law] * 40 + ["各级各部门要高度重视，切实加强组织领导，确保各项任务落到实处。"] * 40), encoding="utf-8"
    )
    found = list(stretches(tmp_path, most=3, seed=1))
    assert len(found) == 3
    assert all(not p.claims and p.text.count("家") >= 1 and "第十二条" not in p.text for p in found)
    assert LEAST_QUANTITIES <= 5
