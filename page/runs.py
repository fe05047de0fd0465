"""The evaluation runs on this machine: which there are, their report, what a threshold would have cost.

Reads what ``yinju eval --out runs/NAME`` wrote, through the evaluation suite, which is loaded only when
there is something to show.
"""

from __future__ import annotations

import importlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import InputError

FOLDER = "runs"


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

    Raises:
        InputError: there is no such run, or it cannot be read.
    """
    known = names()
    chosen = [name for name in (run, other) if name]
    for name in chosen:
        if name not in known:
            raise InputError(f"No run {name!r} in {folder()}.")
    load: Any = importlib.import_module("eval.runs").load
    html: Any = importlib.import_module("eval.report").html
    return str(html([load(folder() / name) for name in dict.fromkeys(chosen)]))


def error_rates(threshold: float, reader: str) -> ErrorRates | None:
    """Return what ``threshold`` would have cost in the newest run of ``reader`` (an identity).

    None without such a run: the confidences of another reader say nothing about this one.
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
            return ErrorRates(
                str(head.get("set", name)),
                f"{sum(sure >= threshold for sure in without)}/{len(without)}",
                f"{sum(sure < threshold for sure in having)}/{len(having)}",
            )
    return None
