"""The reader's training tools: packing, scoring, glosses, evidence for training, calibration."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from rag.reading.confidence import SIGNALS
from rag.reading.features import build_table
from tests.reading_tools import tiny_vocabulary
from training.reader.evidence import Pool
from training.reader.fit import Case, calibrate, fit_logistic
from training.reader.measures import auroc, exact, f1, interval
from training.reader.packing import Example, Label, load, locate, pack, save, shorten, unpack
from training.reader.sources import Row, held_out
from training.reader.trials import Trials

TEXTS = ("论坛在西安开幕。", "北京总统会谈贸易。", "学校放假三天。", "列车晚点。")


def example(sentence: int = 1) -> Example:
    table = build_table("总统在哪里会谈？", TEXTS, [1, 1, 2, 2], tiny_vocabulary())
    label = locate(table, sentence, 0, 2) if sentence >= 0 else Label(-1)
    assert label is not None
    return Example(table, label)


def test_a_label_covers_the_answer_and_nothing_cut_off() -> None:
    table = example().table
    label = locate(table, 1, 0, 4)
    assert label is not None
    spans = table.spans[1]
    assert TEXTS[1][spans[label.first][0] : spans[label.last][1]] == "北京总统"
    assert locate(table, 1, 0, 99) is None


def test_packed_examples_come_back(tmp_path: Path) -> None:
    save(pack([example(), example(-1)]), tmp_path / "000.npz")
    shard = load(tmp_path / "000.npz")
    assert len(shard) == 2
    one, none = unpack(shard, 0), unpack(shard, 1)
    table = example().table
    assert np.array_equal(one.rows, table.rows)
    assert tuple(one.marks) == table.marks
    assert one.gold[0] == 2
    assert one.gold[1] == table.firsts[1]
    assert one.end == table.lasts[1]
    assert none.gold == (0, -1, -1)


@pytest.mark.parametrize("most", [8, 16, 20, 24, 30, 100])
def test_shortening_never_loses_the_gold_sentence(most: int) -> None:
    piece = unpack(pack([example()]), 0)
    for seed in range(5):
        short = shorten(piece, most, np.random.default_rng(seed))
        assert len(short.rows) <= len(piece.rows)
        before = piece.rows[piece.gold[1] : piece.end]
        assert np.array_equal(short.rows[short.gold[1] : short.end], before)
        assert np.array_equal(
            short.rows[short.marks[1:]][:, 5], piece.rows[piece.marks[1:2]].repeat(len(short.marks) - 1, 0)[:, 5]
        )
    none = shorten(unpack(pack([example(-1)]), 0), most, np.random.default_rng(0))
    assert none.gold == (0, -1, -1)


def test_scores_follow_the_official_rules() -> None:
    assert exact("１９６３年。", ["1963年"]) == 1
    assert exact("1963", ["1963年"]) == 0
    assert f1("在西安开幕", ["西安"], "zh") == pytest.approx(2 * 2 / 7)
    assert f1("安西", ["西安"], "zh") == pytest.approx(0.5)
    assert f1("安西", ["西安"], "ja") == 1
    assert f1("the red fox", ["red fox", "dog"], "en") == pytest.approx(0.8)
    assert f1("", ["x"], "en") == 0


def test_auroc_and_interval_by_hand() -> None:
    assert auroc([3.0, 2.0], [1.0, 0.0]) == 1
    assert auroc([1.0], [1.0]) == 0.5
    assert auroc([0.0, 2.0], [1.0]) == 0.5
    mean, low, high = interval([0.0, 1.0] * 50)
    assert low < mean == 0.5 < high


def test_the_logistic_regression_finds_the_direction() -> None:
    chance = np.random.default_rng(0)
    signal = chance.normal(size=500)
    values = np.stack([np.ones(500), signal], axis=1)
    right = (signal + chance.normal(size=500) > 0).astype(float)
    theta = fit_logistic(values, right, np.ones(500))
    assert theta[1] > 1
    assert abs(theta[0]) < 0.4


def test_the_pool_finds_the_passage_and_keeps_its_place() -> None:
    contexts = ["论坛在西安开幕。" * 60, "果园里的苹果熟了。"]
    pool = Pool(contexts)
    assert len(pool.of_context[0]) > 1
    for passage in pool.passages:
        assert contexts[int(passage.document)][passage.start : passage.end] == passage.text
    best = pool.search("苹果熟了吗", 1)[0][0]
    assert pool.passages[best].document == "1"


def test_trials_hold_what_they_promise() -> None:
    rows = [
        Row("1", "s", "zh", "", "论坛在西安开幕。代表有四百人。", "论坛在哪里开幕？", ("西安",), 3),
        Row("2", "s", "zh", "", "论坛的果园里苹果熟了。", "什么熟了？", ("苹果",), 6),
    ]
    trials = Trials(rows)
    gold, near, away = (trials.make(rows[0], c) for c in ("gold", "near", "away"))
    assert gold is not None and gold.answerable
    assert near is not None and [p.text for p in near.evidence] == ["代表有四百人。"]
    assert away is None or all("西安" not in p.text for p in away.evidence)


def test_about_a_tenth_of_the_documents_is_held_out() -> None:
    share = np.mean([held_out(f"document {n}") for n in range(2000)])
    assert 0.08 < share < 0.125


def test_a_gloss_keeps_numbers_and_asks_in_english(tmp_path: Path) -> None:
    import gzip

    from training.reader.glosses import Glosser

    path = tmp_path / "dictionary.tsv.gz"
    lines = ["论坛\t論壇\tlun4 tan2\tforum/discussion", "开幕\t開幕\tkai1 mu4\tto open", "张\t張\tZhang1\tsheet"]
    path.write_bytes(gzip.compress("\n".join(lines).encode("utf8")))
    gloss = Glosser(path, random.Random(0)).gloss("2015年谁开幕论坛？")
    assert gloss is not None
    assert gloss.endswith("?")
    assert "2015" in gloss
    assert gloss.split()[0] in ("Who", "Which")
    assert "open" in gloss


def test_a_loose_question_keeps_what_it_asks_and_its_content() -> None:
    from rag.reading.kinds import question_kind
    from training.reader.glosses import Loosener

    question = "2015年谁在西安的论坛上宣布了开幕？"
    kept = 0
    for seed in range(20):
        loose = Loosener(random.Random(seed)).gloss(question)
        assert loose is not None and "谁在" not in loose
        assert question_kind(loose) == question_kind(question)
        words = set(loose.rstrip("？").split())
        assert words <= {"2015", "年", "谁", "哪个人", "什么人", "在", "西安", "的", "论坛", "上", "宣布", "了", "开幕"}
        kept += len(words & {"2015", "西安", "论坛", "开幕"})
    assert kept > 0.8 * 20 * 4
    assert Loosener(random.Random(0)).gloss("西安的论坛") is None


def test_the_threshold_gives_both_errors_alike_and_is_judged_across_halves() -> None:
    chance = np.random.default_rng(3)
    found = []
    for number in range(600):
        answerable = number % 3 == 0
        told = float(chance.normal(2.0 if answerable else 0.0))
        values = (1.0, told, *(0.0,) * (len(SIGNALS) - 2))
        condition = "open" if answerable else "away"
        found.append(Case(values, condition, answerable, answerable, answerable, number % 2))
    calibration, rates = calibrate(found)
    assert rates["cases"] == 600
    assert abs(rates["away: answered"] - rates["open: refused"]) < 0.03
    assert 0.1 < rates["away: answered"] < 0.25
    assert rates["away: auroc"] > 0.9
    sure = calibration.confidence((1.0, 3.0, *(0.0,) * (len(SIGNALS) - 2)))
    unsure = calibration.confidence((1.0, -1.0, *(0.0,) * (len(SIGNALS) - 2)))
    assert sure > calibration.threshold > unsure
