"""The lexical index: BM25 over terms, kept by Tantivy in a folder; also what passages are filtered by.

Derived from the catalog and deletable: it carries the catalog's generation and is rebuilt when that
differs or the folder is damaged. Passages are named by their integer keys. Knows nothing of vectors.
"""

from __future__ import annotations

import json
import math
import shutil
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rag.errors import InputError
from rag.expanding import Expansion
from rag.filters import Filters, day_number
from rag.glossary import gloss
from rag.languages import detect
from rag.terms import terms

FORMAT_VERSION = 4
_WRITER_BYTES = 64 << 20
_MAX_QUERY_TERMS = 96
_LANGUAGE_CHARACTERS = 160  # of a passage, enough to tell its language
_K1 = 1.2  # Tantivy's


class Entry(NamedTuple):
    """A passage as the lexical index takes it: its key, text and article title, and what it is filtered by."""

    key: int
    text: str
    title: str | None = None
    date: str | None = None
    document: str = ""


class LexicalIndex:
    """BM25 (k1 = 1.2, b = 0.75; Robertson & Zaragoza 2009) over the terms of passages and their titles."""

    def __init__(self, folder: Path) -> None:
        """Open the index in ``folder``. What cannot be read is left alone and found empty until rebuilt."""
        self._folder = folder
        self._lock = threading.RLock()
        self._index: Any = None
        self.generation = -1
        self.reload()

    def reload(self) -> None:
        """See what stands on disk now, written by this process or another."""
        with self._lock:
            state = self._read_state()
            try:
                if self._index is None and state is not None:
                    self._index = _open(self._folder)
                elif self._index is not None:
                    self._index.reload()
            except (ValueError, OSError):  # damaged: to be rebuilt
                self._index, state = None, None
            self.generation = -1 if state is None else state

    def rebuild(self, rows: Iterable[Entry], generation: int) -> None:
        """Begin again with these passages."""
        with self._lock:
            self._index = None
            shutil.rmtree(self._folder, ignore_errors=True)
            self._index = _open(self._folder)
            self.update(rows, [], generation)

    def update(self, add: Iterable[Entry], remove: Sequence[int], generation: int) -> None:
        """Add passages, replacing those with the same key; remove keys.

        ``generation`` is recorded once all of it is on disk.
        """
        import tantivy

        with self._lock:
            writer = self._index.writer(_WRITER_BYTES, 1)
            try:
                for key in remove:
                    writer.delete_documents_by_term("key", key)
                for entry in add:
                    writer.delete_documents_by_term("key", entry.key)
                    document = tantivy.Document()
                    document.add_integer("key", entry.key)
                    document.add_text("text", " ".join(terms(entry.text)))
                    document.add_text("title", " ".join(terms(entry.title or "")))
                    document.add_integer("day", _day(entry.date))
                    document.add_text("document", entry.document)
                    document.add_text("language", detect(entry.text[:_LANGUAGE_CHARACTERS]))
                    writer.add_document(document)
                writer.commit()
            finally:
                writer.wait_merging_threads()
            self._index.reload()
            self._write_state(generation)
            self.generation = generation

    def search(
        self, question: str, k: int, title_weight: float = 0.4, filters: Filters | None = None
    ) -> list[tuple[int, float]]:
        """Return the ``k`` best (key, score) of those that meet ``filters``, best first; nothing when no term occurs.

        The score is BM25 divided by the most that these terms could give any passage, so that it says how
        much of the question is met: near 1 for a passage with all of it, near 0 when most of the question's
        terms stand in no passage at all, as for a question in another language.
        """
        import tantivy

        wanted = Counter(terms(question))
        index = self._index
        if not wanted or k < 1 or index is None:
            return []
        schema, searcher = index.schema, index.searcher()
        expansion = Expansion(schema, searcher, lambda containing: _idf(searcher.num_docs, containing), title_weight)
        expanded = expansion.clauses(question, gloss(question, detect(question)))
        chosen = [(term, min(times, 3)) for term, times in wanted.most_common(_MAX_QUERY_TERMS)]
        clauses = [(tantivy.Occur.Should, clause.query) for clause in expanded if clause.query is not None]
        for term, times in chosen if not expanded else ():
            for name, weight in (("text", 1.0), ("title", title_weight)):
                query = tantivy.Query.term_query(schema, name, term, index_option="freq")
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, weight * times)))
        wanted_any = tantivy.Query.boolean_query(clauses)
        if filters:
            restricted = tantivy.Query.const_score_query(_restriction(schema, filters), 0.0)
            wanted_any = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, wanted_any), (tantivy.Occur.Must, restricted)]
            )
        found = searcher.search(wanted_any, limit=k, count=False).hits
        keys = searcher.fast_field_values("key", [address for _, address in found])
        total = searcher.num_docs
        weight_in_all = (
            sum(clause.bound for clause in expanded)
            if expanded
            else sum(times * _idf(total, searcher.doc_freq("text", term)) for term, times in chosen)
        )
        bound = (_K1 + 1) * weight_in_all
        return [(int(key), float(score) / bound) for (score, _), key in zip(found, keys, strict=True)]

    def allowed(self, filters: Filters) -> list[int]:
        """Return the keys of all passages that meet ``filters``, in no particular order."""
        index = self._index
        if index is None:
            return []
        searcher = index.searcher()
        found = searcher.search(_restriction(index.schema, filters), limit=max(searcher.num_docs, 1), count=False).hits
        return [int(key) for key in searcher.fast_field_values("key", [address for _, address in found])]

    def weights(self, question: str) -> dict[str, float]:
        """Return the terms of ``question`` with what each is worth: the rarer, the more."""
        index = self._index
        if index is None:
            return {}
        searcher = index.searcher()
        total = searcher.num_docs
        chosen = [term for term, _ in Counter(terms(question)).most_common(_MAX_QUERY_TERMS)]
        return {term: _idf(total, searcher.doc_freq("text", term)) for term in chosen}

    def __len__(self) -> int:
        return 0 if self._index is None else int(self._index.searcher().num_docs)

    def _read_state(self) -> int | None:
        try:
            state = json.loads((self._folder / "state.json").read_text("utf-8"))
            return int(state["generation"]) if state["format"] == FORMAT_VERSION else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write_state(self, generation: int) -> None:
        temporary = self._folder / "state.json.tmp"
        temporary.write_text(json.dumps({"format": FORMAT_VERSION, "generation": generation}), "utf-8")
        temporary.replace(self._folder / "state.json")


