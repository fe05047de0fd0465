"""Make a run, keep it as a folder, read it back.

    run.json          what was asked of what: set, fingerprint, system, settings, models
    run.trec          TREC run file (question, Q0, name, rank, 1/rank, system)
    qrels.trec        TREC qrels file
    answers.jsonl     one question a line: reply, citations, hits, scores, stage at fault
    measures.json     every figure with n and interval
    environment.json  versions and processor
    timings.json      milliseconds by question and stage, seconds and memory in all

The same library, settings and set give the same bytes in every file but ``timings.json``. Knows nothing of
how a run is shown.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

from eval.judging import Judge, ranked_scores, with_retrieval
from eval.measures import measure
from eval.records import HitLine, Measure, Outcome, Run, Scores, Timing
from eval.sets import EvalQuestion, QuestionSet
from eval.systems import System
from rag.errors import InputError
from rag.records import Citation, Reply, Turn

FORMAT = 1
DEPTH = 10
#: The stage that is the processor's time of the whole answer (of the search, where nothing is answered), which other
#: programs on the machine do not lengthen.
PROCESSOR = "processor"
_PACKAGES = ("yinju", "torch", "transformers", "sentence-transformers", "faiss-cpu", "numpy", "opencc", "ir-measures")

T = TypeVar("T")
Progress = Callable[[int, int], None]


def evaluate(
    system: System,
    questions: QuestionSet,
    paths: Mapping[str, Path],
    progress: Progress | None = None,
) -> Run:
    """Ask a system every question of a set and judge the replies.

    Args:
        system: what is judged; the set's sources are in it already.
        questions: the set.
        paths: where each source of the set lies, by name.
        progress: called before each question with (questions done, questions in all).
    """
    started = time.perf_counter()
    outcomes, timings = ask_all(system, questions, paths, progress)
    return assemble(system, questions, outcomes, timings, time.perf_counter() - started)


def ask_all(
    system: System,
    questions: QuestionSet,
    paths: Mapping[str, Path],
    progress: Progress | None = None,
) -> tuple[list[Outcome], list[Timing]]:
    """Ask every question in order and judge each reply; retrieval is not scored yet."""
    judge = Judge({str(path.resolve()): name for name, path in paths.items()}, system.raw)
    outcomes: list[Outcome] = []
    timings: list[Timing] = []
    history: list[Turn] = []
    before: str | None = None
    for done, question in enumerate(questions.questions):
        if progress is not None:
            progress(done, len(questions.questions))
        if question.dialogue is None or question.dialogue != before:
            history = []
        before = question.dialogue
        outcome, timing, reply = _ask(system, question, history, judge, answered=not questions.retrieval_only)
        if question.dialogue is not None and reply is not None:
            history = [*history, Turn(question.text, reply.text, reply.question)]
        outcomes.append(outcome)
        timings.append(timing)
    return outcomes, timings


def assemble(
    system: System,
    questions: QuestionSet,
    outcomes: Sequence[Outcome],
    timings: Sequence[Timing],
    seconds: float,
) -> Run:
    """Make a run of what was asked: retrieval scored, and what made the figures beside them."""
    return Run(
        system=system.name,
        set_name=questions.name,
        set_fingerprint=questions.fingerprint,
        settings=system.settings,
        models=system.models,
        outcomes=with_retrieval(outcomes),
        timings=tuple(timings),
        environment=environment(),
        totals={"seconds": seconds, "peak_mib": peak_mib()},
    )


def save(run: Run, folder: Path) -> None:
    """Write a run as a folder, made when absent, its files replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    head = {
        "format": FORMAT,
        "set": run.set_name,
        "set_fingerprint": run.set_fingerprint,
        "questions": len(run.outcomes),
        "system": run.system,
        "depth": DEPTH,
        "settings": dict(run.settings),
        "models": dict(run.models),
    }
    tag = "_".join(run.system.split())
    ranked = (
        f"{outcome.id} Q0 {name} {place} {score:.6f} {tag}\n"
        for outcome in run.outcomes
        for place, (name, score) in enumerate(ranked_scores(outcome).items(), start=1)
    )
    judged = (f"{one.id} 0 {name} {grade}\n" for one in run.outcomes for name, grade in sorted(one.qrels.items()))
    timings = {"totals": dict(run.totals), "questions": {one.id: dict(one.stages) for one in run.timings}}
    for name, text in (
        ("run.json", _json(head)),
        ("run.trec", "".join(ranked)),
        ("qrels.trec", "".join(judged)),
        ("answers.jsonl", "".join(_line(outcome) for outcome in run.outcomes)),
        ("measures.json", measures_json(run)),
        ("environment.json", _json(dict(run.environment))),
        ("timings.json", json.dumps(timings, indent=2) + "\n"),
    ):
        write(folder / name, text)


