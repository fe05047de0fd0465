"""Many texts tokenised at once: the ids are those of the tokenizer itself, whatever the text."""

from __future__ import annotations

import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from embeddings import load_encoder
from embeddings.bulk import BulkTokenizer, bulk_tokenizer
from embeddings.encoder import BUILTIN_FOLDER
from embeddings.static import StaticEncoder
from tests.test_encoder import tiny_tokenizer

POOL = (
    "中国经济增长的人民日報龘𠀀々〇2019年，。「」、 \n\tabgoliz'’`ʻé́ıİſﬁΣσςжкіiіқаңяйё"
    "の経済トムパ゛ｶﾞ경제ᄀ각الاقتصادไทย½㎡①Ⅷ%$€£¥\u200d\ufe0f👩😀ａＢ１\u0307\u0000"
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(BUILTIN_FOLDER / "tokenizer.json"))


@pytest.fixture(scope="module")
def bulk(tokenizer: Tokenizer) -> BulkTokenizer:
    made = bulk_tokenizer(tokenizer)
    assert made is not None, "the shipped tokenizer is of the form that the bulk tokenizer knows"
    return made


def agree(tokenizer: Tokenizer, bulk: BulkTokenizer, texts: list[str]) -> None:
    bags = bulk(texts)
    assert bags.starts[0] == 0 and bags.starts[-1] == len(bags.ids)
    for i, encoding in enumerate(tokenizer.encode_batch_fast(texts, add_special_tokens=False)):
        assert bags.ids[bags.starts[i] : bags.starts[i + 1]].tolist() == encoding.ids, repr(texts[i])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.sampled_from(POOL), max_size=40), max_size=5))
def test_ids_are_those_of_the_tokenizer(tokenizer: Tokenizer, bulk: BulkTokenizer, texts: list[str]) -> None:
    agree(tokenizer, bulk, texts)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_ids_are_those_of_the_tokenizer_for_any_text(
    tokenizer: Tokenizer, bulk: BulkTokenizer, texts: list[str]
) -> None:
    if any(unicodedata.category(c) == "Cs" for text in texts for c in text):
        texts = ["".join(c for c in text if unicodedata.category(c) != "Cs") for text in texts]
    agree(tokenizer, bulk, texts)


def test_every_character_in_company(tokenizer: Tokenizer, bulk: BulkTokenizer) -> None:
    characters = [chr(code) for code in range(0x10000) if not 0xD800 <= code <= 0xDFFF]
    agree(tokenizer, bulk, [f"中{c}国 a{c}b {c}{c}1" for c in characters])


def test_long_runs_unknown_characters_and_repeated_texts(tokenizer: Tokenizer, bulk: BulkTokenizer) -> None:
    texts = ["字" * 5000, "a" * 5000, "龘龖龗中龘", "", "中国" * 32, "中国" * 32 + "中", "龘1龘", "龘 龘"]
    agree(tokenizer, bulk, texts)
    agree(tokenizer, bulk, texts)
    assert len(bulk([]).ids) == 0


def test_another_form_of_tokenizer_has_no_bulk_tokenizer() -> None:
    assert bulk_tokenizer(tiny_tokenizer()) is None  # type: ignore[arg-type]


def test_vectors_of_many_passages_are_those_of_single_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder)
    texts = [f"第{i}届中国国际进口博览会在上海举行，Expo {i}." * 20 for i in range(300)]
    together = encoder.encode_passages(texts)
    monkeypatch.setitem(sys.modules, "embeddings.bulk", None)  # a new encoder could not make one
    apart = np.concatenate([load_encoder().encode_passages([text]) for text in texts[:5]])
    np.testing.assert_allclose(together[:5], apart, atol=1e-6)
    assert encoder._bulk is not None
