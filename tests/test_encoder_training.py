"""The encoder's training: batches, hard negatives, transliteration, the row-wise optimiser."""

import gzip
import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from training.encoder import dictionaries, sources
from training.encoder.bags import Bags
from training.encoder.batches import side_by_side, thinned
from training.encoder.mining import hard_negatives
from training.encoder.rows import RowAdam
from training.encoder.train import initial_table, loss_of, schedule, shipped_table, train
from training.encoder.transliteration import names_in, spelled, to_cyrillic, to_latin


def bags(*texts: list[int]) -> Bags:
    starts = np.cumsum([0, *(len(text) for text in texts)])
    return Bags(np.array([i for text in texts for i in text], dtype=np.uint16), starts)


def test_bags_side_by_side_keep_their_rows() -> None:
    ids, starts = side_by_side((np.array([1, 2, 3]), np.array([0, 1])), (np.array([8, 9, 9, 7]), np.array([0, 3])))
    assert ids.tolist() == [1, 8, 9, 9, 2, 3, 7] and starts.tolist() == [0, 4]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_thinned_bags_lose_tokens_but_never_all(share: float) -> None:
    ids, starts = np.arange(4000), np.arange(0, 4000, 40)
    kept, begins = thinned((ids, starts), share, np.random.default_rng(1))
    assert kept[begins].tolist() == starts.tolist()  # the first of every bag stays, and begins it
    assert len(kept) == pytest.approx(100 + 3900 * (1 - share), rel=0.05)
    assert (np.diff(kept) > 0).all()


def test_hard_negatives_are_the_best_bm25_passages_that_are_not_ones_own() -> None:
    rng = np.random.default_rng(2)
    passages = bags(*(rng.integers(1, 60, rng.integers(5, 30)).tolist() for _ in range(40)))
    queries = bags(*(rng.integers(1, 60, 4).tolist() for _ in range(15)))
    rows, own = np.arange(40), rng.integers(0, 40, 15)
    found = hard_negatives(queries, passages, own, rows, depth=3, block=4)
    texts = [passages.ids[passages.starts[i] : passages.starts[i + 1]].tolist() for i in range(40)]
    mean = np.mean([len(t) for t in texts])
    for q in range(15):
        asked = queries.ids[queries.starts[q] : queries.starts[q + 1]].tolist()
        scores = []
        for text in texts:
            total = 0.0
            for term in asked:
                df = sum(term in other for other in texts)
                tf = text.count(term)
                weight = np.log(1 + (40 - df + 0.5) / (df + 0.5))
                total += weight * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * len(text) / mean)) if tf else 0.0
            scores.append(total)
        scores[own[q]] = -1.0
        assert sorted(np.array(scores)[found[q]]) == pytest.approx(sorted(scores)[-3:], rel=1e-4)
        assert own[q] not in found[q]


def test_names_are_spelled_in_the_other_alphabet() -> None:
    assert to_cyrillic("Washington") == "вашингтон" and to_latin("Назарбаев") == "nazarbaev"
    assert names_in(["the mayor Smith, and Smith. Jones"]) == ["Smith"]
    pairs = dict(spelled(["Smith", "Путин"], seed=1))
    assert pairs["smith"].startswith("смит") and pairs["putin"] == "путин"


def test_row_adam_is_adam_without_momentum_whatever_rows_a_batch_touches() -> None:
    torch.manual_seed(0)
    start = torch.randn(6, 4)
    ours = RowAdam(start.clone(), decay=0.9)
    theirs = torch.nn.Parameter(start.clone())
    adam = torch.optim.Adam([theirs], lr=0.05, betas=(0.0, 0.9))
    for step in range(8):
        ids = np.array([[0, 1, 2], [1, 5, 1], [3, 3, 4]][step % 3])
        (means,), rows, leaf = ours.bags((ids, np.array([0, 2])))
        (means**3).sum().backward()
        assert leaf.grad is not None
        ours.step(rows, leaf.grad, 0.05)
        adam.zero_grad()
        bag = torch.nn.functional.embedding_bag(torch.from_numpy(ids), theirs, torch.tensor([0, 2]), mode="mean")
        (bag**3).sum().backward()
        adam.step()
    assert torch.allclose(ours.table, theirs.detach(), atol=1e-4)
    again = RowAdam(torch.zeros(6, 4), decay=0.9)
    again.restore(ours.state())
    assert torch.equal(again.table, ours.table) and again.steps == 8


def test_the_loss_falls_when_pairs_agree_and_the_rate_warms_up_and_cools_down() -> None:
    same = torch.eye(5)
    assert loss_of(same, same, 0.05) < 1e-3 < loss_of(same, same.roll(1, 0), 0.05)
    assert schedule(0, 0.0) == pytest.approx(0.01) and schedule(500, 0.0) == 1.0
    assert schedule(500, 1.0) == pytest.approx(0.03)


def test_russian_meanings_are_told_from_explanations() -> None:
    entry = "воздушное простра́нство, не́бо (над)\nDer mit Luft gefüllte Raum\n2) {sport}подача; X-лучи"
    assert dictionaries.russian_meanings(entry) == ["воздушное пространство", "небо", "подача"]
    seen = Counter({"countries": 9, "countrys": 1, "country": 50, "countried": 2})
    assert dictionaries.english_forms("country", seen, {"countried": []}) == ["countries"]


