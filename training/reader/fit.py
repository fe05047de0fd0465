"""From the runs' weights and the ranker to a shippable reader: confidence and threshold.

The confidence is a logistic regression fitted on questions the network never saw: the held-out tenth of
CMRC, over what the product itself finds for them, and held-back questions of the question maker. It is the
probability that the cited sentence holds the answer: a reader of the page sees that sentence.
Each half of the documents is judged by what the other half fitted: so come the threshold and the error rates that are
stored and printed; all of them fit what is shipped.
Usage: python -m training.reader.fit --run training/work/reader/run1 --out rag/reading/builtin
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import tempfile
import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from embeddings.static import StaticEncoder
from rag.answering import gather
from rag.library import Library
from rag.reading import select_evidence
from rag.reading.confidence import SIGNALS, Calibration
from rag.reading.copying import CopyReader
from rag.reading.meanings import TokenVectors
from rag.reading.model import CopyReaderModel, network_of, save_copy_reader
from rag.reading.network import use_one_blas_thread
from rag.reading.ranking import Trees
from rag.records import Evidence, Passage
from training.reader.glosses import Glosser
from training.reader.lexicon import load_lexicon
from training.reader.measures import auroc, f1
from training.reader.sources import load_questions, read_rows
from training.reader.trials import holds, stands_in

RIGHT = 0.6  # F1 from which an answer counts as right


@dataclass(frozen=True, slots=True)
class Case:
    """One reading: its signals, whether the evidence held the answer, whether the best claim is right.

    ``supported`` tells whether the sentence of the best claim holds the answer.
    """

    values: tuple[float, ...]
    condition: str
    answerable: bool
    right: bool
    supported: bool
    half: int


def assemble(
    runs: Sequence[Path], work: Path, encoder: TokenVectors | None
) -> tuple[list[CopyReaderModel], CopyReader]:
    """The models of the runs, and the reader that runs them as one, not calibrated yet."""
    use_one_blas_thread()
    vocabulary, _, _, own = load_lexicon(work)
    models = [CopyReaderModel.from_pretrained(run / "model").float().eval() for run in runs]
    plain = Calibration((0.0, 1.0, *(0.0,) * (len(SIGNALS) - 2)), 0.5)
    return models, CopyReader(network_of(*models), vocabulary, own, plain, runs[0].name, encoder)


def gathered(part: int, given: argparse.Namespace) -> list[Case]:
    """One worker's share of all readings: every ``given.workers``-th from the ``part``-th on."""
    torch.set_num_threads(1)
    encoder = StaticEncoder.load(given.encoder, "builtin")
    _, reader = assemble(given.run, given.work, encoder)
    reader.ranker = Trees.load(given.ranker)
    found = cases(reader, given.data, given.questions, given.seed, part, given.workers)
    if given.made.exists():
        trained = sorted(given.made.parent.glob(given.trained))
        found += made_cases(reader, given.made, trained, given.questions, part, given.workers)
    return found


def cases(reader: CopyReader, data: Path, questions: int, seed: int, part: int = 0, parts: int = 1) -> list[Case]:
    """Readings of held-out CMRC questions over what the product finds, every fourth asked in English glosses.

    All held-out contexts are put into a library. *open*: what it finds for the question. *away*: the same without the
    question's own context. *gone*: without the sentences in which the answer stands.
    """
    chance = random.Random(seed)
    glosser = Glosser(data / "dict" / "cc-cedict.zh-en.tsv.gz", chance)
    rows = load_questions(data, "cmrc2018.zh.train:held")
    contexts = {context: f"{number:04}.md" for number, context in enumerate(dict.fromkeys(row.context for row in rows))}
    made = []
    with tempfile.TemporaryDirectory() as place:
        texts = Path(place) / "texts"
        texts.mkdir()
        for context, name in contexts.items():
            (texts / name).write_text(context, encoding="utf8")
        with Library.open(Path(place) / "library") as library:
            library.add([texts])
            for number, row in enumerate(chance.sample(rows, min(questions, len(rows)))):
                glossed = glosser.gloss(row.question) if number % 4 == 0 else None
                if number % parts != part:
                    continue
                question = glossed or row.question
                own = contexts[row.context]
                for condition in ("open", "away", "gone"):
                    hits = library.search(question, library.settings.passages + 4)
                    hits = [hit for hit in hits if condition != "away" or Path(hit.path).name != own]
                    ranked = [replace(hit, rank=rank) for rank, hit in enumerate(hits[: library.settings.passages], 1)]
                    offered = gather(ranked, lambda passage: [])
                    if condition != "open":
                        offered = [piece for piece in offered if not holds(piece.text, row)]
                    evidence = select_evidence(question, offered, library.settings.sentences)
                    gold = row.answers if condition == "open" else ()
                    name = f"{condition}, English" if glossed else condition
                    made.append(_case(reader, question, evidence, gold, name, row.context))
    return [case for case in made if case]


def made_cases(
    reader: CopyReader, path: Path, trained: Sequence[Path], questions: int, part: int = 0, parts: int = 1
) -> list[Case]:
    """Readings of questions of the question maker on articles of which no question was trained on."""
    known = {record["article"] for one in trained for record in read_rows(one)}
    fresh = (record for record in read_rows(path) if record["article"] not in known)
    made = []
    for record in itertools.islice(fresh, part, questions, parts):
        passage = Passage("p", record.get("article", "d"), 0, "\n".join(record["sentences"]), 0, 0)
        evidence = [Evidence(text, passage, 0, len(text), 1.0, 1) for text in record["sentences"]]
        gold = ()
        if record["answerable"]:
            gold = (record["sentences"][record["index"]][record["start"] : record["end"]],)
        condition = "made" if gold else "made-near"
        made.append(_case(reader, record["question"], evidence, gold, condition, passage.document))
    return [case for case in made if case]


