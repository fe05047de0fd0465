"""Ask one library with several processes, one thread each: half the time on two processors.

Small models gain little from a second thread, and lose by it beside other work; they gain nearly all from a second
process. Every process opens the same library folder and asks its share of the questions, dialogues whole; the outcomes
are put back in the order of the set, so that a run is the same with any number of processes.
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
from eval.runs import ask_all, assemble, peak_mib
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
    """Ask a library every question with ``workers`` processes of their own and judge the replies.

    This process only waits: the libraries that count with it have already chosen their number of threads.

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
    outcomes: list[Outcome] = []
    timings: list[Timing] = []
    peak = 0.0
    started = time.perf_counter()
    try:
        with ProcessPoolExecutor(len(parts), mp_context=get_context("spawn")) as pool:
            asked = [pool.submit(_share, library.folder, settings, part, dict(paths)) for part in parts]
            for one in asked:
                more, times, size = one.result()
                outcomes.extend(more)
                timings.extend(times)
                peak = max(peak, size)
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before
    seconds = time.perf_counter() - started
    place = {question.id: number for number, question in enumerate(questions.questions)}
    outcomes.sort(key=lambda one: place[one.id])
    timings.sort(key=lambda one: place[one.id])
    run = assemble(LibrarySystem(library), questions, outcomes, timings, seconds)
    return replace(run, totals={**run.totals, "peak_mib": peak, "processes": float(len(parts))})


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
) -> tuple[list[Outcome], list[Timing], float]:
    """Return the outcomes, the timings and the peak memory in MiB of one process's share."""
    with Library.open(folder, settings) as library:
        system = LibrarySystem(library)
        system.answer(part.questions[0].text, ())  # models are loaded before the first question is timed
        return *ask_all(system, part, paths), peak_mib()
