"""The copy reader's mechanics, on a network too small to be clever: claims are spans, saving keeps them."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SettingsError
from rag.reading import load_reader
from rag.reading.committee import narrowed, widened
from rag.reading.confidence import SIGNALS, Calibration, missing_names
from rag.reading.copying import CopyReader, further, load_copy_reader, tidy
from rag.reading.decoding import decode, first_scores, last_scores, sentence_chances
from rag.reading.features import build_table
from rag.reading.model import network_of, save_copy_reader
from rag.reading.network import gelu
from rag.reading.units import TAG_INDEX
from rag.reading.vocabulary import TAG_COLUMN
from rag.records import Claim
from tests.reading_tools import NASTY, LetterVectors, evidence, tiny_model, tiny_reader
from training.reader.train import begin_with

READER = tiny_reader()
TEXTS = ("去年论坛在西安开幕，共有420名代表参加。", "北京总统会谈。", "The president went to school, 3 times.")


def test_every_claim_is_inside_its_sentence() -> None:
    pieces = evidence(*TEXTS)
    for seed in range(5):
        reading = tiny_reader(seed=seed).read("谁参加论坛？", pieces)
        assert reading.claims
        for claim in reading.claims:
            assert 0 <= claim.start < claim.end <= len(pieces[claim.index].text)
            assert 0 < claim.score <= 1


@pytest.mark.parametrize("text", NASTY)
def test_nasty_strings_are_read_without_harm(text: str) -> None:
    for question, pieces in (
        (text, evidence(*TEXTS)),
        ("谁？", evidence(text, text)),
        (text, evidence(text, TEXTS[0])),
    ):
        reading = READER.read(question, pieces)
        assert 0 <= reading.confidence <= 1
        for claim in reading.claims:
            assert pieces[claim.index].text[claim.start : claim.end].strip()


@given(st.text(max_size=40), st.lists(st.text(max_size=60), max_size=4))
@settings(max_examples=40, deadline=None)
def test_any_text_gives_valid_spans(question: str, sentences: list[str]) -> None:
    pieces = evidence(*sentences)
    for claim in READER.read(question, pieces).claims:
        assert 0 <= claim.start < claim.end <= len(pieces[claim.index].text)


def test_only_why_and_how_take_further_sentences_and_only_of_the_same_article() -> None:
    pieces = evidence("雨太大。", "管网老。", "泵坏了。", "另一篇。")
    home = pieces[0].passage
    pieces = [replace(piece, passage=home) for piece in pieces[:3]] + [
        replace(pieces[3], passage=replace(home, document="other"))
    ]
    chances = {0: 0.5, 1: 0.2, 2: 0.05, 3: 0.25}
    best = Claim(0, 0, 3, 0.4)
    assert further("为什么积水？", pieces, best, chances) == (Claim(1, 0, 4, 0.2),)
    assert further("怎样排水？", pieces, best, chances) == (Claim(1, 0, 4, 0.2),)
    assert further("谁来了？", pieces, best, chances) == ()


def test_nothing_comes_of_nothing() -> None:
    assert READER.read("谁？", []).claims == ()
    assert READER.read("  ", evidence(*TEXTS)).confidence == 0.0
    assert READER.read("？？！", evidence(*TEXTS)).claims == ()
    assert READER.read("谁？", evidence("。", "，，")).claims == ()


def test_an_answer_neither_begins_nor_ends_with_a_stop() -> None:
    pieces = evidence("，西安。", "论坛，开幕。")
    for claim in READER.read("哪里？", pieces).claims:
        answer = pieces[claim.index].text[claim.start : claim.end]
        assert answer[0] not in "，。"
        assert answer[-1] not in "，。"


def test_the_same_question_gets_the_same_answer() -> None:
    assert READER.read("谁？", evidence(*TEXTS)) == READER.read("谁？", evidence(*TEXTS))


def test_claims_are_distinct_and_best_first() -> None:
    claims = READER.read("论坛在哪里？", evidence(*TEXTS)).claims
    assert [c.score for c in claims[1:]] == sorted((c.score for c in claims[1:]), reverse=True)
    for one, other in itertools.combinations(claims, 2):
        assert one.index != other.index or one.end <= other.start or other.end <= one.start


def test_indexes_name_the_evidence_that_was_given_when_not_all_is_read() -> None:
    pieces = evidence(*("无关" for _ in range(9)), TEXTS[0])
    reader = tiny_reader(sentences=2)
    reading = reader.read("论坛在西安开幕有420名代表？", pieces)
    assert any(claim.index == 9 for claim in reading.claims)


@pytest.mark.parametrize("recurrent", [0, 2])
def test_the_network_computes_what_the_trained_model_does(recurrent: int) -> None:
    """States, keys and the queries of all three steps, against torch and transformers."""
    table = build_table("论坛在哪里？", TEXTS, [1, 2, 3], READER.vocabulary, READER.meanings)
    model = tiny_model(3, recurrent)
    network = network_of(model).members[0]
    encoded = network.encode(table.rows)
    rows, mask = torch.from_numpy(table.rows.astype("int64"))[None], torch.ones(1, len(table.rows))
    with torch.inference_mode():
        states = model.encode(rows, mask)
        np.testing.assert_allclose(encoded.states, states[0].numpy(), atol=2e-5)
        for ours, theirs in zip((encoded.sentence, encoded.first, encoded.last), model.keys(states), strict=True):
            np.testing.assert_allclose(ours, theirs[0].numpy(), atol=2e-5)
        paths = np.array([[table.marks[1], table.firsts[0]], [table.marks[2], table.firsts[1] + 1]])
        for taken in range(3):
            queries = network.step(encoded, paths[:, :taken])
            for path, query in zip(paths, queries, strict=True):
                theirs = model.steps(states, mask, torch.tensor(path[None, :taken]))[0, -1]
                np.testing.assert_allclose(query, theirs.numpy(), atol=2e-5)
        lengths = model.lengths(torch.tensor(5), torch.arange(5, 25))
        np.testing.assert_allclose(network.lengths()[:20], lengths.numpy())
    values = torch.linspace(-6, 6, 500)
    np.testing.assert_allclose(gelu(values.numpy()), torch.nn.functional.gelu(values).numpy(), atol=1e-6)


def test_a_committee_scores_by_the_mean_of_its_members() -> None:
    table = build_table("论坛在哪里？", TEXTS, [1, 2, 3], READER.vocabulary, READER.meanings)
    both = network_of(tiny_model(1), tiny_model(2))
    encoded, alone = both.encode(table.rows), [member.encode(table.rows) for member in both.members]
    path = np.array([[table.marks[1], table.firsts[0]]])
    for taken, keys in enumerate(("sentence", "first", "last")):
        ours = getattr(encoded, keys) @ both.step(encoded, path[:, :taken])[0]
        theirs = [
            getattr(one, keys) @ member.step(one, path[:, :taken])[0]
            for one, member in zip(alone, both.members, strict=True)
        ]
        assert not np.allclose(theirs[0], theirs[1])
        np.testing.assert_allclose(ours, np.mean(theirs, axis=0), atol=1e-5)


def test_narrowed_weights_come_back_to_within_half_a_step() -> None:
    chance = np.random.default_rng(0)
    weights = {
        "big.weight": chance.normal(size=(90, 64)).astype(np.float32),
        "small.weight": chance.normal(size=(3, 4)).astype(np.float32),
        "bias": chance.normal(size=8).astype(np.float32),
        "offsets": np.arange(3),
    }
    kept = narrowed(weights)
    assert kept["big.weight"].dtype == np.int8 and sum(a.nbytes for a in kept.values()) < 90 * 64 * 4 / 3
    back = widened(kept)
    assert back.keys() == weights.keys()
    step = np.abs(weights["big.weight"]).max(axis=1, keepdims=True) / 127
    assert (np.abs(back["big.weight"] - weights["big.weight"]) <= 0.51 * step).all()
    np.testing.assert_allclose(back["bias"], weights["bias"], rtol=1e-3)
    np.testing.assert_array_equal(back["offsets"], weights["offsets"])


def test_recurrent_layers_stop_at_the_end_of_an_example() -> None:
    """A batch filled up computes what each example alone does."""
    model = tiny_model(3, recurrent=1)
    table = build_table("论坛在哪里？", TEXTS, [1, 2, 3], READER.vocabulary, READER.meanings)
    rows, longest = torch.from_numpy(table.rows.astype("int64")), len(table.rows)
    short = longest - 7
    mask = torch.ones(2, longest)
    mask[1, short:] = 0
    with torch.inference_mode():
        both = model.encode(torch.stack([rows, rows]), mask)
        alone = model.encode(rows[None, :short], torch.ones(1, short))
    np.testing.assert_allclose(both[1, :short].numpy(), alone[0].numpy(), atol=2e-5)


def test_training_goes_on_from_a_smaller_network_as_it_was(tmp_path: Path) -> None:
    before, after = tiny_model(1), tiny_model(2, recurrent=1)
    before.save_pretrained(tmp_path)
    begin_with(after, tmp_path)
    table = build_table("论坛在哪里？", TEXTS, [1, 2, 3], READER.vocabulary, READER.meanings)
    one, other = (network_of(model).encode(table.rows) for model in (before, after))
    np.testing.assert_allclose(one.states, other.states, atol=1e-6)


def test_a_committee_is_saved_with_its_members(tmp_path: Path) -> None:
    models = [tiny_model(1, recurrent=1), tiny_model(2)]
    models[1].word_codes.copy_(models[0].word_codes)
    models[1].word_scale.copy_(models[0].word_scale)
    reader = CopyReader(network_of(*models), READER.vocabulary, READER.edges, READER.calibration, "tiny", sentences=12)
    save_copy_reader([*models, tiny_model(3)], reader, tmp_path / "reader")
    save_copy_reader(models, reader, tmp_path / "reader")
    loaded = load_reader(tmp_path / "reader", None)
    assert isinstance(loaded, CopyReader)
    assert len(loaded.network.members) == 2
    before, after = (one.read("论坛在哪里？", evidence(*TEXTS)).claims for one in (reader, loaded))
    assert [(c.index, c.start, c.end) for c in after] == [(c.index, c.start, c.end) for c in before]
    assert [c.score for c in after] == pytest.approx([c.score for c in before], rel=0.02)


def test_decoding_finds_the_best_span_of_all() -> None:
    """The search against trying every sentence, first and last unit."""
    table = build_table("论坛在哪里？", TEXTS, [1, 1, 1], READER.vocabulary, READER.meanings)
    network = READER.network
    encoded = network.encode(table.rows)
    start = network.step(encoded, np.zeros((1, 0), dtype=np.int64))[0]
    sentences = sentence_chances(encoded.sentence[list(table.marks)] @ start, ())
    stops = np.isin(table.rows[:, TAG_COLUMN], [TAG_INDEX[tag] for tag in ("comma", "stop", "question", "colon")])
    assert stops.any()
    best = -np.inf
    everything = range(len(table.firsts))
    for index, starts in zip(everything, first_scores(network, encoded, table, everything, stops), strict=True):
        paths = [(index, row) for row in range(table.firsts[index], table.lasts[index])]
        for first, ends in zip(starts, last_scores(network, encoded, table, paths, stops), strict=True):
            best = max(best, sentences[index + 1] + first + ends.max())
    assert decode(network, table, most=1).spans[0].probability == pytest.approx(np.exp(best), rel=1e-4)


def test_a_saved_reader_reads_the_same(tmp_path: Path) -> None:
    reader = tiny_reader(LetterVectors())
    reader.calibration = Calibration(tuple(0.1 * n for n in range(len(SIGNALS))), 0.31)
    save_copy_reader([tiny_model()], reader, tmp_path / "reader")
    again = load_reader(tmp_path / "reader", LetterVectors())
    assert again.threshold == 0.31
    assert again.identity.startswith("reader@")
    for question in ("论坛在哪里？", "Where is the forum?"):
        before, after = reader.read(question, evidence(*TEXTS)), again.read(question, evidence(*TEXTS))
        assert [(c.index, c.start, c.end) for c in before.claims] == [(c.index, c.start, c.end) for c in after.claims]
        assert after.confidence == pytest.approx(before.confidence, abs=1e-3)


def test_a_damaged_or_foreign_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    save_copy_reader([tiny_model()], tiny_reader(), folder)
    record = json.loads((folder / "reader.json").read_text("utf-8"))
    (folder / "reader.json").write_text(json.dumps({**record, "format": 99}), encoding="utf8")
    with pytest.raises(SettingsError, match="another version"):
        load_reader(folder, None)
    (folder / "model.safetensors").unlink()
    with pytest.raises(SettingsError, match="not a usable reader"):
        load_reader(folder, None)


def test_training_lowers_the_loss_and_counts_no_span_for_unanswerable() -> None:
    reader = tiny_reader()
    table = build_table("论坛在哪里？", TEXTS, [1, 1, 1], reader.vocabulary)
    rows = torch.from_numpy(table.rows.astype("int64"))[None].repeat(2, 1, 1)
    marks = torch.tensor([table.marks, table.marks])
    first = table.firsts[0]
    gold = torch.tensor([[1, first + 1, first + 2], [0, -1, -1]])
    ends = torch.tensor([table.lasts[0], 0])
    model = tiny_model()  # without dropout: the loss must fall step by step
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=0.01)
    losses = []
    for _ in range(20):
        parts = model(rows, torch.ones(2, rows.shape[1]), marks, gold, ends)
        assert parts["first"][1] == 0
        loss = sum(part.sum() for part in parts.values())
        losses.append(loss.item())
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    assert losses[-1] < losses[0] * 0.8


def test_confidence_follows_the_logistic_and_never_overflows() -> None:
    calibration = Calibration((0.0, 1.0), 0.5)
    assert calibration.confidence((1.0, 0.0)) == 0.5
    assert calibration.confidence((1.0, 1e9)) <= 1.0
    assert calibration.confidence((1.0, -1e9)) >= 0.0


def test_a_quote_mark_whose_other_half_is_outside_is_left_out() -> None:
    text = "主题是“共建家园”，见《人民》。"
    assert tidy(text, 4, 9) == (4, 8)
    assert tidy(text, 3, 8) == (4, 8)
    assert tidy(text, 3, 9) == (3, 9)
    assert tidy(text, 11, 15) == (11, 15)
    assert tidy("”", 0, 1) == (0, 1)


def test_a_prior_moves_weight_among_sentences_and_leaves_none_alone() -> None:
    scores = np.array([0.5, 1.0, 1.0, 1.0])
    before = np.exp(scores) / np.exp(scores).sum()
    after = np.exp(sentence_chances(scores, (0.1, 0.9, 0.1)))
    assert after[0] == pytest.approx(before[0])
    assert after.sum() == pytest.approx(1.0)
    assert after[2] > after[1] == after[3]
    assert sentence_chances(np.array([0.3]), ()).tolist() == [0.0]


def test_the_year_of_the_page_is_not_missed() -> None:
    """A paper writes 今年; its date says which year that is."""
    reader, question = tiny_reader(), "2025年论坛在哪里开幕？"
    place = SIGNALS.index("missing")
    values = []
    for date in (None, "2025-06-18", "2024-06-18"):
        pieces = [replace(piece, passage=replace(piece.passage, date=date)) for piece in evidence(TEXTS[0])]
        found = reader.weigh(question, pieces)
        assert found is not None
        values.append(found.signals[place])
    assert values[1] < values[0] == values[2]


def test_names_and_numbers_that_are_nowhere_are_missed() -> None:
    found = ["２０１５年，李明访问河南。", "那年雨水多。"]
    assert missing_names("2015年李明去了哪里？", found) == 0.0
    assert missing_names("2016年李明去了哪里？", found) == 0.5
    assert missing_names("去了哪里？", found) == 0.0
    assert missing_names("2016年？", []) == 1.0


def test_a_loaded_reader_multiplies_in_the_thread_that_asks(tmp_path: Path) -> None:
    from threadpoolctl import ThreadpoolController

    save_copy_reader([tiny_model()], tiny_reader(), tmp_path)
    own = [one for one in ThreadpoolController().lib_controllers if "numpy" in Path(one.filepath).parent.name]
    for one in own:
        one.set_num_threads(2)
    load_copy_reader(tmp_path, None)
    assert all(one.num_threads == 1 for one in own)
