"""Encoders: the static one against sentence-transformers, exact token spans, loading by name, errors."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import embeddings
from embeddings import Encoder, load_encoder
from embeddings.encoder import BUILTIN_FOLDER
from embeddings.errors import EncoderError
from embeddings.static import StaticEncoder

NASTY = [
    "",
    " ",
    "\n",
    "中",
    "a",
    "😀👩‍👩‍👧",
    "中国の経済 and Қазақстан экономикасы, 경제 الاقتصاد 2019年",
    "\x00\ufeff\u200b",
    "é vs é, ﬁn, Ⅷ, ㎡, ½, İstanbul",
    "字" * 5000,
]


def tiny_tokenizer() -> object:
    """Whole words and single Han characters; lower case, NFKC."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    words = ["[UNK]", "abc", "hello", "world", "中", "国", "é", "m2", "fin", "2", "0", "1", "9"]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{M}\p{N}]+"), "removed"),
            pre_tokenizers.Split(Regex(r"\p{Han}"), "isolated"),
        ]
    )
    return tokenizer


@pytest.fixture
def static_folder(tmp_path: Path) -> Path:
    """A float32 static model with a Normalize, saved by sentence-transformers itself."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    table = np.random.default_rng(3).normal(size=(13, 6)).astype(np.float32)
    model = SentenceTransformer(
        modules=[StaticEmbedding(tiny_tokenizer(), embedding_weights=table), Normalize()], device="cpu"
    )
    model.save(str(tmp_path / "tiny-static"))
    return tmp_path / "tiny-static"


def quantise(folder: Path) -> None:
    """Rewrite the weights as the built-in model stores them: int8 rows with one factor per token."""
    from safetensors.numpy import load_file, save_file

    table = load_file(folder / "model.safetensors")["embedding.weight"]
    factors = np.abs(table).max(axis=1) / 127
    rows = np.round(table / factors[:, None]).astype(np.int8)
    save_file({"embeddings": rows, "weights": factors.astype(np.float32)}, folder / "model.safetensors")


@pytest.mark.parametrize("int8", [False, True])
def test_static_vectors_equal_those_of_sentence_transformers(static_folder: Path, int8: bool) -> None:
    from sentence_transformers import SentenceTransformer

    if int8:
        quantise(static_folder)
    texts = ["hello world", "中国 abc", "ＡＢＣ", "é", "hello " * 300, "unknown 中 words"]
    theirs = SentenceTransformer(str(static_folder), device="cpu", local_files_only=True).encode(texts)
    ours = load_encoder(static_folder).encode_passages(texts)
    np.testing.assert_allclose(ours, theirs, atol=2e-6)


def test_a_mean_checked_by_hand(static_folder: Path) -> None:
    encoder = load_encoder(static_folder)
    assert isinstance(encoder, StaticEncoder)
    ids, _ = encoder.tokens("hello 中")
    assert ids.tolist() == [2, 4]
    mean = encoder.vectors(ids).mean(axis=0)
    np.testing.assert_allclose(encoder.encode_queries(["hello 中"])[0], mean / np.linalg.norm(mean), atol=1e-6)


def test_a_table_with_a_mapping_is_read_like_sentence_transformers_reads_it(static_folder: Path) -> None:
    from safetensors.numpy import save_file
    from sentence_transformers import SentenceTransformer

    rows = np.random.default_rng(5).normal(size=(4, 6)).astype(np.float32)
    mapping = np.arange(13, dtype=np.int64) % 4
    save_file({"embeddings": rows, "mapping": mapping}, static_folder / "model.safetensors")
    theirs = SentenceTransformer(str(static_folder), device="cpu", local_files_only=True).encode(["abc 2019"])
    np.testing.assert_allclose(load_encoder(static_folder).encode_passages(["abc 2019"]), theirs, atol=2e-6)


def test_nasty_texts_get_unit_vectors_whatever_their_company(static_folder: Path) -> None:
    encoder = load_encoder(static_folder)
    together = encoder.encode_passages(NASTY)
    assert together.shape == (len(NASTY), 6) and together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, vector in zip(NASTY, together, strict=True):
        np.testing.assert_allclose(encoder.encode_passages([text])[0], vector, atol=1e-5)
    assert encoder.encode_passages([]).shape == (0, 6)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("ＡＢＣ　中国", [(0, 3), (4, 5), (5, 6)]),
        ("😀 hello 👩‍👩‍👧world", [(2, 7), (13, 18)]),
        ("e\u0301!中", [(0, 2), (3, 4)]),
        ("㎡中", [(0, 1), (1, 2)]),
        ("ﬁn", [(0, 2)]),
    ],
)
def test_token_spans_are_those_of_the_text_as_given(static_folder: Path, text: str, spans) -> None:
    encoder = load_encoder(static_folder)
    assert isinstance(encoder, StaticEncoder)
    ids, offsets = encoder.tokens(text)
    assert ids.dtype == np.uint32 and offsets.dtype == np.int32
    assert [tuple(span) for span in offsets.tolist()] == spans


def test_the_identity_follows_the_weights_and_the_tokenizer_not_the_folder_times(static_folder: Path) -> None:
    first = load_encoder(static_folder).identity
    assert first.startswith("tiny-static@") and first == load_encoder(static_folder).identity
    quantise(static_folder)
    second = load_encoder(static_folder).identity
    assert second != first
    spec = json.loads((static_folder / "tokenizer.json").read_text())
    spec["normalizer"] = {"type": "NFKC"}
    (static_folder / "tokenizer.json").write_text(json.dumps(spec))
    assert load_encoder(static_folder).identity != second


@pytest.fixture
def transformer_folder(tmp_path: Path) -> Path:
    """A one-layer BERT with prompts, built here and saved in the sentence-transformers format."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(0)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=tiny_tokenizer(), unk_token="[UNK]", pad_token="[UNK]", model_max_length=32
    )
    config = BertConfig(
        vocab_size=13, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64,
    )  # fmt: skip
    plain = tmp_path / "bert"
    BertModel(config).save_pretrained(plain)
    tokenizer.save_pretrained(plain)
    transformer = Transformer(str(plain))
    model = SentenceTransformer(
        modules=[transformer, Pooling(16)],
        prompts={"query": "hello ", "passage": "world "},
        device="cpu",
    )
    model.save(str(tmp_path / "tiny-bert"))
    return tmp_path / "tiny-bert"