def _case(
    reader: CopyReader, question: str, evidence: Sequence[Evidence], gold: Sequence[str], condition: str, document: str
) -> Case | None:
    found = reader.weigh(question, evidence)
    if found is None:
        return None
    best, values = found.claims[0], found.signals
    answer = evidence[best.index].text[best.start : best.end]
    half = zlib.crc32(document.encode("utf8")) % 2
    right = bool(gold) and f1(answer, gold, "zh") >= RIGHT
    return Case(values, condition, bool(gold), right, bool(gold) and stands_in(evidence[best.index].text, gold), half)


def fit_logistic(values: np.ndarray, right: np.ndarray, weights: np.ndarray, ridge: float = 1.0) -> np.ndarray:
    """Weighted logistic regression by Newton's method (iteratively reweighted least squares)."""
    theta = np.zeros(values.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(values @ theta, -30, 30)))
        slope = values.T @ (weights * (right - chance)) - ridge * theta
        curve = (values * (weights * chance * (1 - chance))[:, None]).T @ values + ridge * np.eye(len(theta))
        theta = theta + np.linalg.solve(curve, slope)
    return theta


def fitted(found: Sequence[Case]) -> np.ndarray:
    """Weights of the signals; cases with and without an answer weigh alike."""
    values = np.array([case.values for case in found])
    right = np.array([case.supported for case in found], dtype=float)
    answerable = np.array([case.answerable for case in found])
    return fit_logistic(values, right, np.where(answerable, 0.5 / answerable.mean(), 0.5 / (1 - answerable.mean())))


def calibrate(found: Sequence[Case]) -> tuple[Calibration, dict[str, float]]:
    """Fit on all; choose the threshold and report by what each half is given by the other half's fit.

    At the threshold both error rates are alike over what the product found for people's questions, made ones left out.
    """
    halves = {half: _calibration(fitted([case for case in found if case.half != half])) for half in (0, 1)}
    scored = [(case, halves[case.half].confidence(case.values)) for case in found]
    asked = [(case.answerable, score) for case, score in scored if not case.condition.startswith("made")]
    some = np.array([score for answerable, score in asked if answerable])
    none = np.array([score for answerable, score in asked if not answerable])
    grid = np.quantile([score for _, score in scored], np.linspace(0.01, 0.99, 99))
    threshold = float(min(grid, key=lambda at: abs(np.mean(none >= at) - np.mean(some < at))))
    return replace(_calibration(fitted(found)), threshold=threshold), report(scored, threshold)


def _calibration(weights: np.ndarray) -> Calibration:
    return Calibration(tuple(float(x) for x in weights), 0.5)


def report(scored: Sequence[tuple[Case, float]], threshold: float) -> dict[str, float]:
    """Error rates at the threshold and areas under the curve, by condition, of cases with their confidence."""
    result: dict[str, float] = {"cases": len(scored)}
    positive = [score for case, score in scored if case.answerable]
    for condition in sorted({case.condition for case, _ in scored}):
        own = [(case, score) for case, score in scored if case.condition == condition]
        if own[0][0].answerable:
            result[f"{condition}: right"] = float(np.mean([case.right for case, _ in own]))
            result[f"{condition}: cited sentence holds the answer"] = float(np.mean([c.supported for c, _ in own]))
            result[f"{condition}: refused"] = float(np.mean([s < threshold for _, s in own]))
        else:
            result[f"{condition}: answered"] = float(np.mean([s >= threshold for _, s in own]))
            result[f"{condition}: auroc"] = auroc(positive, [s for _, s in own])
    right = np.array([case.supported for case, _ in scored], dtype=float)
    scores = np.array([score for _, score in scored])
    bins = np.clip((scores * 10).astype(int), 0, 9)
    result["calibration error"] = float(
        sum(abs(right[bins == b].mean() - scores[bins == b].mean()) * np.mean(bins == b) for b in set(bins.tolist()))
    )
    return {name: round(value, 4) for name, value in result.items()}


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("training/work/reader"))
    parser.add_argument(
        "--run", type=Path, nargs="+", required=True, help="the run, and further members of a committee"
    )
    parser.add_argument("--ranker", type=Path, default=Path("training/work/reader/ranker.safetensors"))
    parser.add_argument("--encoder", type=Path, default=Path("embeddings/builtin"))
    parser.add_argument("--made", type=Path, default=Path("training/work/questions_held.jsonl.gz"))
    parser.add_argument("--trained", default="questions_a*.jsonl.gz", help="files beside it that were trained on")
    parser.add_argument("--questions", type=int, default=700)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2, help="processes to read with")
    parser.add_argument("--out", type=Path, default=Path("rag/reading/builtin"))
    options = parser.parse_args()
    with ProcessPoolExecutor(options.workers, get_context("spawn")) as pool:
        shares = [pool.submit(gathered, part, options) for part in range(options.workers)]
        found = [case for share in shares for case in share.result()]
    encoder = StaticEncoder.load(options.encoder, "builtin")
    models, reader = assemble(options.run, options.work, encoder)
    reader.ranker = Trees.load(options.ranker)
    reader.calibration, rates = calibrate(found)
    print(json.dumps(rates, indent=1))
    curve = (options.run[0] / "curve.csv").read_text().strip().splitlines()
    note = {
        "encoder": encoder.identity,
        "rates": rates,
        "trained": dict(zip(curve[0].split(","), curve[-1].split(","), strict=True)),
    }
    save_copy_reader(models, reader, options.out, note)
    size = sum(path.stat().st_size for path in options.out.iterdir())
    print(f"{options.out}: {size / 2**20:.1f} MiB, threshold {reader.threshold:.3f}")


if __name__ == "__main__":
    main()
