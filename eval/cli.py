"""``yinju eval``: ask a set, print the figures, keep the run and its report, hold it against a baseline.

Turns arguments into calls; knows nothing of how anything is measured. Errors of the user's making are raised
as ``InputError`` and become one line in ``rag.cli``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from eval import runs
from eval.formats import load_set
from eval.gate import falls
from eval.measures import latencies, measure
from eval.records import Run
from eval.report import FAULTS, fault_counts, html, markdown
from eval.sets import HALVES, QuestionSet
from eval.systems import BaselineSystem, LibrarySystem, System
from rag import Library
from rag.errors import InputError, MissingExtraError
from rag.settings import Settings

LENGTH = "passage_characters"  # the setting that changes how documents are split
LARGE = 100  # questions from which a second process pays for its start

_EPILOG = """examples:
  yinju eval                                       the built-in set
  yinju eval --set drcd-dev.json --limit 300       a SQuAD-format file, 300 questions spread over it
  yinju eval --set mine.csv --library my-library   your questions on your documents
  yinju eval --gate eval/data/baseline.json        fail when a figure fell
  yinju eval --compare runs/before                 beside an earlier run, with a paired test
  yinju eval --sweep axes.json --half development  try settings: {"passages": [4, 8], "depth": [50, 100]}

A set is 'builtin', a SQuAD-format .json, a .jsonl(.gz) of questions with contexts, a BEIR folder, an RGB
file, or your own .csv or .jsonl with the columns question, answer, and (optional) quote, language, kind,
answerable.

exit codes: 0 done, 1 the gate failed or the input was at fault, 2 wrong usage, 3 our fault"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``yinju eval`` and return its exit code."""
    return run_eval(parser().parse_args(argv))


def parser() -> argparse.ArgumentParser:
    """Return the parser of ``yinju eval``."""
    made = argparse.ArgumentParser(
        prog="yinju eval",
        description="Measure how well documents are searched, questions answered and answers cited.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--set", metavar="SET", default="builtin", help="name or path of the set (default: builtin)")
    made.add_argument(
        "--library", metavar="DIR", help="the library to ask, for a set without documents of its own; left alone else"
    )
    made.add_argument("--settings", metavar="FILE", type=Path, help="settings to use, as in a library's settings.json")
    made.add_argument("--limit", metavar="N", type=int, help="ask about N questions, spread evenly over the set")
    made.add_argument(
        "--half", choices=HALVES, help="only this half: settings are chosen on one, reported on the other"
    )
    made.add_argument("--out", metavar="DIR", type=Path, help="where the run is kept (default: runs/SET)")
    made.add_argument("--compare", metavar="RUN", type=Path, nargs="+", default=[], help="earlier runs to put beside")
    made.add_argument("--gate", metavar="FILE", type=Path, help="a measures.json that the figures are held against")
    made.add_argument("--keep", metavar="FILE", type=Path, help="write the figures there, as a baseline for --gate")
    made.add_argument("--no-baseline", action="store_true", help="leave out the BM25 baseline")
    made.add_argument(
        "--workers", metavar="N", type=int, help=f"processes to ask with (default: 2 from {LARGE} questions on, else 1)"
    )
    made.add_argument("--sweep", metavar="FILE", type=Path, help="try all combinations of the settings in a JSON file")
    made.add_argument("--every", action="store_true", help="with --sweep: all of them on all questions, none dropped")
    made.add_argument("--json", action="store_true", help="print JSON for programs instead of text for people")
    return made