@pytest.mark.filterwarnings("default")
def test_any_other_model_is_encoded_with_its_prompts(transformer_folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = load_encoder(transformer_folder)
    assert isinstance(encoder, Encoder) and encoder.dimension == 16
    assert encoder.identity.startswith("tiny-bert@")
    reference = SentenceTransformer(str(transformer_folder), device="cpu", local_files_only=True)
    query, passage = encoder.encode_queries(["中国 abc"]), encoder.encode_passages(["中国 abc"])
    assert not np.allclose(query, passage, atol=1e-3)
    for ours, prompt in ((query, "hello "), (passage, "world ")):
        theirs = reference.encode(["中国 abc"], prompt=prompt, normalize_embeddings=True)
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
    empty = encoder.encode_passages(["", "abc"])
    np.testing.assert_allclose(np.linalg.norm(empty, axis=1), 1, atol=1e-5)
    assert encoder.encode_passages([]).shape == (0, 16)


def test_wrong_places_are_refused_in_words(tmp_path: Path, static_folder: Path) -> None:
    with pytest.raises(EncoderError, match="does not exist"):
        load_encoder(tmp_path / "nowhere")
    with pytest.raises(EncoderError, match=r"modules\.json"):
        load_encoder(tmp_path)
    (static_folder / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(EncoderError, match="safetensors"):
        load_encoder(static_folder)
    (static_folder / "model.safetensors").unlink()
    with pytest.raises(EncoderError, match="missing"):
        load_encoder(static_folder)


def test_a_table_smaller_than_the_vocabulary_is_refused(static_folder: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"embedding.weight": np.ones((5, 6), dtype=np.float32)}, static_folder / "model.safetensors")
    with pytest.raises(EncoderError, match="13 tokens"):
        load_encoder(static_folder)


def test_the_root_exports_three_names() -> None:
    assert embeddings.__all__ == ["Encoder", "VectorIndex", "load_encoder"]


def test_importing_loads_neither_torch_nor_faiss_nor_rag() -> None:
    program = (
        "import sys, embeddings; embeddings.load_encoder; "
        "print([m for m in ('torch', 'faiss', 'numpy', 'rag', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_static_folder_is_loaded_without_torch(static_folder: Path) -> None:
    program = (
        "import sys, embeddings; e = embeddings.load_encoder(sys.argv[1]); e.encode_passages(['中国']); "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(static_folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


@pytest.fixture(scope="module")
def builtin() -> StaticEncoder:
    if not (BUILTIN_FOLDER / "model.safetensors").is_file():
        pytest.skip("the built-in weights are not in this checkout")
    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder)
    return encoder


@given(text=st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_builtin_spans_lie_in_the_text_and_hold_their_token(text: str) -> None:
    if not (BUILTIN_FOLDER / "model.safetensors").is_file():
        pytest.skip("the built-in weights are not in this checkout")
    encoder = _builtin_once()
    ids, offsets = encoder.tokens(text)
    assert len(ids) == len(offsets)
    previous = 0
    for start, end in offsets.tolist():
        assert previous <= start < end <= len(text)
        assert any(unicodedata.category(c) not in ("Cc", "Zs", "Zl", "Zp") for c in text[start:end])
        previous = start


_CACHE: dict[str, StaticEncoder] = {}


def _builtin_once() -> StaticEncoder:
    if "builtin" not in _CACHE:
        encoder = load_encoder()
        assert isinstance(encoder, StaticEncoder)
        _CACHE["builtin"] = encoder
    return _CACHE["builtin"]


def test_builtin_meets_traditional_and_full_width_forms(builtin: StaticEncoder) -> None:
    a, b = builtin.encode_passages(["中亞五國貿易 ２０１９ ＡＢＣ", "中亚五国贸易 2019 abc"])
    assert float(a @ b) > 0.999


def test_builtin_ranks_the_translation_first(builtin: StaticEncoder) -> None:
    chinese = ["中国和哈萨克斯坦签署贸易协定", "昨夜北京下了大雪", "科学家发现一颗新行星"]
    english = ["China and Kazakhstan signed a trade agreement", "Heavy snow fell in Beijing last night",
               "Scientists discovered a new planet"]  # fmt: skip
    similarity = builtin.encode_queries(english) @ builtin.encode_passages(chinese).T
    assert similarity.argmax(axis=1).tolist() == [0, 1, 2]


def test_builtin_nasty_texts(builtin: StaticEncoder) -> None:
    vectors = builtin.encode_passages(NASTY)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