def load(folder: Path) -> Run:
    """Read a run back.

    Raises:
        InputError: the folder holds no run, or one of another format.
    """
    try:
        head = json.loads((folder / "run.json").read_text("utf-8"))
        if head.get("format") != FORMAT:
            raise InputError(f"{folder}: a run of format {head.get('format')}; this version reads {FORMAT}.")
        lines = (folder / "answers.jsonl").read_text("utf-8").split("\n")
        timings = json.loads((folder / "timings.json").read_text("utf-8"))
        environment = json.loads((folder / "environment.json").read_text("utf-8"))
        outcomes = tuple(_outcome(json.loads(line)) for line in lines if line)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder}: not a run ({error}). Make one with: yinju eval --out {folder}") from error
    return Run(
        system=head["system"],
        set_name=head["set"],
        set_fingerprint=head["set_fingerprint"],
        settings=head["settings"],
        models=head["models"],
        outcomes=outcomes,
        timings=tuple(Timing(one.id, timings["questions"].get(one.id, {})) for one in outcomes),
        environment=environment,
        totals=timings["totals"],
    )


def measures_json(run: Run) -> str:
    """Return the figures of a run as they are kept, ready to be a baseline for the gate."""
    return _json(
        {
            "format": FORMAT,
            "set": run.set_name,
            "set_fingerprint": run.set_fingerprint,
            "measures": [summary(one) for one in measure(run.outcomes)],
            "reader": run.models.get("reader", ""),
            "confidences": {
                "answerable": _confidences(run, answerable=True),
                "unanswerable": _confidences(run, answerable=False),
            },
        }
    )


def _confidences(run: Run, *, answerable: bool) -> list[float]:
    """Return how sure the answers were, sorted: what any threshold would have cost can be counted from it."""
    return sorted(round(one.confidence, 3) for one in run.outcomes if one.answerable == answerable)


def summary(measure: Measure) -> dict[str, object]:
    """Return a measure as it is written: without its per-question values, to six digits."""
    return {
        "name": measure.name,
        "value": round(measure.value, 6),
        "low": round(measure.low, 6),
        "high": round(measure.high, 6),
        "n": measure.n,
        "better": measure.better,
    }


def environment() -> dict[str, str]:
    """Return the versions and the machine that the figures depend on."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found = {
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
        "processors": str(os.cpu_count()),
    }
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def peak_mib() -> float:
    """Return the largest resident size of this process so far, in MiB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    import sys

    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def write(path: Path, text: str) -> None:
    """Write a text file in one step: a reader sees the old or the new one, never half."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, "utf-8", newline="\n")
    temporary.replace(path)


def _ask(
    system: System, question: EvalQuestion, history: list[Turn], judge: Judge, *, answered: bool
) -> tuple[Outcome, Timing, Reply | None]:
    """Ask one question: the answer first, then the ranked hits for the question as it was searched."""
    reply: Reply | None = None
    stages: dict[str, float] = {}
    if answered:
        start, used = time.perf_counter(), time.process_time()
        reply = system.answer(question.text, history)
        processor = (time.process_time() - used) * 1000
        stages = {**reply.timings_ms, PROCESSOR: processor, "total": (time.perf_counter() - start) * 1000}
    start, used = time.perf_counter(), time.process_time()
    hits = system.search(reply.question if reply else question.text, DEPTH)
    searching = {"search alone": (time.perf_counter() - start) * 1000, PROCESSOR: (time.process_time() - used) * 1000}
    stages = {**searching, **stages}
    return judge.judge(question, hits, reply), Timing(question.id, stages), reply


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _line(outcome: Outcome) -> str:
    return json.dumps(asdict(outcome), ensure_ascii=False) + "\n"


def _outcome(record: Mapping[str, Any]) -> Outcome:
    values = dict(record)
    values["answers"] = tuple(values["answers"])
    values["citations"] = tuple(_record(Citation, one) for one in values["citations"])
    values["hits"] = tuple(_record(HitLine, one) for one in values["hits"])
    values["scores"] = _record(Scores, values["scores"])
    return _record(Outcome, values)


def _record(kind: type[T], values: Mapping[str, Any]) -> T:
    """Return a record of dataclass ``kind``; keys it does not have are an error."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := set(values) - known:
        raise InputError(f"A run with unknown keys: {', '.join(sorted(unknown))}.")
    return kind(**values)
