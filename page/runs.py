"""The evaluation runs on this machine: which there are, their report, what a threshold would have cost.

Reads what ``yinju eval --out runs/NAME`` wrote, through the evaluation suite, which is loaded only when
there is something to show.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from rag.errors import InputError

FOLDER = "runs"
_BASELINE = Path(__file__).parent.parent / "eval" / "data" / "baseline.json"


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """Both errors at one threshold, as ``wrong/all`` counts, on the set they were counted on."""

    set_name: str
    false_answers: str
    false_refusals: str


def folder() -> Path:
    """Return where runs are looked for: ``$YINJU_RUNS``, else ``runs`` where the program was started."""
    return Path(os.environ.get("YINJU_RUNS") or FOLDER)


def names() -> list[str]:
    """Return the names of the runs, the newest first."""
    found = [path.parent for path in folder().glob("*/run.json")]
    return [path.name for path in sorted(found, key=lambda path: path.joinpath("run.json").stat().st_mtime)[::-1]]


def report(run: str, other: str = "") -> str:
    """Return the report of a run, beside another when one is named, as an HTML page without scripts.

    It takes a second to compute, so the last ones are kept.

    Raises:
        InputError: there is no such run, or it cannot be read.
    """
    return _report(tuple((name, _made(name)) for name in dict.fromkeys((run, other)) if name))


def outcomes(run: str) -> tuple[Any, ...]:
    """Return the questions of a run (``eval.records.Outcome``) in the order of its set.

    Raises:
        InputError: there is no such run, or it cannot be read.
    """
    return tuple(_loaded(run, _made(run)).outcomes)


@lru_cache(maxsize=8)
def _report(chosen: tuple[tuple[str, int], ...]) -> str:
    html: Any = importlib.import_module("eval.report").html
    loaded = [(name, _loaded(name, made)) for name, made in chosen]
    if len(loaded) > 1:  # told apart by the names that they were chosen by
        loaded = [(name, replace(run, system=f"{run.system} · {name}")) for name, run in loaded]
    return str(html([run for _, run in loaded]))


@lru_cache(maxsize=4)
def _loaded(run: str, made: int) -> Any:
    load: Any = importlib.import_module("eval.runs").load
    return load(folder() / run)


def _made(run: str) -> int:
    """Return when a run was written, in nanoseconds; a run made anew is read anew."""
    if run not in names():
        raise InputError(f"No run {run!r} in {folder()}.")
    return (folder() / run / "run.json").stat().st_mtime_ns


def error_rates(threshold: float, reader: str) -> ErrorRates | None:
    """Return what ``threshold`` would have cost in the newest run of ``reader`` (an identity).

    Without such a run, in the one that the product was last measured with. None when that was with another
    reader: its confidences say nothing about this one.
    """
    for name in names():
        try:
            head = json.loads((folder() / name / "run.json").read_text("utf-8"))
            if head["models"]["reader"] != reader:
                continue
            lines = (folder() / name / "answers.jsonl").read_text("utf-8").splitlines()
            outcomes = [json.loads(line) for line in lines]
            without = [one["confidence"] for one in outcomes if not one["answerable"]]
            having = [one["confidence"] for one in outcomes if one["answerable"]]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if without and having:
            return _rates(threshold, str(head.get("set", name)), without, having)
    return _shipped_rates(threshold, reader)


def _shipped_rates(threshold: float, reader: str) -> ErrorRates | None:
    try:
        kept = json.loads(_BASELINE.read_text("utf-8"))
        if kept["reader"] != reader:
            return None
        sure = kept["confidences"]
        return _rates(threshold, str(kept["set"]), sure["unanswerable"], sure["answerable"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _rates(threshold: float, name: str, without: Sequence[float], having: Sequence[float]) -> ErrorRates:
    return ErrorRates(
        name,
        f"{sum(sure >= threshold for sure in without)}/{len(without)}",
        f"{sum(sure < threshold for sure in having)}/{len(having)}",
    )
