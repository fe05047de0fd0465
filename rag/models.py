"""The built-in models as a library loads them: the encoder the reader was trained with, and loading itself.

Knows the names of models, nothing of documents.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from rag.errors import InternalError
from rag.settings import BUILTIN

if TYPE_CHECKING:
    from embeddings import Encoder
    from embeddings.static import StaticEncoder


@cache
def _builtin() -> Encoder:
    from embeddings import load_encoder

    return load_encoder(BUILTIN)


def token_vectors(encoder: Encoder) -> StaticEncoder:
    """Return the encoder whose token vectors the reader was trained with: the built-in one."""
    from embeddings.static import StaticEncoder

    whole = encoder.identity.startswith(f"{BUILTIN}@") and "/" not in encoder.identity
    builtin = encoder if whole else _builtin()
    if not isinstance(builtin, StaticEncoder):
        raise InternalError("the built-in encoder is not a static one")
    return builtin


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Load models without looking for garbage among their many lasting objects: a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
