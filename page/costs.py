"""What the models cost on this machine: their size on disk, the memory in use, the time of the last answers.

Measures; knows nothing of HTML or of what the models do.
"""

from __future__ import annotations

import os
import statistics
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import embeddings
from rag import reading
from rag.settings import BUILTIN

_KEPT = 50
_BUILTIN = {"encoder": Path(embeddings.__file__).parent / BUILTIN, "reader": Path(reading.__file__).parent / BUILTIN}


@dataclass
class Times:
    """The seconds that the last answers took."""

    seconds: deque[float] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def add(self, milliseconds: float) -> None:
        """Note one answer."""
        self.seconds.append(milliseconds / 1000)

    def median(self) -> tuple[int, float] | None:
        """Return (answers, their median in seconds), None before the first."""
        kept = list(self.seconds)
        return (len(kept), statistics.median(kept)) if kept else None


def size(kind: str, name: str) -> int | None:
    """Return the bytes on disk of the model that a setting names; None for a hub model, kept elsewhere.

    Args:
        kind: ``encoder`` or ``reader``.
        name: the setting.
    """
    folder = _BUILTIN[kind] if name == BUILTIN else Path(name).expanduser()
    if not folder.is_dir():
        return None
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def memory() -> int | None:
    """Return the bytes of memory that this process holds now, None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
