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
from dataclasses import replace
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


def accuracy_table(readers: Sequence[Reader], data: Path, questions: int, seed: int) -> list[str]:
    """Rows of the table of right answers given the gold context."""
    lines = [
        "| set | n | system | EM | F1 | cited sentence holds the answer |",
        "| --- | ---: | --- | --- | --- | --- |",
    ]
    for title, name in SETS.items():
        rows = [row for row in load_questions(data, name) if row.start is not None]
        rows = random.Random(seed).sample(rows, min(questions, len(rows)))
        trials = Trials(rows)
        for reader in readers:
            found = outcomes(reader, trials, rows, "gold")
            lines.append(f"| {title} | {len(found)} | {reader.identity.split('@')[0]} | {summary(found)} |")
            print(lines[-1], flush=True)
    return lines


def end_to_end_table(reader: Reader, data: Path, questions: int, seed: int) -> list[str]:
    """Rows of the table of answers over the passages found in all contexts of a set, refusals counted as wrong."""
    lines = [
        "| set | n | answered | EM | F1 | cited sentence holds the answer | … where the answer is right |",
        "| --- | ---: | ---: | --- | --- | --- | ---: |",
    ]
    for title, name in SETS.items():
        everything = [row for row in load_questions(data, name) if row.start is not None]
        trials = Trials(everything)
        rows = random.Random(seed).sample(everything, min(questions, len(everything)))
        found = [
            outcome if outcome.reading.confidence >= reader.threshold else replace(outcome, reading=Reading((), 0.0))
            for outcome in outcomes(reader, trials, rows, "open")
        ]
        answered = 100 * np.mean([bool(outcome.reading.claims) for outcome in found])
        right = [outcome for outcome in found if exact(outcome.answer, outcome.trial.row.answers)]
        backed = f"{100 * np.mean([outcome.supported for outcome in right]):.1f}" if right else "–"
        lines.append(f"| {title} | {len(found)} | {answered:.1f} | {summary(found)} | {backed} |")
        print(lines[-1], flush=True)
    return lines


def refusal_table(reader: Reader, data: Path, questions: int, seed: int) -> list[str]:
    """How well confidence tells answerable from not, and the trade at other thresholds."""
    lines = [
        "| set | n | AUROC other documents | AUROC near misses | false answers other / near | false refusals |",
        "| --- | ---: | --- | --- | --- | --- |",
    ]
    pooled: dict[str, list[float]] = {"open": [], "away": [], "near": []}
    for title in REFUSALS:
        everything = [row for row in load_questions(data, SETS[title]) if row.start is not None]
        trials = Trials(everything)
        rows = random.Random(seed).sample(everything, min(questions, len(everything)))
        scores = {
            condition: [outcome.reading.confidence for outcome in outcomes(reader, trials, rows, condition)]
            for condition in pooled
        }
        for condition, values in scores.items():
            pooled[condition].extend(values)
        lines.append(f"| {title} | {len(rows)} | {_refusals(scores, reader.threshold)} |")
        print(lines[-1], flush=True)
    lines += [
        "",
        "| threshold | false answers, other documents | near misses | false refusals |",
        "| ---: | --- | --- | --- |",
    ]
    for threshold in sorted({*TRADE, round(reader.threshold, 3)}):
        cells = [f"{100 * np.mean([s >= threshold for s in pooled[c]]):.1f}" for c in ("away", "near")]
        cells.append(f"{100 * np.mean([s < threshold for s in pooled['open']]):.1f}")
        mark = " (shipped)" if threshold == round(reader.threshold, 3) else ""
        lines.append(f"| {threshold}{mark} | {' | '.join(cells)} |")
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
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if not options.data.is_dir():
        raise SystemExit(f"The question sets are not at {options.data}; say where with --data.")
    torch.set_num_threads(1)
    reader = load_reader(options.reader, StaticEncoder.load(options.encoder, "builtin"))
    print(f"{reader.identity}, threshold {reader.threshold:.3f}", flush=True)
    lines = accuracy_table([reader, BestSentence(), TypedRule()], options.data, options.questions, options.seed)
    lines += [
        "",
        *end_to_end_table(reader, options.data, options.questions, options.seed),
        "",
        *refusal_table(reader, options.data, options.questions, options.seed),
        "",
        speed(reader, options.data),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf8")


if __name__ == "__main__":
    main()