def run_eval(arguments: argparse.Namespace) -> int:
    """Do what the parsed arguments say and return the exit code."""
    questions = load_set(arguments.set)
    questions = (questions.half(arguments.half) if arguments.half else questions).limited(arguments.limit)
    out: Path = arguments.out or Path("runs") / questions.name
    before = [runs.load(folder) for folder in arguments.compare]
    settings = Settings.load(_existing(arguments.settings)) if arguments.settings else None
    if arguments.gate:  # a baseline that cannot be used is told before the questions are asked
        falls((), arguments.gate, questions.fingerprint)
    with _opened(questions, arguments.library, settings) as opened:
        if arguments.sweep:
            return _sweep(opened, questions, arguments.sweep, out, arguments.every)
        ours = _ours(questions, opened, settings, arguments.workers)
        others = [] if arguments.no_baseline else _baseline(questions, opened)
    runs.save(ours, out)
    for run in others:
        runs.save(run, out / "baseline")
    together = [ours, *others, *before]
    runs.write(out / "report.html", html(together))
    runs.write(out / "report.md", markdown(together))
    fallen = falls(measure(ours.outcomes), arguments.gate, questions.fingerprint) if arguments.gate else ()
    if arguments.keep:
        runs.write(arguments.keep, runs.measures_json(ours))
    if arguments.json:
        print(json.dumps(_as_json(ours, out, [str(fall) for fall in fallen]), ensure_ascii=False, indent=2))
    else:
        _print(ours, others, out)
    for fall in fallen:
        print(f"gate: {fall}", file=sys.stderr)
    if arguments.gate and not arguments.json:
        print(f"gate: {'FAILED' if fallen else 'passed'} ({arguments.gate})")
    return 1 if fallen else 0


@dataclass(frozen=True, slots=True)
class _Opened:
    """A library ready to be asked, where its sources lie, and the seconds it took."""

    library: Library
    paths: Mapping[str, Path]
    seconds: float


@contextmanager
def _opened(questions: QuestionSet, folder: str | None, settings: Settings | None) -> Iterator[_Opened]:
    """Open the user's library, or build one in a temporary folder from the set's own documents."""
    start = time.perf_counter()
    if questions.sources and folder:
        raise InputError(f"The set {questions.name} brings its own documents: leave --library out.")
    if not questions.sources:
        if not folder:
            raise InputError(f"The set {questions.name} has questions only: say which --library to ask.")
        if not (Path(folder).expanduser() / "library.sqlite").exists():
            raise InputError(f"{folder}: no library there yet. Make one with: yinju add PATH --library {folder}")
        with Library.open(folder, settings) as library:
            yield _Opened(library, {}, time.perf_counter() - start)
        return
    with tempfile.TemporaryDirectory(prefix="yinju-eval-") as temporary:
        paths = questions.write_sources(Path(temporary) / "sources")
        with _built(paths, settings) as library:
            yield _Opened(library, paths, time.perf_counter() - start)


@contextmanager
def _built(paths: Mapping[str, Path], settings: Settings | None) -> Iterator[Library]:
    """Open a library of these sources in a temporary folder."""
    with (
        tempfile.TemporaryDirectory(prefix="yinju-eval-") as temporary,
        Library.open(Path(temporary) / "library", settings) as library,
    ):
        report = library.add(list(paths.values()))
        if report.failed:
            raise InputError(f"{report.failed[0].path}: not added ({report.failed[0].reason})")
        yield library


def _ours(questions: QuestionSet, opened: _Opened, settings: Settings | None, workers: int | None) -> Run:
    """Ask our library, in two processes when the set is large and there are two processors."""
    if workers is None:
        workers = min(2, os.cpu_count() or 1) if len(questions.questions) >= LARGE else 1
    if workers < 2:
        return _evaluate(LibrarySystem(opened.library), questions, opened)
    from eval.parallel import evaluate_library

    run = evaluate_library(opened.library, questions, opened.paths, settings, workers)
    return replace(run, totals={**run.totals, "build_seconds": opened.seconds})


