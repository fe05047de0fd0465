"""Hold a run against a baseline: a measure may not fall by more than the baseline's own interval.

A baseline is the ``measures.json`` of an earlier run, on the same set. Time is not gated: it belongs to the
machine. Knows nothing of how a run is made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.records import Measure
from rag.errors import InputError

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Fall:
    """A measure that fell: what it was, the limit its interval allows, and what it is (None: gone)."""

    name: str
    was: float
    limit: float
    now: float | None

    def __str__(self) -> str:
        now = "is no longer measured" if self.now is None else f"is now {self.now:.3f}"
        return f"{self.name}: was {self.was:.3f}, may go to {self.limit:.3f}, {now}"


def falls(measures: Sequence[Measure], baseline: Path, fingerprint: str) -> tuple[Fall, ...]:
    """Return the measures that fell further than the baseline's interval, in the baseline's order.

    Args:
        measures: of the run.
        baseline: a ``measures.json``.
        fingerprint: of the set that the run was made on.

    Raises:
        InputError: the file is no baseline, or was made on other questions or sources.
    """
    try:
        kept = json.loads(baseline.read_text("utf-8"))
        made_on, rows = kept["set_fingerprint"], kept["measures"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{baseline}: not a baseline ({error}). Use the measures.json of a run.") from error
    if made_on != fingerprint:
        raise InputError(
            f"{baseline}: made on other questions or sources ({made_on}, this set is {fingerprint}). "
            "Run without --gate, look at the figures, and keep the new measures.json as the baseline."
        )
    now = {measure.name: measure.value for measure in measures}
    return tuple(fall for row in rows if (fall := _fall(row, now.get(row["name"]))) is not None)


def _fall(row: dict[str, Any], now: float | None) -> Fall | None:
    lower_is_better = row["better"] == "lower"
    limit = row["high"] if lower_is_better else row["low"]
    if now is not None:
        worse = now - limit if lower_is_better else limit - now
        if worse <= _ROUNDING:
            return None
    return Fall(row["name"], row["value"], limit, now)
