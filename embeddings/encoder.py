"""The encoder boundary: what an encoder is, and how one is loaded by name.

Knows the on-disk layout of sentence-transformers folders (``modules.json``); the two loaders know the rest.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from embeddings.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BUILTIN = "builtin"
BUILTIN_FOLDER = Path(__file__).parent / "builtin"


@runtime_checkable
class Encoder(Protocol):
    """Text to vectors. ``encode_passages`` is the one method to write; queries are encoded like passages
    unless the model has a prompt of its own for them.

    ``identity`` names the weights (``name@hash``): vectors of two encoders with different identities must
    never meet. ``dimension`` is the length of a vector.
    """

    @property
    def identity(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode ``n`` texts as float32 ``[n, dimension]``, each row of unit norm, empty texts included."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode ``n`` queries as float32 ``[n, dimension]``, each row of unit norm."""
        return self.encode_passages(texts)


@dataclass(frozen=True, slots=True)
class EncoderOptions:
    """How a model is used, where it is not as the model itself says (None).

    Attributes:
        dimension: how many of the first numbers of a vector are kept (Matryoshka models lose little by it).
        length: how many tokens of a text are read.
        query_prompt, passage_prompt: what is put before a query and before a passage; may be empty.
    """

    dimension: int | None = None
    length: int | None = None
    query_prompt: str | None = None
    passage_prompt: str | None = None


_AS_IT_IS = EncoderOptions()


def load_encoder(name: str | Path = BUILTIN, options: EncoderOptions = _AS_IT_IS) -> Encoder:
    """Load an encoder: ``"builtin"``, a sentence-transformers folder, or a hub name such as ``org/model``.

    A folder that holds one static embedding table is loaded without torch (well under half a second). The
    network is touched only for a hub name, and only when the model is not in the local cache already.

    Raises:
        EncoderError: nothing usable is there; the message says what was looked for and what to do.
    """
    folder = BUILTIN_FOLDER if name == BUILTIN else Path(name).expanduser()
    if folder.is_dir():
        from embeddings.static import StaticEncoder

        if _is_static(folder):
            if (options.length, options.query_prompt, options.passage_prompt) != (None, None, None):
                raise EncoderError(f"{name} is a static encoder: it takes a dimension, but no prompts and no length.")
            static = StaticEncoder.load(folder, name=BUILTIN if name == BUILTIN else folder.name)
            return static if options.dimension is None else static.cut(options.dimension)
        from embeddings.sentence import SentenceEncoder

        return SentenceEncoder.load(folder, options)
    if name == BUILTIN:
        raise EncoderError(f"The built-in encoder is missing from {folder}. Reinstall the package.")
    if not _is_hub_name(str(name)):
        raise EncoderError(
            f"No encoder at {name}: the folder does not exist. Give a sentence-transformers folder, "
            f"a hub name such as org/model, or {BUILTIN!r}."
        )
    from embeddings.sentence import SentenceEncoder

    return SentenceEncoder.load(str(name), options)


def _is_hub_name(name: str) -> bool:
    return not name.startswith((".", "/", "~")) and "\\" not in name and name.count("/") <= 1 and bool(name)


def _is_static(folder: Path) -> bool:
    """Whether ``modules.json`` says: one StaticEmbedding, then at most a Normalize."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(
            f"{folder} is not a sentence-transformers folder: modules.json cannot be read ({error})."
        ) from error
    return kinds[:1] == ["StaticEmbedding"] and kinds[1:] in ([], ["Normalize"])