def test_a_dictionary_package_is_read_and_leads_from_english_to_russian(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("YINJU_DICTIONARIES", str(tmp_path))
    assert list(dictionaries.freedict("deu")) == []
    entries = {"00info": "00info\nо словаре", "Haus": "Haus /haʊs/\nдом, здание", "Luft": "Luft\nво́здух\nGas"}
    body, index = b"", ""
    for head, text in entries.items():
        index += f"{head}\t{number(len(body))}\t{number(len(text.encode()))}\n"
        body += text.encode()
    (tmp_path / "freedict-deu-rus.dict.dz").write_bytes(gzip.compress(body))
    (tmp_path / "freedict-deu-rus.index").write_text(index, encoding="utf-8")
    german = list(dictionaries.freedict("deu"))
    assert german == [("Haus", ["дом", "здание"]), ("Luft", ["воздух"])]
    rows = {"wiktionary.en-de": [["house", "Haus"], ["air", "Luft, Miene, Weise"]]}
    monkeypatch.setattr(sources, "rows", lambda name: iter(rows.get(name, [])))
    assert dictionaries.pivoted({"de": german}) == {"house": ["дом", "здание"]}  # "air" is too unsure


def number(value: int) -> str:
    """A number as dictd writes it, in base 64.

    number(64) is "BA".
    """
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return (number(value // 64) if value >= 64 else "") + letters[value % 64]


def test_training_goes_on_from_a_model_of_the_same_vocabulary_only() -> None:
    from embeddings import load_encoder
    from embeddings.encoder import BUILTIN_FOLDER

    spec = json.loads((BUILTIN_FOLDER / "tokenizer.json").read_text(encoding="utf-8"))
    size = len(spec["model"]["vocab"])
    table = shipped_table(BUILTIN_FOLDER, size)
    np.testing.assert_allclose(table[5:9], load_encoder().vectors(np.arange(5, 9)), atol=1e-6)  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="tokens"):
        shipped_table(BUILTIN_FOLDER, size - 1)


def test_training_begins_in_every_direction_with_frequent_tokens_short() -> None:
    task = SimpleNamespace(texts=bags(*([[1, 2]] * 50), [3]))
    table = initial_table(SimpleNamespace(tasks=[task]), 5, 64, seed=3).numpy()
    norms = np.linalg.norm(table, axis=1)
    p = np.array([0, 50, 50, 1, 0]) / 101
    np.testing.assert_allclose(norms, 5e-4 / (5e-4 + p), rtol=1e-3)
    units = table / norms[:, None]
    assert np.abs(units @ units.T - np.eye(5)).max() < 0.5
    np.testing.assert_array_equal(table, initial_table(SimpleNamespace(tasks=[task]), 5, 64, seed=3).numpy())


TINY = {
    "seed": 1, "dimension": 16, "minutes": 0.005, "learning_rate": 0.01, "temperature": 0.05, "keep": 0.3, "width": 2,
    "batch": {"question": 64, "neighbour": 64, "gloss": 64}, "tasks": {"question": 0.5, "neighbour": 0.3, "gloss": 0.2},
    "boost": {}, "languages": {"other": 1}, "decay": 0.99, "hard": 1, "together": 0.5, "thin": {},
}  # fmt: skip


def write_bags(work: Path, size: int) -> None:
    rng = np.random.default_rng(4)

    def flat(name: str, texts: int, length: int) -> dict[str, np.ndarray]:
        ids = rng.integers(1, size, texts * length).astype(np.uint16)
        return {f"{name}ids": ids, f"{name}starts": np.arange(0, texts * length + 1, length)}

    folder = work / "bags"
    folder.mkdir(parents=True)
    pairs = {**flat("a_", 80, 4), **flat("b_", 80, 12), "keep": np.arange(80)}
    np.savez(folder / "pairs.question.zh.0.npz", **pairs)
    np.savez(folder / "pairs.dictionary.zh-en.0.npz", **flat("a_", 80, 1), **flat("b_", 80, 2), keep=np.arange(80))
    for language in ("zh", "en"):
        np.savez(folder / f"articles.{language}.0.npz", **flat("", 320, 6), bounds=np.arange(0, 321, 4))
    np.savez(folder / "multi.annotations.npz")  # a source that was not gathered
    pieces = [[f"w{i}", -1.0] for i in range(size)]
    (work / "tokenizer.json").write_text(json.dumps({"model": {"vocab": pieces}}), encoding="utf-8")


def test_training_writes_a_model_resumes_and_refuses_the_checkpoint_of_another_tokenizer(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    write_bags(tmp_path, 40)
    train(tmp_path, TINY, resume=True, threads=1)
    assert load_file(tmp_path / "model" / "model.safetensors")["embeddings"].shape == (40, 16)
    spent = torch.load(tmp_path / "checkpoint.pt", weights_only=True)["spent"]
    train(tmp_path, TINY | {"minutes": 0.01}, resume=True, threads=1)
    assert torch.load(tmp_path / "checkpoint.pt", weights_only=True)["spent"] > spent
    pieces = [[f"v{i}", -1.0] for i in range(40)]
    (tmp_path / "tokenizer.json").write_text(json.dumps({"model": {"vocab": pieces}}), encoding="utf-8")
    with pytest.raises(ValueError, match="another tokenizer"):
        train(tmp_path, TINY, resume=True, threads=1)


def test_a_trial_reads_the_first_lines_of_a_source_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text").mkdir()
    with gzip.open(tmp_path / "text" / "a.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(f'{{"n": {n}}}\n' for n in range(5))
    monkeypatch.setenv("YINJU_DATA", str(tmp_path))
    assert [record["n"] for record in sources.records("text/a")] == [0, 1, 2, 3, 4]
    monkeypatch.setenv("YINJU_LINES", "2")
    assert [record["n"] for record in sources.records("text/a")] == [0, 1]
