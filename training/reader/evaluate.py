"""The reader on human questions it was never trained on, beside two baselines; one table.

Given the gold context: exact match, F1, whether the cited sentence holds the answer. End to end: the same over
the best passages of all contexts of the set. Without the answer (other documents, or the own context less its
sentence): how well confidence tells, and both error rates at the shipped threshold. Every figure with its n and
a 95% bootstrap interval.
Usage: python -m training.reader.evaluate [--questions 300] [--out FILE.md]
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from embeddings.static import StaticEncoder
from rag.reading import Reader, load_reader
from rag.records import Reading
from training.reader.baselines import BestSentence, TypedRule
from training.reader.measures import auroc, exact, f1, interval
from training.reader.sources import Row, load_questions
from training.reader.trials import Outcome, Trials

SETS = {
    "CMRC train, held-out tenth": "cmrc2018.zh.train:held",
    "DRCD dev": "drcd.zht.dev",
    "DuReader-robust dev": "dureader_robust.zh.dev",
    "WebQA test": "webqa.zh.test",
    "JaQuAD dev": "jaquad.ja.dev",
    "KorQuAD dev": "korquad1.ko.dev",
    "PQuAD val": "pquad.fa.validation",
    "KazQAD dev": "kazqad.kk.dev",
    "FairytaleQA val": "fairytaleqa.en.val",
}
REFUSALS = ("CMRC train, held-out tenth", "DRCD dev", "DuReader-robust dev")
TRADE = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)


def outcomes(reader: Reader, trials: Trials, rows: Sequence[Row], condition: str) -> list[Outcome]:
    """What the reader says to each row under a condition."""
    made = (trials.make(row, condition) for row in rows)
    return [Outcome(trial, reader.read(trial.row.question, trial.evidence)) for trial in made if trial]


def summary(found: Sequence[Outcome]) -> str:
    """Exact match, F1 and sentence accuracy of answerable outcomes as table cells."""
    rows = [outcome.trial.row for outcome in found]
    ems = [exact(o.answer, r.answers) for o, r in zip(found, rows, strict=True)]
    f1s = [f1(o.answer, r.answers, r.language) for o, r in zip(found, rows, strict=True)]
    supported = [float(o.supported) for o in found]
    cells = []
    for values in (ems, f1s, supported):
        mean, low, high = interval(values)
        cells.append(f"{100 * mean:.1f} ({100 * low:.0f}–{100 * high:.0f})")
    return " | ".join(cells)


@lru_cache(maxsize=1)
def shipped(name: str, encoder: Path) -> Reader:
    """The reader to be measured, loaded once in each process."""
    torch.set_num_threads(1)
    return load_reader(name, StaticEncoder.load(encoder, "builtin"))


def asked(title: str, given: argparse.Namespace) -> tuple[list[Row], list[Row]]:
    """All answerable rows of a set, and those that are asked."""
    everything = [row for row in load_questions(given.data, SETS[title]) if row.start is not None]
    return everything, random.Random(given.seed).sample(everything, min(given.questions, len(everything)))


def accuracy(title: str, given: argparse.Namespace) -> list[str]:
    """A set's rows of the table of right answers given the gold context."""
    _, rows = asked(title, given)
    trials, lines = Trials(rows), []
    for reader in (shipped(given.reader, given.encoder), BestSentence(), TypedRule()):
        found = outcomes(reader, trials, rows, "gold")
        lines.append(f"| {title} | {len(found)} | {reader.identity.split('@')[0]} | {summary(found)} |")
    print("\n".join(lines), flush=True)
    return lines


def end_to_end(title: str, given: argparse.Namespace) -> tuple[str, list[float]]:
    """A set's row of the table of answers over the passages found in all contexts, refusals counted as wrong.

    Beside it how sure the reader is of each answer.
    """
    reader = shipped(given.reader, given.encoder)
    everything, rows = asked(title, given)
    read = outcomes(reader, Trials(everything), rows, "open")
    found = [
        outcome if outcome.reading.confidence >= reader.threshold else replace(outcome, reading=Reading((), 0.0))
        for outcome in read
    ]
    answered = 100 * np.mean([bool(outcome.reading.claims) for outcome in found])
    right = [outcome for outcome in found if exact(outcome.answer, outcome.trial.row.answers)]
    backed = f"{100 * np.mean([outcome.supported for outcome in right]):.1f}" if right else "–"
    line = f"| {title} | {len(found)} | {answered:.1f} | {summary(found)} | {backed} |"
    print(line, flush=True)
    return line, [outcome.reading.confidence for outcome in read]


