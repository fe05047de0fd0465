"""What one run holds: per question what the system gave and how it scored; over all, the measures.

Plain values that go to JSON and back without loss. Knows nothing of how they are computed or shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rag.records import Citation

Fault = Literal[
    "",
    "not retrieved",
    "retrieved but not read",
    "read but wrong",
    "wrongly refused",
    "answered the unanswerable",
]


@dataclass(frozen=True, slots=True)
class HitLine:
    """One hit as a run keeps it: where it stands and its score, not its text."""

    rank: int
    score: float
    name: str
    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scores:
    """How one question went. None where the measure does not apply to it.

    ``contained``: a gold answer's content characters stand in the short answer. ``supported``: the short
    answer stands inside one of its citations. ``on_gold``: a citation stands on gold evidence.
    ``statements`` to ``citations_needed`` are ALCE's counts, ``exact_quotes`` the quotes that are raw
    characters. ``rewritten``: the follow-up was rewritten as the set says; ``rewritten_f1`` is how nearly.
    """

    exact: float | None = None
    f1: float | None = None
    contained: bool | None = None
    supported: bool | None = None
    on_gold: bool | None = None
    statements: int = 0
    statements_supported: int = 0
    citations: int = 0
    citations_needed: int = 0
    citations_on_gold: int = 0
    exact_quotes: int = 0
    rewritten: bool | None = None
    rewritten_f1: float | None = None
    retrieval: Mapping[str, float] = field(default_factory=dict)
    fault: Fault = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question: what was asked, what came back, how it scored."""

    id: str
    question: str
    language: str
    kind: str
    answerable: bool
    near_miss: bool
    answers: tuple[str, ...]
    dialogue: str | None
    standalone: str
    text: str
    short: str
    abstained: bool
    confidence: float
    citations: tuple[Citation, ...]
    hits: tuple[HitLine, ...]
    qrels: Mapping[str, int]
    scores: Scores


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: its mean over ``n`` questions with a 95% interval.

    ``better`` says which way is good. ``values`` are the per-question numbers by question id, so that two
    runs can be compared in pairs; they are not part of the summary.
    """

    name: str
    value: float
    low: float
    high: float
    n: int
    better: Literal["higher", "lower"] = "higher"
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds by stage for one question; ``total`` is the whole answer as the user waits for it."""

    id: str
    stages: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """One system on one set."""

    system: str
    set_name: str
    set_fingerprint: str
    settings: Mapping[str, object]
    models: Mapping[str, str]
    outcomes: tuple[Outcome, ...]
    timings: tuple[Timing, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[str, float] = field(default_factory=dict)
