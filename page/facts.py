"""What a library holds, in figures: the languages of its documents and its size on disk. Knows nothing of HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.errors import LibraryError
from rag.languages import detect
from rag.records import Document

if TYPE_CHECKING:
    from rag.library import Library

_LOOKED_AT = 2000  # characters of a document, enough to tell its language


class Facts:
    """Counts over one library; a document's language is told once and kept by its id, which is its content."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._languages: dict[str, str] = {}

    def languages(self, documents: Sequence[Document]) -> list[tuple[str, int]]:
        """Return (language, documents in it), the most frequent first."""
        told = Counter(self._language(document.id) for document in documents)
        return sorted(told.items(), key=lambda pair: (-pair[1], pair[0]))

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
