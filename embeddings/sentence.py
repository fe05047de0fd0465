"""Any other sentence-transformers model, through that library (and so through torch).

Prompts named ``query`` (or ``question``, ``search_query``) and ``passage`` (or ``document``, …) are used
when the model has them. Remote code is never run, and only safetensors weights are read.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embeddings.encoder import EncoderOptions
from embeddings.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_QUERY_PROMPTS = ("query", "question", "search_query", "retrieval.query")
_PASSAGE_PROMPTS = ("passage", "document", "search_document", "retrieval.passage", "text")


class SentenceEncoder:
    """A SentenceTransformer behind the Encoder protocol."""

    def __init__(self, model: Any, name: str, options: EncoderOptions) -> None:
        """``model`` is a ``SentenceTransformer``; ``name`` begins the identity, which also says what was changed."""
        self._model = model
        own = (_first_prompt(model.prompts, _QUERY_PROMPTS), _first_prompt(model.prompts, _PASSAGE_PROMPTS))
        self._query_prompt = own[0] if options.query_prompt is None else options.query_prompt
        self._passage_prompt = own[1] if options.passage_prompt is None else options.passage_prompt
        if options.length is not None:
            model.max_seq_length = options.length
        full = int(model.encode(["a"], show_progress_bar=False).shape[1])
        self._dimension = full if options.dimension is None else options.dimension
        if self._dimension > full:
            raise EncoderError(f"The encoder {name} has {full} dimensions: {self._dimension} cannot be kept of them.")
        changed = [
            f"{field.name}={value}" for field in fields(options) if (value := getattr(options, field.name)) is not None
        ]
        self._identity = "/".join([f"{name}@{_digest(model)}", *changed])

    @classmethod
    def load(cls, where: Path | str, changes: EncoderOptions) -> SentenceEncoder:
        """Load from a folder (``Path``), never looked up on the network, or by hub name (``str``).

        Raises:
            EncoderError: it cannot be loaded, or has fewer dimensions than are to be kept.
        """
        from sentence_transformers import SentenceTransformer

        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        options: dict[str, Any] = {
            "device": os.environ.get("YINJU_DEVICE"),
            "trust_remote_code": False,
            "model_kwargs": {"use_safetensors": True},
        }
        local = isinstance(where, Path)
        try:
            try:
                model = SentenceTransformer(str(where), local_files_only=True, **options)
            except (OSError, ValueError):
                if local:
                    raise
                model = SentenceTransformer(str(where), local_files_only=False, **options)
        except Exception as error:  # the library and the hub client raise many kinds
            what = "the folder cannot be read" if local else "it is not in the local cache and not on the hub"
            raise EncoderError(f"The encoder {where} cannot be loaded: {what} ({error}).") from error
        model.eval()
        return cls(model, where.name if isinstance(where, Path) else where, changes)

    @property
    def identity(self) -> str:
        """``name@hash`` of the weights and prompts."""
        return self._identity

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode ``n`` texts, each after the model's passage prompt, as float32 ``[n, dimension]``."""
        return self._encode(texts, self._passage_prompt)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode ``n`` queries, each after the model's query prompt, as float32 ``[n, dimension]``."""
        return self._encode(texts, self._query_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        import numpy as np

        out = np.zeros((len(texts), self._dimension), dtype=np.float32)
        written = [i for i, text in enumerate(texts) if text.strip()]  # some models fail on no tokens at all
        if written:
            vectors = self._model.encode(
                [texts[i] for i in written], prompt=prompt, show_progress_bar=False, convert_to_numpy=True
            )
            out[written] = vectors[:, : self._dimension]
        norms = np.linalg.norm(out, axis=1, keepdims=True)
        bad = ~(norms[:, 0] > 1e-12)  # true for NaN as well
        out[bad] = 1.0 / np.sqrt(self._dimension)
        norms[bad] = 1.0
        out /= norms
        return out


def _first_prompt(prompts: dict[str, str] | None, names: tuple[str, ...]) -> str:
    """The first prompt the model has under one of ``names``; the empty prompt when it has none."""
    return next((prompts[name] for name in names if prompts and prompts.get(name)), "")


def _digest(model: Any) -> str:
    """First 16 hex digits of the SHA-256 of all weights and prompts, in the order of their names."""
    digest = hashlib.sha256(repr(sorted((model.prompts or {}).items())).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().float().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
