"""Yinju 引据: ask a pile of documents a question; get an answer in which every statement is cited.

    from rag import Library, answer

    library = Library.open("my-library")
    library.add(["papers/"])
    reply = library.answer("双边贸易额达到多少？")

Importing this package loads neither torch nor gradio.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

from rag.errors import YinjuError
from rag.filters import Filters
from rag.library import Library
from rag.records import Reply, Turn

__all__ = ["Filters", "Library", "Reply", "Turn", "YinjuError", "answer"]

_open: dict[Path, Library] = {}
_opening = threading.Lock()


def answer(question: str, library: str | os.PathLike[str] | None = None, history: Sequence[Turn] = ()) -> Reply:
    """Answer one question from a library folder, which is kept open for the next call.

    Args:
        question: in any language.
        library: the folder; ``$YINJU_LIBRARY`` or ``./library`` when not given.
        history: the finished exchanges of the conversation, oldest first.

    Raises:
        YinjuError: the question is empty, or the library cannot be used.
    """
    folder = Path(library or os.environ.get("YINJU_LIBRARY") or "library").expanduser().absolute()
    with _opening:
        if folder not in _open:
            _open[folder] = Library.open(folder)
    return _open[folder].answer(question, history)
