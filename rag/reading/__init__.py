"""Reading: a question and sentences of evidence in, claims out, each a span of one sentence.

The built-in reader copies (`rag.reading.copying`); any other sequence-to-sequence model writes freely and
is held to the evidence afterwards (`rag.reading.hub`). Importing this package loads no model and no torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rag.reading.agreeing import agree
from rag.reading.selecting import select_evidence
from rag.records import Evidence, Reading

if TYPE_CHECKING:
    from rag.reading.meanings import TokenVectors

__all__ = ["BUILTIN", "Reader", "agree", "load_reader", "select_evidence"]

BUILTIN = "builtin"


class Reader(Protocol):
    """Finds the answer to a question in sentences, or finds that it is not there."""

    @property
    def identity(self) -> str:
        """Name and hash of the weights."""
        ...

    @property
    def threshold(self) -> float:
        """The confidence under which an answer should be withheld."""
        ...

    def read(self, question: str, evidence: Sequence[Evidence]) -> Reading:
        """Return claims, best first, and the probability that the best one answers the question."""
        ...


def load_reader(name: str | Path, encoder: TokenVectors | None) -> Reader:
    """Load a reader.

    Args:
        name: ``builtin``; a folder with a copy reader or with any sequence-to-sequence model in
            transformers' format; or a hub name of such a model, which may download it.
        encoder: the token vectors the built-in reader was fitted with; None when there are none, and
            then questions in another script than the evidence are read worse.

    Raises:
        rag.errors.SettingsError: there is no such reader, or it does not go with the encoder.
    """
    folder = Path(__file__).parent / "builtin" if str(name) == BUILTIN else Path(name)
    if (folder / "reader.json").is_file() or str(name) == BUILTIN:
        from rag.reading.copying import load_copy_reader

        return load_copy_reader(folder, encoder)
    from rag.reading.hub import load_hub_reader

    return load_hub_reader(str(name))
