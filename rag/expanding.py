"""A question's words as queries on the lexical index, each beside the Chinese it may stand for.

The words of a question in English, Russian or Kazakh stand in no Chinese passage. Each is therefore one of
several alternatives, of which the best counts once: the word itself, its glosses (`rag.glossary`), and for the name of
a Chinese person or place the pairs of characters that sound so and occur in the index. Works on a Tantivy schema
and searcher; knows nothing of ranking beyond one list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rag.glossary import Glossed
from rag.terms import terms

# Set by argument, not fitted; what they bring stands in docs/cross-language.md.
GLOSS = 0.7  # weight of a certain gloss beside the word itself
SOUND = 0.8  # weight of a pair of characters that sounds as the name does
POWER = 0.5  # how much a gloss's likelihood counts
SINGLE = 0.6  # what a single character is worth beside a pair
MISSING = 0.5  # how much a word without any alternative in the index counts as unmet
_OPTIONS = 5  # glosses of one word
_CHARACTERS = 48  # characters of one syllable
_PAIRS = 24  # pairs of characters of two syllables


@dataclass(frozen=True, slots=True)
class Clause:
    """One query, and the most that it could score, in units of a term's weight."""

    query: Any
    bound: float


class Expansion:
    """Builds clauses for one question on one searcher.

    Args:
        schema: of the index.
        searcher: what is searched.
        idf: a term's weight from how many passages contain it.
        title_weight: how much the title's field counts.
    """

    def __init__(self, schema: Any, searcher: Any, idf: Callable[[int], float], title_weight: float) -> None:
        self._schema, self._searcher, self._idf = schema, searcher, idf
        self._fields = (("text", 1.0), ("title", title_weight))

    def clauses(self, question: str, glossed: Sequence[Glossed]) -> list[Clause]:
        """Return the clauses of a question; none when no gloss of it stands in the index."""
        found: list[Clause] = []
        covered: Counter[str] = Counter()
        useful = False
        for one in glossed:
            own = terms(question[one.start : one.end])
            covered.update(own)
            options = [clause for term in dict.fromkeys(own) if (clause := self._term(term, 1.0))]
            alternatives = [self._either(options, together=True)] if options else []
            for gloss in one.glosses[:_OPTIONS]:
                clause = self._written(gloss.text, GLOSS * gloss.weight**POWER)
                if clause:
                    alternatives.append(clause)
                    useful = True
            if alternatives:
                found.append(self._either(alternatives))
            sounds = [clause for pair in pairwise(one.syllables) if (clause := self._sounding(*pair))]
            found.extend(sounds)
            useful = useful or bool(sounds)
            if not alternatives and not sounds:
                found.append(Clause(None, MISSING * self._idf(0)))
        if not useful:
            return []
        for term, times in (Counter(terms(question)) - covered).items():
            clause = self._term(term, float(min(times, 3)))
            if clause:
                found.append(clause)
        return found

    def _term(self, term: str, weight: float) -> Clause | None:
        import tantivy

        containing = self._searcher.doc_freq("text", term)
        if not containing:
            return None
        clauses = []
        for name, share in self._fields:
            query = tantivy.Query.term_query(self._schema, name, term, index_option="freq")
            clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, weight * share)))
        return Clause(tantivy.Query.boolean_query(clauses), weight * self._idf(containing))

    def _written(self, text: str, weight: float) -> Clause | None:
        """A gloss by its pairs of characters, which share its weight."""
        pairs = [a + b for a, b in pairwise(text)] or [text]
        weight *= SINGLE if len(text) == 1 else 1.0
        clauses = [clause for pair in pairs if (clause := self._term(pair, weight / len(pairs)))]
        return self._either(clauses, together=True) if len(clauses) * 2 > len(pairs) else None

    def _sounding(self, first: str, second: str) -> Clause | None:
        """The pairs of characters, one of each syllable, that the index holds."""
        held = [
            (count, a + b)
            for a in first[:_CHARACTERS]
            for b in second[:_CHARACTERS]
            if (count := self._searcher.doc_freq("text", a + b))
        ]
        best = sorted(held)[:_PAIRS]
        clauses = [clause for _, pair in best if (clause := self._term(pair, SOUND))]
        return self._either(clauses) if clauses else None

    def _either(self, clauses: Sequence[Clause], together: bool = False) -> Clause:
        """The best of several clauses, or their sum."""
        import tantivy

        if together:
            joined = tantivy.Query.boolean_query([(tantivy.Occur.Should, clause.query) for clause in clauses])
            return Clause(joined, sum(clause.bound for clause in clauses))
        if len(clauses) == 1:
            return clauses[0]
        best = tantivy.Query.disjunction_max_query([clause.query for clause in clauses], tie_breaker=0.0)
        return Clause(best, max(clause.bound for clause in clauses))