def _day(date: str | None) -> int:
    """The day a passage is filtered by; -1 for none, or none that can be read."""
    try:
        return day_number(date) if date else -1
    except InputError:
        return -1


def _restriction(schema: Any, filters: Filters) -> Any:
    """The query that exactly the passages that meet ``filters`` fulfil."""
    import tantivy

    def term(name: str, value: str) -> Any:
        return tantivy.Query.term_query(schema, name, value, index_option="basic")

    needed = []
    if filters.since or filters.until:
        needed.append(tantivy.Query.range_query(schema, "day", tantivy.FieldType.Integer, *filters.days))
    if filters.documents:
        any_of = [(tantivy.Occur.Should, term("document", document)) for document in filters.documents]
        needed.append(tantivy.Query.boolean_query(any_of))
    if filters.title:
        words = [word for word in dict.fromkeys(terms(filters.title)) if not word.endswith("*")]
        needed += [term("title", word) for word in words] or [tantivy.Query.empty_query()]
    if filters.language:
        needed.append(term("language", filters.language))
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in needed or [tantivy.Query.all_query()]])


def _idf(total: int, containing: int) -> float:
    """Return the weight of a term (Robertson & Zaragoza 2009, as in Lucene and Tantivy)."""
    return math.log(1 + (max(total - containing, 0) + 0.5) / (containing + 0.5))


def _open(folder: Path) -> Any:
    import tantivy

    schema = (
        tantivy.SchemaBuilder()
        .add_integer_field("key", indexed=True, fast=True)
        .add_text_field("text", tokenizer_name="whitespace", index_option="freq")
        .add_text_field("title", tokenizer_name="whitespace", index_option="freq")
        .add_integer_field("day", indexed=True, fast=True)
        .add_text_field("document", tokenizer_name="raw", index_option="basic")
        .add_text_field("language", tokenizer_name="raw", index_option="basic")
        .build()
    )
    store = folder / "tantivy"
    store.mkdir(parents=True, exist_ok=True)
    return tantivy.Index(schema, path=str(store), reuse=True)
