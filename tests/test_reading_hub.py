"""A free-form model as a reader: only what stands in the evidence becomes a claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.reading import load_reader
from rag.reading.hub import HubReader, find_grounded
from tests.reading_tools import NASTY, evidence

WORDS = ["<pad>", "</s>", "<unk>", "西安", "论坛", "开幕", "948", "forum", "Xi'an", "unanswerable"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A T5 of a few thousand parameters with its tokenizer, in the hub's folder format."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

    path = tmp_path_factory.mktemp("tiny-t5")
    inner = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=64
    )
    tokenizer.save_pretrained(path)
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=len(WORDS), d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2, decoder_start_token_id=0
    )
    T5ForConditionalGeneration(config).save_pretrained(path)
    return path


class Says(HubReader):
    """A hub reader whose model is replaced by one fixed answer."""

    def __init__(self, answer: str) -> None:
        super().__init__(None, None, "says")
        self._answer = answer

    def _generate(self, question: str, evidence: object) -> tuple[str, float]:
        return self._answer, 0.9


@pytest.mark.parametrize(
    ("answer", "sentence", "found"),
    [
        ("948亿美元", "贸易额达到948亿美元。", "948亿美元"),
        ("948 亿 美元。", "贸易额达到948亿美元。", "948亿美元"),
        ("９４８億美元", "贸易额达到948亿美元。", "948亿美元"),
        ("948亿美元", "贸易额达到 9 4 8 亿美元。", "9 4 8 亿美元"),
        ("THE FORUM", "Here the forum opened.", "the forum"),
        ("48亿", "贸易额达到948亿美元。", None),
        ("北京", "论坛在西安开幕。", None),
        ("unanswerable", "This is unanswerable.", None),
        ("", "论坛在西安开幕。", None),
        ("。", "论坛在西安开幕。", None),
        ("西安", "", None),
    ],
)
def test_an_answer_is_found_exactly_or_not_at_all(answer: str, sentence: str, found: str | None) -> None:
    span = find_grounded(answer, sentence)
    assert (sentence[slice(*span)] if span else None) == found


def test_every_sentence_that_holds_the_answer_is_claimed() -> None:
    pieces = evidence("论坛在西安开幕。", "天气晴朗。", "西安有雨。")
    reading = Says("西安").read("哪里？", pieces)
    assert [claim.index for claim in reading.claims] == [0, 2]
    assert all(pieces[c.index].text[c.start : c.end] == "西安" for c in reading.claims)
    assert reading.confidence == 0.9


def test_what_the_evidence_does_not_say_is_dropped() -> None:
    reading = Says("上海").read("哪里？", evidence("论坛在西安开幕。"))
    assert reading.claims == ()
    assert reading.confidence == 0.0


def test_a_model_in_the_hub_format_reads(folder: Path) -> None:
    reader = load_reader(folder, None)
    assert reader.identity == str(folder)
    assert 0 < reader.threshold < 1
    pieces = evidence("西安 论坛 开幕 948 forum.", "论坛")
    reading = reader.read("论坛 ?", pieces)
    assert 0 <= reading.confidence <= 1
    for claim in reading.claims:
        assert pieces[claim.index].text[claim.start : claim.end]
    assert reading == reader.read("论坛 ?", pieces)


@pytest.mark.parametrize("text", NASTY)
def test_nasty_strings_do_no_harm(folder: Path, text: str) -> None:
    reader = load_reader(folder, None)
    assert reader.read("", evidence(text)).claims == ()
    for claim in reader.read(text or "x", evidence(text)).claims:
        assert claim.end <= len(text)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be loaded"):
        load_reader(tmp_path, None)
