"""Renews the vocabulary of a finished model: pieces that hardly occur make room for whole Russian and Kazakh words.

A new word starts as the sum of the pieces that it was cut into, so every text keeps its vector up to the dropped
pieces; training goes on from there (``train --start``). Knows nothing of training.

    python -m training.encoder.vocabulary WORK_FOLDER   # WORK_FOLDER/bags were made with the shipped tokenizer
"""

from __future__ import annotations

import json
import logging
import math
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from embeddings.bulk import normalizer_steps
from embeddings.encoder import BUILTIN_FOLDER
from training.encoder import sources
from training.encoder.export import quantise

SIZE = 43_700  # pieces; 260 bytes each
WORDS = {"ru": 2600, "kk": 1150}
_CYRILLIC_WORD = re.compile("▁[\u0400-\u04ff]{3,16}$")
# how often the lines of a source count
_WEIGHTS = {"ntrex128.multi": 5, "stsb_train.multi": 1, "mkqa_test_questions.multi": 1, "mkqa_dev_questions.multi": 1}
_WEIGHTS |= {"udhr.multi": 1, "kaznu_economy_gov_kz.kk-en": 0.5, "kaznu_primeminister_kz.kk-en": 0.5}
_NEWS = {"ru": "text/nerel_news.ru", "kk": "text/kaznerd_news.kk"}


def word_counts(tokenizer: object, language: str) -> Counter[str]:
    """How often each Cyrillic word (with ▁) stands in the training texts, news and NTREX counting more."""
    counts: Counter[str] = Counter()

    def count(texts: Iterable[str], weight: float) -> None:
        for text in texts:
            pieces = tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(text))  # type: ignore[attr-defined]
            for word, _ in pieces:
                if _CYRILLIC_WORD.match(word):
                    counts[word] += weight  # type: ignore[assignment]

    for name, weight in _WEIGHTS.items():
        count((row.get(language, "") for row in sources.parallel(name)), weight)
    count((row["text"] for row in sources.records(_NEWS[language])), 2)
    return counts


def new_words(tokenizer: object, known: set[str]) -> dict[str, float]:
    """Words that save most pieces, with their log probabilities."""
    found: dict[str, float] = {}
    for language, wanted in WORDS.items():
        counts = word_counts(tokenizer, language)
        total = sum(counts.values())
        saved: list[tuple[float, str]] = []
        for word, times in counts.most_common(30_000):
            if word not in known:
                cut = [piece for piece in tokenizer.encode(word[1:]).tokens if piece != "▁"]  # type: ignore[attr-defined]
                saved.append((times * (len(cut) - 1), word))
        for _, word in sorted(saved, reverse=True)[:wanted]:
            found[word] = max(round(math.log(counts[word] / total), 3), found.get(word, -99.0))
    return found


def usage(folder: Path, size: int) -> np.ndarray:
    """How often each piece stands in the bags under ``folder``, float64 ``[size]``."""
    counts = np.zeros(size)
    for path in folder.glob("*.npz"):
        data = np.load(path)
        for key in data.files:
            if key.endswith("ids"):
                counts += np.bincount(data[key], minlength=size)
    return counts


def renew(work: Path) -> None:
    """Write ``work/tokenizer.json`` and ``work/start``, a model to go on from, out of the shipped one."""
    from safetensors.numpy import load_file, save_file
    from tokenizers import Tokenizer

    path = BUILTIN_FOLDER / "tokenizer.json"
    spec = json.loads(path.read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_file(str(path))
    pieces = [str(piece) for piece, _ in spec["model"]["vocab"]]
    words = new_words(tokenizer, set(pieces))
    counts = usage(work / "bags", len(pieces))
    # single characters stay: they are what every word can be written with
    short = [i for i, p in enumerate(pieces) if i == 0 or len(p.strip("▁")) < (3 if p.isascii() else 2)]
    counts[short] = np.inf
    dropped = np.argsort(counts, kind="stable")[: max(0, len(pieces) + len(words) - SIZE)]
    logging.info("%d new words for %d pieces seen at most %d times", len(words), len(dropped), counts[dropped].max())
    kept = np.setdiff1d(np.arange(len(pieces)), dropped)
    tensors = load_file(BUILTIN_FOLDER / "model.safetensors")
    table = tensors["embeddings"].astype(np.float32) * tensors["weights"][:, None]
    new = [table[tokenizer.encode(word[1:]).ids].sum(axis=0) for word in words]
    rows, factors = quantise(np.concatenate([table[kept], *([np.stack(new)] if new else [])]))
    spec["model"]["vocab"] = [spec["model"]["vocab"][i] for i in kept] + [list(item) for item in words.items()]
    spec["normalizer"]["normalizers"] = [*normalizer_steps(), spec["normalizer"]["normalizers"][-1]]
    (work / "tokenizer.json").write_text(json.dumps(spec, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    (work / "start").mkdir(exist_ok=True)
    save_file({"embeddings": rows, "weights": factors}, work / "start" / "model.safetensors")
    shutil.copyfile(work / "tokenizer.json", work / "start" / "tokenizer.json")
    shutil.copyfile(BUILTIN_FOLDER / "modules.json", work / "start" / "modules.json")
    shutil.rmtree(work / "bags")
    (work / "checkpoint.pt").unlink(missing_ok=True)  # its rows are those of the old pieces
    logging.info("made %s; now the bags anew, then: train --start %s", work / "tokenizer.json", work / "start")


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    renew(Path(sys.argv[1]))
