"""What a library holds: the languages of its documents, what is printed on them, its size. Knows nothing of HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import LibraryError
from rag.languages import detect
from rag.records import Document

if TYPE_CHECKING:
    from rag.library import Library

_LOOKED_AT = 2000  # characters of a document, enough to tell its language


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed on a document's pages: the paper's name and all headlines; empty where not known."""

    paper: str = ""
    headlines: str = ""


class Facts:
    """Counts over one library; a document's language is told once and kept by its id, which is its content."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._languages: dict[str, str] = {}
        self._printed: tuple[tuple[str, ...], Mapping[str, Printed]] = ((), {})

    def languages(self, documents: Sequence[Document]) -> list[tuple[str, int]]:
        """Return (language, documents in it), the most frequent first."""
        told = Counter(self._language(document.id) for document in documents)
        return sorted(told.items(), key=lambda pair: (-pair[1], pair[0]))

    def printed(self, documents: Sequence[Document]) -> Mapping[str, Printed]:
        """Return what is printed on each document, by id; read once while the documents stay the same."""
        now = tuple(document.id for document in documents)
        if self._printed[0] != now:
            papers, headlines = self._library.papers(), self._library.headlines()
            found = {one: Printed(papers.get(one, ""), " ".join(headlines.get(one, ()))) for one in now}
            self._printed = now, found
        return self._printed[1]

    def size(self) -> int:
        """Return the bytes that the library's folder takes, with the files that were uploaded."""
        total = 0
        for path in self._library.folder.rglob("*"):
            try:
                total += path.stat().st_size if path.is_file() else 0
            except OSError:
                continue  # an index's file that has just been replaced
        return total

    def _language(self, document: str) -> str:
        if document not in self._languages:
            try:
                self._languages[document] = detect(self._library.document(document).text[:_LOOKED_AT])
            except LibraryError:
                return "und"  # removed just now
        return self._languages[document]
