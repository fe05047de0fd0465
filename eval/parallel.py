"""Ask one library with several processes, one thread each: half the time on two processors.

Small models gain little from a second thread and nearly all from a second process. Every process opens the
same library folder and asks its share of the questions, dialogues whole; the outcomes are put back in the
order of the set, so that a run is the same with any number of processes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from eval.records import Outcome, Run, Timing
from eval.runs import ask_all, assemble
from eval.sets import EvalQuestion, QuestionSet
from eval.systems import LibrarySystem
from rag import Library
from rag.settings import Settings

_THREADS = "OMP_NUM_THREADS"


def evaluate_library(
    library: Library,
    questions: QuestionSet,
    paths: Mapping[str, Path],
    settings: Settings | None,
    workers: int,
) -> Run:
    """Ask a library every question with ``workers`` processes, this one among them, and judge the replies.

    Args:
        library: what is judged; the set's sources are in it already.
        questions: the set.
        paths: where each source of the set lies, by name.
        settings: what the library was opened with, None for its own.
        workers: processes in all, 2 or more.
    """
    parts = shares(questions, workers)
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = before or "1"
    try:
        with ProcessPoolExecutor(len(parts) - 1, mp_context=get_context("spawn")) as pool:
            others = [pool.submit(_share, library.folder, settings, part, dict(paths)) for part in parts[1:]]
            system = LibrarySystem(library)
            system.answer(questions.questions[0].text, ())  # models are loaded before the clock runs
            started = time.perf_counter()
            outcomes, timings = ask_all(system, parts[0], paths)
            for other in others:
                more, times = other.result()
                outcomes.extend(more)
                timings.extend(times)
            seconds = time.perf_counter() - started
    finally:
        if before is None:
            del os.environ[_THREADS]
    place = {question.id: number for number, question in enumerate(questions.questions)}
    outcomes.sort(key=lambda one: place[one.id])
    timings.sort(key=lambda one: place[one.id])
    run = assemble(system, questions, outcomes, timings, seconds)
    return replace(run, totals={**run.totals, "processes": float(len(parts))})


def shares(questions: QuestionSet, workers: int) -> list[QuestionSet]:
    """Return the set in ``workers`` parts of about the same length, dialogues whole, every n-th to a part."""
    groups: dict[str, list[EvalQuestion]] = {}
    for question in questions.questions:
        groups.setdefault(question.dialogue or f"\0{question.id}", []).append(question)
    parts: list[list[EvalQuestion]] = [[] for _ in range(min(workers, len(groups)))]
    for group in groups.values():
        min(parts, key=len).extend(group)
    return [replace(questions, questions=tuple(part)) for part in parts]


def _share(
    folder: Path, settings: Settings | None, part: QuestionSet, paths: Mapping[str, Path]
) -> tuple[list[Outcome], list[Timing]]:
    with Library.open(folder, settings) as library:
        system = LibrarySystem(library)
        system.answer(part.questions[0].text, ())
        return ask_all(system, part, paths)
