"""What the reading tests share: evidence from plain sentences, and a copy reader too small to be clever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.reading.confidence import SIGNALS, Calibration
from rag.reading.copying import CopyReader
from rag.reading.vocabulary import Vocabulary
from rag.records import Evidence, Passage

if TYPE_CHECKING:
    from rag.reading.model import CopyReaderModel

NASTY = (
    "",
    " ",
    "\n\t\u3000",
    "a",
    "中",
    "🙂🙂🙂",
    "。。。？？！",
    "İstanbul ǅ ﬁn ﷺ",
    "\u202eabc\u202c",
    "مرحبا بالعالم 2024",
    "あいうえお한국어ไทย中文English",
    "x" * 3000,
    "中" * 3000,
    "９４８億美元\x00",
)


class LetterVectors:
    """An encoder that can be checked by hand: one token per character, its code point as a vector."""

    identity = "letters@1"

    def tokens(self, text: str) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        ids = np.array([ord(c) for c in text], dtype=np.uint32)
        return ids, np.array([(i, i + 1) for i in range(len(text))], dtype=np.int32).reshape(-1, 2)

    def vectors(self, ids: NDArray[np.integer]) -> NDArray[np.float32]:
        ids = np.asarray(ids, dtype=np.int64)
        return np.stack([ids % 7 - 3, ids % 11 - 5, ids % 13 - 6], axis=1).astype(np.float32)


def evidence(*sentences: str, document: str = "d", rank: int = 1) -> list[Evidence]:
    """The sentences as evidence from one passage."""
    passage = Passage(f"{document}-0", document, 0, "\n".join(sentences), 0, 1)
    pieces, at = [], 0
    for sentence in sentences:
        pieces.append(Evidence(sentence, passage, at, at + len(sentence), 1.0, rank))
        at += len(sentence) + 1
    return pieces


def tiny_vocabulary() -> Vocabulary:
    """Forty frequent words, then some that mean something."""
    words = [f"w{n}" for n in range(100)] + [
        "北京",
        "西安",
        "论坛",
        "开幕",
        "总统",
        "贸易",
        "president",
        "trade",
        "school",
    ]
    return Vocabulary(words, list("北京西安论坛总统"))


def tiny_reader(encoder: LetterVectors | None = None, seed: int = 0, sentences: int = 12) -> CopyReader:
    """A copy reader with random weights."""
    from rag.reading.model import network_of

    weights = (0.0, 1.0, *(0.0,) * (len(SIGNALS) - 2))
    edges: Sequence[float] = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
    network = network_of(tiny_model(seed))
    return CopyReader(network, tiny_vocabulary(), edges, Calibration(weights, 0.5), "tiny", encoder, sentences)


def tiny_model(seed: int = 0, recurrent: int = 0) -> CopyReaderModel:
    """The weights of `tiny_reader`, or those with ``recurrent`` layers."""
    import torch

    from rag.reading.model import CopyReaderConfig, CopyReaderModel

    vocabulary = tiny_vocabulary()
    torch.manual_seed(seed)
    config = CopyReaderConfig(
        words=len(vocabulary.words) + 1,
        word_width=8,
        pieces=vocabulary.piece_rows,
        piece_width=4,
        d_model=16,
        d_kv=8,
        num_heads=2,
        d_ff=16,
        num_layers=1,
        num_decoder_layers=1,
        vocab_size=2,
        pad_token_id=0,
        decoder_start_token_id=0,
        align_width=8,
        near=2,
        reach=3,
        recurrent=recurrent,
    )
    model = CopyReaderModel(config).eval()
    model.word_codes.copy_(torch.randint(-100, 100, model.word_codes.shape))
    return model
