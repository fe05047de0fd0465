"""Search for settings: a grid, or successive halving over it, and the Pareto front of quality by latency.

Successive halving (Jamieson and Talwalkar 2016) asks all candidates few questions, keeps the better third,
asks those three times as many, until the whole set is asked. The winner is the fastest candidate that is
not significantly worse than the best (paired bootstrap, p < 0.05). Latency is the median processor time of an
answer, so that other work on the machine does not order the candidates. It does not know what a setting means:
it is given a function that makes a system from settings.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from eval import plots
from eval.measures import latencies, measure, named
from eval.records import Run
from eval.runs import PROCESSOR, evaluate, write
from eval.sets import QuestionSet
from eval.statistics import paired_bootstrap
from eval.systems import System
from rag.errors import InputError

QUALITY = "F1 with refusals"
KEEP = 3

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Trial:
    """One candidate on ``questions`` questions: quality in [0, 1], median processor time in milliseconds."""

    values: Values
    questions: int
    quality: float
    latency: float
    run: Run


def grid(axes: Mapping[str, Sequence[object]]) -> list[dict[str, object]]:
    """Return every combination, the last axis moving fastest.

    >>> grid({"k": [1, 2], "w": [0.5]})
    [{'k': 1, 'w': 0.5}, {'k': 2, 'w': 0.5}]

    Raises:
        InputError: an axis has no values.
    """
    for name, values in axes.items():
        if not isinstance(values, list | tuple) or not values:
            raise InputError(f"Sweep: {name} needs a list of values, such as [4, 8].")
    return [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]


def sweep(
    candidates: Sequence[Values],
    build: Callable[[Values], System],
    questions: QuestionSet,
    paths: Mapping[str, Path],
    *,
    halving: bool = True,
) -> list[Trial]:
    """Try the candidates and return the trials on the whole set, best first.

    Args:
        candidates: settings to try.
        build: makes the system for a candidate.
        questions: the set.
        paths: where the set's sources lie.
        halving: drop the worse two thirds on smaller parts of the set first; else try all on all.
    """
    rounds = 0
    while halving and KEEP ** (rounds + 1) <= len(candidates) and len(questions.questions) >= 20 * KEEP ** (rounds + 1):
        rounds += 1
    kept = list(candidates)
    for step in range(rounds, 0, -1):
        part = questions.limited(len(questions.questions) // KEEP**step)
        trials = _ranked(_trial(values, build, part, paths) for values in kept)
        kept = [trial.values for trial in trials[: max(1, -(-len(kept) // KEEP))]]
    return _ranked(_trial(values, build, questions, paths) for values in kept)


def front(trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials that no other beats in quality without being slower, by latency."""
    best: list[Trial] = []
    for trial in sorted(trials, key=lambda one: (one.latency, -one.quality)):
        if not best or trial.quality > best[-1].quality:
            best.append(trial)
    return best


def winner(trials: Sequence[Trial]) -> Trial:
    """Return the fastest trial that is not significantly worse than the best.

    Raises:
        InputError: there are no trials.
    """
    if not trials:
        raise InputError("Sweep: nothing was tried.")
    best = max(trials, key=lambda one: one.quality)
    top = _values(best)
    equal = [trial for trial in trials if paired_bootstrap(top, _values(trial)).p >= 0.05]
    return min(equal or [best], key=lambda one: one.latency)


def save(trials: Sequence[Trial], folder: Path) -> None:
    """Write ``sweep.json`` and ``sweep.html``: all trials, the front and the winner."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen, edge = winner(trials), front(trials)
    rows = [
        {
            **trial.values,
            "questions": trial.questions,
            "quality": round(trial.quality, 6),
            "latency_ms": round(trial.latency, 3),
            "front": any(trial is one for one in edge),
            "winner": trial is chosen,
        }
        for trial in trials
    ]
    write(folder / "sweep.json", json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    slowest = plots.round_up(max(trial.latency for trial in trials))
    plot = plots.scatter(
        f"Quality ({QUALITY}) by median processor time",
        [(trial.latency, trial.quality) for trial in trials],
        [(trial.latency, trial.quality) for trial in edge],
        "processor milliseconds a question",
        QUALITY,
        (0.0, slowest),
    )
    head = "".join(f"<th>{escape(key)}</th>" for key in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(value))}</td>" for value in row.values()) + "</tr>" for row in rows
    )
    style = Path(__file__).with_name("report.css").read_text("utf-8")
    write(
        folder / "sweep.html",
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sweep</title><style>{style}</style></head>'
        f"<body><main><h1>Sweep</h1>{plot}<div class='wide'><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div></main></body></html>\n",
    )


def _trial(
    values: Values, build: Callable[[Values], System], questions: QuestionSet, paths: Mapping[str, Path]
) -> Trial:
    run = evaluate(build(values), questions, paths)
    total = next((one.p50 for one in latencies(run.timings) if one.stage == PROCESSOR), 0.0)
    found = named(measure(run.outcomes))
    quality = found[QUALITY].value if QUALITY in found else found["nDCG@10"].value
    return Trial(values, len(run.outcomes), quality, total, run)


def _ranked(trials: Iterable[Trial]) -> list[Trial]:
    return sorted(trials, key=lambda one: (-one.quality, one.latency))


def _values(trial: Trial) -> list[float]:
    """Return the quality by question, in the order of the set."""
    found = named(measure(trial.run.outcomes))
    return list((found.get(QUALITY) or found["nDCG@10"]).values.values())