def unanswered(title: str, given: argparse.Namespace) -> dict[str, list[float]]:
    """How sure the reader is of its answers to a set's questions without what answers them."""
    reader = shipped(given.reader, given.encoder)
    everything, rows = asked(title, given)
    trials = Trials(everything)
    return {
        condition: [outcome.reading.confidence for outcome in outcomes(reader, trials, rows, condition)]
        for condition in ("away", "near")
    }


def refusal_table(found: dict[str, dict[str, list[float]]], threshold: float) -> list[str]:
    """How well confidence tells answerable from not, by set, and the trade at other thresholds."""
    lines = [
        "| set | n | AUROC other documents | AUROC near misses | false answers other / near | false refusals |",
        "| --- | ---: | --- | --- | --- | --- |",
    ]
    for title, scores in found.items():
        lines.append(f"| {title} | {len(scores['open'])} | {_refusals(scores, threshold)} |")
    pooled = {
        condition: [score for scores in found.values() for score in scores[condition]]
        for condition in ("open", "away", "near")
    }
    lines += [
        "",
        "| threshold | false answers, other documents | near misses | false refusals |",
        "| ---: | --- | --- | --- |",
    ]
    for at in sorted({*TRADE, round(threshold, 3)}):
        cells = [f"{100 * np.mean([s >= at for s in pooled[c]]):.1f}" for c in ("away", "near")]
        cells.append(f"{100 * np.mean([s < at for s in pooled['open']]):.1f}")
        mark = " (shipped)" if at == round(threshold, 3) else ""
        lines.append(f"| {at}{mark} | {' | '.join(cells)} |")
    return lines


def _refusals(scores: dict[str, list[float]], threshold: float) -> str:
    away, near = (auroc(scores["open"], scores[c]) for c in ("away", "near"))
    wrong = [100 * np.mean([s >= threshold for s in scores[c]]) for c in ("away", "near")]
    refused = 100 * np.mean([s < threshold for s in scores["open"]])
    return f"{away:.3f} | {near:.3f} | {wrong[0]:.1f} / {wrong[1]:.1f} | {refused:.1f}"


def speed(reader: Reader, data: Path) -> str:
    """Milliseconds of a warm reading of sixteen sentences, median and 95th percentile."""
    rows = load_questions(data, SETS["DRCD dev"])[:400]
    trials = Trials(rows)
    times = []
    for row in rows[::8]:
        trial = trials.make(row, "open")
        if trial:
            began = time.process_time()
            reader.read(row.question, trial.evidence)
            times.append(1000 * (time.process_time() - began))
    median, high = np.quantile(times[5:], (0.5, 0.95))
    return f"Warm reading of 16 offered sentences, CPU time: median {median:.0f} ms, 95th percentile {high:.0f} ms."


def main() -> None:
    """Measure and print; write when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--reader", default="builtin")
    parser.add_argument("--encoder", type=Path, default=Path("embeddings/builtin"))
    parser.add_argument("--questions", type=int, default=300, help="questions of each set")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2, help="processes to measure with")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if not given.data.is_dir():
        raise SystemExit(f"The question sets are not at {given.data}; say where with --data.")
    reader = shipped(given.reader, given.encoder)
    print(f"{reader.identity}, threshold {reader.threshold:.3f}", flush=True)
    with ProcessPoolExecutor(given.workers, get_context("spawn")) as pool:
        without = {title: pool.submit(unanswered, title, given) for title in REFUSALS}
        right = [pool.submit(accuracy, title, given) for title in SETS]
        whole = {title: pool.submit(end_to_end, title, given) for title in SETS}
        sure = {title: {"open": whole[title].result()[1], **without[title].result()} for title in REFUSALS}
        lines = [
            "| set | n | system | EM | F1 | cited sentence holds the answer |",
            "| --- | ---: | --- | --- | --- | --- |",
            *(line for rows in right for line in rows.result()),
            "",
            "| set | n | answered | EM | F1 | cited sentence holds the answer | … where the answer is right |",
            "| --- | ---: | ---: | --- | --- | --- | ---: |",
            *(row.result()[0] for row in whole.values()),
            "",
            *refusal_table(sure, reader.threshold),
        ]
    text = "\n".join([*lines, "", speed(reader, given.data)]) + "\n"
    print(text)
    if given.out:
        given.out.write_text(text, encoding="utf8")


if __name__ == "__main__":
    main()
