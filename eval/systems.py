"""What can be judged: our library, and a plain baseline beside it.

A system is anything with the methods of ``System``; a test double or a peer's adapter needs no
inheritance. The baseline is what one would write in an afternoon: BM25 over paragraphs, and as the answer
the best sentence of the best paragraph. It reads the same restored paragraphs as our system, so that it
differs in search and reading only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Protocol

from eval.support import content, folded
from rag import Library
from rag.errors import MissingExtraError
from rag.records import Citation, Hit, Passage, Reply, Turn

_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]+[”’」』）)]*|[^。！？!?\n]+$|[^.!?\n]+[.!?]+\s")
_RUN = re.compile(r"(?P<han>[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+)|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")


class System(Protocol):
    """Documents that can be searched and asked.

    ``name`` is how reports call it. ``settings`` and ``models`` say what made the figures: they go into
    the run.
    """

    name: str

    @property
    def settings(self) -> Mapping[str, object]: ...

    @property
    def models(self) -> Mapping[str, str]: ...

    def search(self, question: str, k: int) -> Sequence[Hit]:
        """Return the ``k`` best hits, best first."""
        ...

    def answer(self, question: str, history: Sequence[Turn]) -> Reply:
        """Answer, or abstain."""
        ...

    def raw(self, document: str) -> str:
        """Return the raw text of a document by its id."""
        ...


class LibrarySystem:
    """Our own library, through its public API."""

    def __init__(self, library: Library, name: str = "yinju") -> None:
        """Judge ``library`` under ``name``."""
        self.name = name
        self.library = library
        self._raw: dict[str, str] = {}

    @property
    def settings(self) -> Mapping[str, object]:
        """The library's settings."""
        return asdict(self.library.settings)

    @property
    def models(self) -> Mapping[str, str]:
        """The identities of the models and the product's version."""
        return {**self.library.models, "yinju": _product()}

    def search(self, question: str, k: int) -> Sequence[Hit]:
        """Search as the library does."""
        return self.library.search(question, k)

    def answer(self, question: str, history: Sequence[Turn]) -> Reply:
        """Answer as the library does."""
        return self.library.answer(question, history)

    def raw(self, document: str) -> str:
        """Return the raw text, kept after the first call."""
        if document not in self._raw:
            self._raw[document] = self.library.document(document).text
        return self._raw[document]


def _product() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("yinju")
    except PackageNotFoundError:
        return "not installed"


@dataclass(frozen=True, slots=True)
class Indexed:
    """A paragraph that the baseline searches."""

    document: str
    path: str
    text: str
    start: int
    end: int
    title: str | None = None


class BaselineSystem:
    """BM25 over paragraphs (bm25s, Lù 2024; k1 1.5, b 0.75) and the best sentence of the best one.

    Han text is indexed by characters and pairs of characters, other scripts by words, both folded. It
    abstains only when nothing matches. Its confidence is the share of the question's weight that the
    sentence holds.
    """

    def __init__(self, paragraphs: Sequence[Indexed], raw: Mapping[str, str]) -> None:
        """Index the paragraphs.

        Args:
            paragraphs: what is searched.
            raw: raw text by document id.

        Raises:
            MissingExtraError: bm25s is not installed.
        """
        try:
            import bm25s
        except ImportError as error:
            raise MissingExtraError("The BM25 baseline", "training") from error
        self.name = "BM25 + best sentence"
        self._paragraphs = tuple(paragraphs)
        self._texts = dict(raw)
        self._terms = [terms(f"{one.title or ''}\n{one.text}") for one in paragraphs]
        self._index = bm25s.BM25(k1=1.5, b=0.75)
        self._index.index(self._terms or [["\0"]], show_progress=False)

    @classmethod
    def of(cls, library: Library) -> BaselineSystem:
        """Return the baseline over the paragraphs of a library."""
        found: list[Indexed] = []
        raw: dict[str, str] = {}
        for document in library.documents():
            raw[document.id] = library.document(document.id).text
            for article in library.articles(document.id):
                found.extend(
                    Indexed(document.id, document.path, one.text, one.start, one.end, article.title)
                    for one in article.paragraphs
                )
        return cls(found, raw)

    @property
    def settings(self) -> Mapping[str, object]:
        """BM25's two."""
        return {"k1": 1.5, "b": 0.75}

    @property
    def models(self) -> Mapping[str, str]:
        """There is none."""
        return {}

    def search(self, question: str, k: int) -> Sequence[Hit]:
        """Return the paragraphs with the highest BM25 scores above 0, ties in the order of the documents."""
        import numpy as np

        wanted = [term for term in dict.fromkeys(terms(question)) if term in self._vocabulary]
        if not wanted or not self._paragraphs:
            return ()
        scores = np.asarray(self._index.get_scores(wanted), dtype=np.float64)
        order = np.lexsort((np.arange(len(scores)), -scores))[:k]
        return tuple(
            Hit(rank, float(scores[place]), self._passage(int(place)), self._paragraphs[place].path)
            for rank, place in enumerate((one for one in order if scores[one] > 0), start=1)
        )

    def answer(self, question: str, history: Sequence[Turn]) -> Reply:
        """Answer with the sentence of the best paragraph that shares most of the question's rarest terms."""
        hits = self.search(question, 10)
        if not hits:
            return Reply(question, "", "", "", True, 0.0, (), ())
        best = hits[0]
        weights = {term: self._weight(term) for term in set(terms(question)) if len(term) > 1 or term.isdigit()}
        spans = [match.span() for match in _SENTENCE.finditer(best.passage.text) if content(match.group())]
        scored = [(sum(weights.get(term, 0.0) for term in set(terms(best.passage.text[a:b]))), -a, b) for a, b in spans]
        score, low, high = max(scored, default=(0.0, 0, len(best.passage.text)))
        short = best.passage.text[-low:high].strip()
        start, end = self._raw_span(best.passage, short)
        total = sum(weights.values()) or 1.0
        citation = Citation(
            1, short, best.passage.document, best.path, best.passage.title, None, start, end, best.score
        )
        return Reply(question, "", f"{short}[1]", short, False, min(1.0, score / total), (citation,), tuple(hits))

    def raw(self, document: str) -> str:
        """Return the raw text of a document."""
        return self._texts[document]

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for one in self._terms:
            for term in set(one):
                counts[term] = counts.get(term, 0) + 1
        return counts

    def _weight(self, term: str) -> float:
        """Return the inverse document frequency."""
        import math

        return math.log(1 + len(self._paragraphs) / (1 + self._vocabulary.get(term, 0)))

    def _passage(self, place: int) -> Passage:
        one = self._paragraphs[place]
        return Passage(f"p{place}", one.document, 0, one.text, one.start, one.end, one.title)

    def _raw_span(self, passage: Passage, sentence: str) -> tuple[int, int]:
        from eval.builtin import locate

        return locate(self._texts[passage.document], passage.start, passage.end, sentence)


def terms(text: str) -> list[str]:
    """Return the terms BM25 counts: characters and pairs of Han text, words of other scripts, folded.

    >>> terms("雙邊 trade")
    ['双', '边', '双边', 'trade']
    """
    found: list[str] = []
    for match in _RUN.finditer(folded(text)):
        run = match.group()
        if match.lastgroup == "han":
            found.extend(run)
            found.extend(run[at : at + 2] for at in range(len(run) - 1))
        else:
            found.append(run)
    return found
