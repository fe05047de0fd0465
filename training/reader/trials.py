"""Questions put to a reader under four conditions, and what it said.

*gold*: the sentences of the question's own context. *open*: the best passages of all contexts of the set.
*away*: the same without the own context, so that nothing answers. *near*: the own context without the
sentences in which the answer stands. Knows question sets and readers, not networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.reading.folding import fold
from rag.reading.selecting import select_evidence
from rag.records import Evidence, Reading
from training.reader.evidence import Pool, sentences_of
from training.reader.sources import Row

CONDITIONS = ("gold", "open", "away", "near")
PASSAGES = 8
SENTENCES = 16


@dataclass(frozen=True, slots=True)
class Trial:
    """One question with its evidence and whether the evidence holds an answer."""

    row: Row
    condition: str
    evidence: tuple[Evidence, ...]
    answerable: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trial and what the reader made of it."""

    trial: Trial
    reading: Reading

    @property
    def answer(self) -> str:
        """The text of the best claim, empty when there is none."""
        if not self.reading.claims:
            return ""
        claim = self.reading.claims[0]
        return self.trial.evidence[claim.index].text[claim.start : claim.end]

    @property
    def supported(self) -> bool:
        """Whether an accepted answer stands in the sentence that the best claim cites."""
        if not self.reading.claims:
            return False
        return holds(self.trial.evidence[self.reading.claims[0].index].text, self.trial.row)


class Trials:
    """Makes trials from the rows of one set."""

    def __init__(self, rows: Sequence[Row]) -> None:
        contexts = list(dict.fromkeys(row.context for row in rows))
        self._number = {context: number for number, context in enumerate(contexts)}
        self._pool = Pool(contexts)

    def make(self, row: Row, condition: str) -> Trial | None:
        """The trial, or None when the condition cannot be met (a near miss that leaves no sentence)."""
        own = self._number[row.context]
        if condition in ("gold", "near"):
            found = [(index, 1.0) for index in self._pool.of_context[own]]
        else:
            found = self._pool.search(row.question, PASSAGES + len(self._pool.of_context[own]))
            if condition == "away":
                found = [pair for pair in found if int(self._pool.passages[pair[0]].document) != own]
            found = found[:PASSAGES]
        offered = [
            piece
            for rank, (index, score) in enumerate(found, 1)
            for piece in sentences_of(self._pool.passages[index], score, rank)
        ]
        if condition == "gold":
            offered = [replace(piece, rank=1) for piece in offered]
        if condition in ("near", "away"):
            offered = [piece for piece in offered if not holds(piece.text, row)]
        if not offered:
            return None
        chosen = tuple(select_evidence(row.question, offered, SENTENCES))
        answerable = condition in ("gold", "open") and row.start is not None
        return Trial(row, condition, chosen, answerable)


def holds(text: str, row: Row) -> bool:
    """Whether an accepted answer stands in ``text``, white space, width and case aside."""
    return stands_in(text, row.answers)


def stands_in(text: str, answers: Sequence[str]) -> bool:
    """Whether one of ``answers`` stands in ``text``, white space, width and case aside."""
    packed = "".join(fold(text).split())
    return any("".join(fold(answer).split()) in packed for answer in answers)
