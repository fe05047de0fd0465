"""Word vectors for the reader, from open news and encyclopedia text: word2vec over the reader's own units.

Words and single characters share one space: now and then a word is written as its characters. Writes
`words.npz` (``words``: the vocabulary, most frequent first; ``vectors``: float32 ``[n, width]``).
Usage: python -m training.reader.words --data ../shared/data --out training/work/reader
"""

from __future__ import annotations

import argparse
import collections
import random
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rag.reading.folding import fold
from training.reader.sources import read_rows

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff々〇]+")
_PIECE = re.compile(
    r"(?P<han>[\u3400-\u9fff\uf900-\ufaff々〇]+)|\d+(?:[.,:]\d+)*|[ァ-ヺー]+|[\u3040-\u309f\uac00-\ud7af]"
    r"|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+|\S"
)
_END = re.compile(r"[。！？!?\n]|\.(?=\s)")


def texts(data: Path, news: int) -> Iterator[str]:
    """The training text: news first, then the contexts of the `train` question sets."""
    for number, row in enumerate(read_rows(data / "text" / "crud_news.zh.jsonl.gz")):
        if number >= news:
            break
        yield str(row["text"])
    for name in ("kaznerd_news.kk", "nerel_news.ru", "jawikinews.ja"):
        for row in read_rows(data / "text" / f"{name}.jsonl.gz"):
            yield str(row["text"])
    for path in sorted((data / "qa").glob("*train*.jsonl.gz")):
        yield from dict.fromkeys(str(row["context"]) for row in read_rows(path))


def segment(text: str) -> list[str]:
    """Units as `rag.reading.units.cut` makes them, but without tags (seven times faster)."""
    import jieba

    words: list[str] = []
    for match in _PIECE.finditer(fold(text)):
        if match.group("han"):
            words.extend(jieba.lcut(match.group()))
        else:
            word = match.group()
            words.append("<number>" if word[0].isdigit() and len(word) > 4 else word)
    return words


def main() -> None:
    """Segment, count, train, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("training/work/reader"))
    parser.add_argument("--news", type=int, default=22000, help="how many news articles")
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--words", type=int, default=32000, help="size of the vocabulary")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    import jieba
    from gensim.models import Word2Vec

    jieba.setLogLevel(30)
    chance = random.Random(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    corpus = options.out / "words.txt"
    counts: collections.Counter[str] = collections.Counter()
    with corpus.open("w", encoding="utf8") as out:
        for text in texts(options.data, options.news):
            for sentence in _END.split(text):
                words = segment(sentence)
                counts.update(words)
                counts.update(c for w in words if len(w) > 1 and _HAN.fullmatch(w) for c in w)
                pieces: list[str] = []
                for word in words:
                    if len(word) > 1 and _HAN.fullmatch(word) and chance.random() < 0.25:
                        pieces.extend(word)
                    else:
                        pieces.append(word)
                out.write(" ".join(pieces) + "\n")
    print("segmented", sum(counts.values()), "units,", len(counts), "kinds", flush=True)
    model = Word2Vec(
        corpus_file=str(corpus), vector_size=options.width, window=5, min_count=8, sg=1, negative=6, sample=1e-4,
        epochs=options.epochs, workers=options.workers, seed=options.seed, max_final_vocab=60000,
    )  # fmt: skip
    words = [word for word, _ in counts.most_common() if word in model.wv][: options.words]
    np.savez(options.out / "words.npz", words=np.array(words), vectors=model.wv[words].astype(np.float32))
    for word in ("北京", "总统", "增长", "1998", "谁", "who"):
        if word in model.wv:
            print(word, [w for w, _ in model.wv.most_similar(word, topn=6)], flush=True)


if __name__ == "__main__":
    main()
