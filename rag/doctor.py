"""Check the installation and a library: what is there, what is missing, what to do."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rag.errors import YinjuError
from rag.library import CATALOG, Library
from rag.spans import holds

_PACKAGES = ("torch", "transformers", "sentence-transformers", "faiss-cpu", "gradio", "tantivy", "jieba", "opencc")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    what: str
    good: bool
    detail: str


def examine(folder: Path) -> list[Finding]:
    """Return what was found about the installation and the library in ``folder``."""
    found = [Finding("python", sys.version_info >= (3, 10), sys.version.split()[0])]
    for package in _PACKAGES:
        try:
            found.append(Finding(package, True, version(package)))
        except PackageNotFoundError:
            found.append(Finding(package, False, f"not installed; install it with: pip install {package}"))
    if not (folder / CATALOG).exists():
        return [*found, Finding("library", True, f"none in {folder} yet; make one with: yinju add PATH")]
    try:
        with Library.open(folder) as library:
            found.append(Finding("library", True, f"{len(library.documents())} documents, {len(library)} passages"))
            found.append(_quotes(library))
            reader = library.reader()
            found.append(Finding("reader", True, f"{reader.identity}, threshold {reader.threshold:.3f}"))
    except (YinjuError, sqlite3.Error) as error:
        found.append(Finding("library", False, str(error)))
    return found


def _quotes(library: Library) -> Finding:
    """Check the invariant on every paragraph: its span holds its text."""
    total = bad = 0
    for document in library.documents():
        raw = library.document(document.id).text
        for article in library.articles(document.id):
            for paragraph in article.paragraphs:
                total += 1
                bad += not holds(raw, paragraph.start, paragraph.end, paragraph.text)
    return Finding("spans", bad == 0, f"{total - bad} of {total} paragraphs stand exactly where their span says")
