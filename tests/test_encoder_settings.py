"""Another encoder as a setting: dimension, length and prompts, its identity, and the way to it by re-indexing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from embeddings import load_encoder
from embeddings.encoder import EncoderOptions
from embeddings.errors import EncoderError
from rag.adding import searchable
from rag.errors import LibraryError, SettingsError
from rag.library import Library, reindex
from rag.models import token_vectors
from rag.settings import Settings
from tests.test_encoder import static_folder, transformer_folder  # noqa: F401  fixtures


def test_a_static_encoder_is_cut_to_its_first_numbers(static_folder: Path) -> None:  # noqa: F811
    whole, cut = load_encoder(static_folder), load_encoder(static_folder, EncoderOptions(dimension=4))
    assert cut.dimension == 4 and cut.identity == f"{whole.identity}/4"
    texts = ["hello world", "中国 abc"]
    first = whole.encode_passages(texts)[:, :4]
    np.testing.assert_allclose(
        cut.encode_passages(texts), first / np.linalg.norm(first, axis=1, keepdims=True), atol=1e-6
    )
    assert load_encoder(static_folder, EncoderOptions(dimension=6)).identity == whole.identity
    with pytest.raises(EncoderError, match="6 dimensions"):
        load_encoder(static_folder, EncoderOptions(dimension=7))
    with pytest.raises(EncoderError, match="no prompts"):
        load_encoder(static_folder, EncoderOptions(query_prompt="query: "))


@pytest.mark.filterwarnings("default")
def test_a_model_of_the_hub_takes_prompts_dimension_and_length(transformer_folder: Path) -> None:  # noqa: F811
    own = load_encoder(transformer_folder)
    plain = load_encoder(transformer_folder, EncoderOptions(query_prompt="", passage_prompt=""))
    np.testing.assert_allclose(plain.encode_queries(["中国 abc"]), plain.encode_passages(["中国 abc"]), atol=1e-6)
    same = load_encoder(transformer_folder, EncoderOptions(query_prompt="hello ", passage_prompt="world "))
    np.testing.assert_allclose(same.encode_queries(["abc"]), own.encode_queries(["abc"]), atol=1e-6)
    short = load_encoder(transformer_folder, EncoderOptions(dimension=8, length=8, query_prompt=""))
    vectors = short.encode_queries(["abc " * 8, "abc " * 8 + "world world"])
    assert vectors.shape == (2, 8)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)  # what is past the eighth token is not read
    assert len({encoder.identity for encoder in (own, plain, same, short)}) == 4
    with pytest.raises(EncoderError, match="16 dimensions"):
        load_encoder(transformer_folder, EncoderOptions(dimension=17))


@pytest.mark.filterwarnings("default")
def test_a_library_changes_its_encoder_by_reindexing(
    tmp_path: Path,
    two_papers: Path,
    transformer_folder: Path,  # noqa: F811
) -> None:
    folder = tmp_path / "library"
    with Library.open(folder) as library:
        library.add(two_papers)
        before = [hit.passage.id for hit in library.search("小麦", 1)]
    for chosen in (
        {"encoder": str(transformer_folder), "encoder_dimension": 8, "query_prompt": "hello "},
        {"encoder_dimension": 64},
    ):
        (folder / "settings.json").write_text(json.dumps(chosen), encoding="utf-8")
        with pytest.raises(LibraryError, match="yinju reindex"):
            Library.open(folder)
        assert reindex(folder) > 0
        with Library.open(folder) as library:
            assert [hit.passage.id for hit in library.search("小麦", 1)] == before
            assert token_vectors(library._encoder).dimension == 256  # the reader keeps the vectors it knows


def test_a_shorter_dimension_holds_from_the_setting_to_the_search(tmp_path: Path, two_papers: Path) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "settings.json").write_text(json.dumps({"encoder_dimension": 64}), encoding="utf-8")
    with Library.open(folder) as library:
        library.add(two_papers)
    assert json.loads((folder / "vectors.faiss.json").read_text(encoding="utf-8"))["dimension"] == 64
    with Library.open(folder) as library:
        hits = library.search("小麦的收成", 5)
    similarity = {}
    for dimension in (64, 256):
        encoder = load_encoder(options=EncoderOptions(dimension=dimension))
        passages = encoder.encode_passages([searchable(hit.passage) for hit in hits])
        similarity[dimension] = passages @ encoder.encode_queries(["小麦的收成"])[0]
    np.testing.assert_allclose([hit.parts["dense"] for hit in hits], similarity[64], atol=1e-5)
    assert np.abs(similarity[64] - similarity[256]).max() > 0.01


@pytest.mark.parametrize(
    "wrong", [{"encoder_dimension": 0}, {"encoder_dimension": 64.5}, {"encoder_length": 1}, {"query_prompt": 3}]
)
def test_encoder_settings_that_cannot_be_used_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        Settings().changed(**wrong)