def _evaluate(system: System, questions: QuestionSet, opened: _Opened) -> Run:
    def progress(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r\033[K{system.name}: {done}/{total}", end="", file=sys.stderr, flush=True)

    system.answer(questions.questions[0].text, ())  # models are loaded before the clock runs
    run = runs.evaluate(system, questions, opened.paths, progress)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    return replace(run, totals={**run.totals, "build_seconds": opened.seconds})


def _baseline(questions: QuestionSet, opened: _Opened) -> list[Run]:
    try:
        return [_evaluate(BaselineSystem.of(opened.library), questions, opened)]
    except MissingExtraError as error:
        print(f"yinju: {error}", file=sys.stderr)
        return []


def _sweep(opened: _Opened, questions: QuestionSet, spec: Path, out: Path, every: bool) -> int:
    from eval.sweep import Values, grid, save, sweep, winner

    start = opened.library.settings
    try:
        axes = json.loads(_existing(spec).read_text("utf-8"))
    except ValueError as error:
        raise InputError(f"{spec}: not JSON ({error}).") from error
    if not isinstance(axes, dict) or {"encoder", "reader"} & set(axes):
        raise InputError(f"{spec}: give an object of lists, of settings other than the models.")
    if LENGTH in axes and not questions.sources:
        raise InputError(f"{spec}: {LENGTH} can only be tried on a set that brings its own documents.")
    with ExitStack() as stack:
        libraries = {start.passage_characters: opened.library}

        def build(values: Values) -> System:
            settings = start.changed(**values)
            if settings.passage_characters not in libraries:  # the documents are split anew
                libraries[settings.passage_characters] = stack.enter_context(_built(opened.paths, settings))
            library = libraries[settings.passage_characters]
            library.settings = settings
            return LibrarySystem(library)

        trials = sweep(grid(axes), build, questions, opened.paths, halving=not every)
    save(trials, out)
    best = winner(trials)
    start.changed(**best.values).save(out / "settings.json")
    for trial in trials:
        mark = " ← winner" if trial is best else ""
        print(f"{trial.quality:.3f}  {trial.latency:7.1f} ms  {json.dumps(dict(trial.values))}{mark}")
    print(f"settings: {out / 'settings.json'}\nplot:     {out / 'sweep.html'}")
    return 0


def _print(ours: Run, others: Sequence[Run], out: Path) -> None:
    columns = [ours, *others]
    measured = [{one.name: one for one in measure(run.outcomes)} for run in columns]
    print(f"{ours.set_name}: {len(ours.outcomes)} questions, set {ours.set_fingerprint}\n")
    print(f"{'':30}" + "".join(f"{run.system:<34}" for run in columns).rstrip())
    for name, first in measured[0].items():
        label = f"{name} ↓" if first.better == "lower" else name
        cells = []
        for found in measured:
            one = found.get(name)
            cells.append(f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}] n={one.n}" if one else "–")
        print(f"{label:30}" + "".join(f"{cell:<34}" for cell in cells).rstrip())
    print("\nwhat went wrong")
    for fault, *counts in zip(FAULTS, *(fault_counts(run) for run in columns), strict=True):
        print(f"{fault:30}" + "".join(f"{count:<34}" for count in counts).rstrip())
    for stage in latencies(ours.timings):
        if stage.stage == "total":
            print(f"\nanswer: p50 {stage.p50:.0f} ms, p95 {stage.p95:.0f} ms (n={stage.n})")
    print(
        f"{ours.totals['seconds']:.1f} s in all, library built in {ours.totals['build_seconds']:.1f} s, "
        f"peak memory {ours.totals['peak_mib']:.0f} MiB"
    )
    print(f"report: {out / 'report.html'}")


def _as_json(run: Run, out: Path, gate: Sequence[str]) -> dict[str, object]:
    return {
        "set": run.set_name,
        "set_fingerprint": run.set_fingerprint,
        "questions": len(run.outcomes),
        "measures": {one.name: runs.summary(one) for one in measure(run.outcomes)},
        "faults": dict(zip(FAULTS, fault_counts(run), strict=True)),
        "latency_ms": {one.stage: {"p50": one.p50, "p95": one.p95, "n": one.n} for one in latencies(run.timings)},
        "seconds": run.totals["seconds"],
        "peak_mib": run.totals["peak_mib"],
        "report": str(out / "report.html"),
        "fallen": list(gate),
    }


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise InputError(f"{path}: no such file.")
    return path
