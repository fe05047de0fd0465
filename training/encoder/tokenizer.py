"""Builds ``tokenizer.json``: one Unigram model whose pieces come from a separate model per script.

Han text is cut into frequent words (2-4 characters) and single characters; kana, hangul, Cyrillic, Latin
and Arabic script into sub-words; digits one by one. Normalisation lives in the tokenizer, so that offsets
stay exact: NFKC, lower case, traditional and Japanese characters to simplified, ё to е, Arabic letter
variants. Punctuation is dropped.

    python -m training.encoder.tokenizer OUT_FOLDER
"""

from __future__ import annotations

import base64
import io
import json
import logging
import math
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from embeddings.bulk import normalizer_steps, pre_tokenizer
from training.encoder import sources

HAN_CHARACTERS, HAN_WORDS = 6000, 13000
SUBWORDS = {"kana": 1500, "hangul": 2700, "cyrillic": 6300, "latin": 9700, "arabic": 2000, "other": 500}
SCRIPT_PATTERN = {
    "kana": re.compile(r"[぀-ヿ]"),
    "hangul": re.compile(r"[가-힣]"),
    "cyrillic": re.compile(r"[Ѐ-ӿ]"),
    "arabic": re.compile(r"[؀-ۿ]"),
    "latin": re.compile(r"[a-zÀ-ɏḀ-ỿ]"),
}


def fold_table() -> dict[str, str]:
    """One character to one character: traditional and Japanese to simplified, Cyrillic and Arabic variants."""
    from opencc import OpenCC

    to_simplified, from_japanese = OpenCC("t2s"), OpenCC("jp2t")
    common = Counter(c for i, r in enumerate(sources.records("text/crud_news.zh")) if i < 8000 for c in r["text"])
    table: dict[str, str] = {}
    for code in (*range(0x3400, 0xA000), *range(0xF900, 0xFB00)):
        character = chr(code)
        simplified = to_simplified.convert(character)
        if simplified == character and common[character] < 20:
            simplified = to_simplified.convert(from_japanese.convert(character))
        if len(simplified) == 1 and simplified != character:
            table[character] = simplified
    for characters, target in (("أإآٱ", "ا"), ("ىیې", "ي"), ("ة", "ه"), ("کڪ", "ك"), ("ё", "е"), ("ı", "i")):
        table |= dict.fromkeys(characters, target)
    for zero in (0x0660, 0x06F0, 0x0966):
        table |= {chr(zero + i): str(i) for i in range(10)}
    return table


def precompiled(table: dict[str, str]) -> str:
    """A fold table as the base64 character map of sentencepiece (which compiles it into a trie)."""
    import sentencepiece

    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules.tsv"
        rules.write_text("".join(f"{ord(a):x}\t{ord(b):x}\n" for a, b in sorted(table.items())))
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(["a b c d e f g h"] * 20),
            model_writer=model,
            vocab_size=12,
            model_type="char",
            normalization_rule_tsv=str(rules),
            minloglevel=2,
        )
    from sentencepiece import sentencepiece_model_pb2 as proto

    spec = proto.ModelProto.FromString(model.getvalue()).normalizer_spec
    return base64.b64encode(spec.precompiled_charsmap).decode()


def normalizer(charsmap: str) -> dict[str, Any]:
    """The normaliser as it stands in ``tokenizer.json``."""
    return {
        "type": "Sequence",
        "normalizers": [*normalizer_steps(), {"type": "Precompiled", "precompiled_charsmap": charsmap}],
    }


def assemble(pieces: list[tuple[str, float]], charsmap: str) -> str:
    """``tokenizer.json`` as text, without white space; the first piece must be [UNK]."""
    spec = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": normalizer(charsmap),
        "pre_tokenizer": pre_tokenizer(),
        "post_processor": None,
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": False},
        "model": {
            "type": "Unigram",
            "unk_id": 0,
            "vocab": [[piece, round(score, 3)] for piece, score in pieces],
            "byte_fallback": False,
        },
    }
    return json.dumps(spec, ensure_ascii=False, separators=(",", ":"))


def alphabetic_texts(seed: int = 7) -> Iterator[str]:
    """Text in every language but Chinese, balanced by language (characters per language are capped)."""
    budget = {"en": 3.5e6, "kk": 3e6, "ru": 3e6, "ja": 4e6, "ko": 2e6, "fr": 1.2e6, "de": 1e6, "es": 1e6}
    budget |= {"tr": 1.2e6, "ar": 1e6, "uz": 8e5}
    seen: Counter[str] = Counter()
    pool: list[tuple[str, str]] = []
    for name in sources.QA_TRAIN:
        language = name.split(".")[1]
        contexts = {r["context"][:3000] for r in sources.records(f"qa/{name}")}
        pool += [(language, text) for text in sorted(contexts)]
        pool += [(language, r["question"]) for r in sources.records(f"qa/{name}")]
    for name in ("kaznerd_news.kk", "nerel_news.ru", "jawikinews.ja", "cia_factbook.en"):
        pool += [(name.split(".")[1], r["text"]) for r in sources.records(f"text/{name}")]
    for name in (*sources.PARALLEL_PAIRS, *sources.PARALLEL_MULTI):
        weight = 3 if name.startswith(("ntrex", "mkqa", "udhr")) else 1
        if name.startswith("tldr"):
            weight = 0
        pool += weight * [item for record in sources.parallel(name) for item in record.items()]
    for record in sources.names():
        pool += 2 * list(record.items())
    for language in sources.WIKTIONARY:
        for row in sources.rows(f"wiktionary.en-{language}"):
            pool += [("en", row[0]), (language, row[1])]
    random.Random(seed).shuffle(pool)
    # small languages first, so that the caps bind only on what is plentiful
    for language, text in pool:
        if language in ("zh", "zht") or seen[language] > budget.get(language, 4e5):
            continue
        seen[language] += len(text)
        yield text


def script_pieces(texts: Iterable[str], charsmap: str) -> list[tuple[str, float]]:
    """Sub-words of every alphabetic script, each script a Unigram model of its own."""
    from tokenizers import Tokenizer, models, trainers

    shell = Tokenizer.from_str(assemble([("[UNK]", 0.0)], charsmap))
    words: dict[str, Counter[str]] = {script: Counter() for script in SUBWORDS}
    for text in texts:
        for word, _ in shell.pre_tokenizer.pre_tokenize_str(shell.normalizer.normalize_str(text)):
            if len(word) > 24:
                continue
            for script, pattern in SCRIPT_PATTERN.items():
                if pattern.search(word):
                    words[script][word] += 1
                    break
            else:
                if word.startswith("▁") and len(word) > 1:
                    words["other"][word] += 1
    pieces: list[tuple[str, float]] = []
    for script, counts in words.items():
        tokenizer = Tokenizer(models.Unigram())
        trainer = trainers.UnigramTrainer(
            vocab_size=SUBWORDS[script], unk_token="[UNK]", special_tokens=["[UNK]"], show_progress=False,
            max_piece_length=16,
        )  # fmt: skip
        kept = [(w, n) for w, n in counts.items() if n > 1]
        tokenizer.train_from_iterator((w for w, n in kept for _ in range(math.ceil(n**0.75))), trainer=trainer)
        vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
        pieces += [(piece, score) for piece, score in vocabulary if piece != "[UNK]"]
        logging.info("%s: %d words seen, %d pieces", script, len(counts), len(vocabulary))
    return pieces


def han_pieces(table: dict[str, str], articles: int) -> list[tuple[str, float]]:
    """Frequent Han words (2-4 characters) and single characters with their log probabilities."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    fold = str.maketrans(table)
    han = re.compile(r"[㐀-鿿々〇]+")
    words: Counter[str] = Counter()
    characters: Counter[str] = Counter()

    def count(text: str, weight: int = 1) -> None:
        for run in han.findall(text.translate(fold)):
            for word in jieba.cut(run, HMM=False):
                words[word] += weight
            for character in run:
                characters[character] += weight

    for i, record in enumerate(sources.records("text/crud_news.zh")):
        if i % (63185 // articles) == 0:
            count(record["text"])
    for name in ("cmrc2018.zh.train", "cmrc2018.zh.trial"):
        for text in {r["context"] for r in sources.records(f"qa/{name}")}:
            count(text, 2)
    for name in ("ntrex128.multi", "mkqa_test_questions.multi", "stsb_train.multi", "3am_captions.zh-en"):
        for pair in sources.parallel(name):
            count(pair.get("zh", ""), 2)
    for name in ("tatoeba_manythings.en-zh",):
        for pair in sources.parallel(name):
            count(pair["zh"])
    # Japanese: runs of exactly two to three Han characters are words often enough
    japanese = sorted({r["context"] for r in sources.records("qa/jaquad.ja.train")})
    for text in japanese:
        for run in han.findall(text.translate(fold)):
            for character in run:
                characters[character] += 1
            if 2 <= len(run) <= 3:
                words[run] += 1
    for record in sources.names():
        for key in ("zh", "zht"):
            name = record.get(key, "").translate(fold)
            if 2 <= len(name) <= 4 and han.fullmatch(name):
                words[name] += 12
            for character in name:
                if han.match(character):
                    characters[character] += 2
    for row in sources.rows("cc-cedict.zh-en"):
        if len(row[1]) == 1 and han.match(row[1]):
            characters[row[1].translate(fold)] += 1
    total = sum(words.values())
    long = Counter({w: n for w, n in words.items() if 2 <= len(w) <= 4})
    pieces = [(w, math.log(n / total)) for w, n in long.most_common(HAN_WORDS)]
    # a character standing alone costs what the word cut gave it, never less than a rare word
    pieces += [(c, math.log(max(words[c], 0.5) / total)) for c, _ in characters.most_common(HAN_CHARACTERS)]
    logging.info("han: %d words seen, %d characters seen, rarest word kept: %d", len(long), len(characters),
                 long.most_common(HAN_WORDS)[-1][1])  # fmt: skip
    return pieces


def build(out: Path, articles: int = 9000) -> None:
    """Write ``tokenizer.json`` into ``out``."""
    from tokenizers import Tokenizer

    table = fold_table()
    charsmap = precompiled(table)
    logging.info("fold table: %d characters, map %d bytes", len(table), len(charsmap))
    pieces: dict[str, float] = {"[UNK]": 0.0}
    for piece, score in (*han_pieces(table, articles), *script_pieces(alphabetic_texts(), charsmap)):
        pieces[piece] = max(score, pieces.get(piece, -1e9))
    for symbol in "0123456789%$€£¥":
        pieces.setdefault(symbol, -8.0)
    lowest = min(pieces.values())
    pieces["[UNK]"] = lowest
    content = assemble(list(pieces.items()), charsmap)
    Tokenizer.from_str(content)
    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_text(content, encoding="utf-8")
    logging.info("%d pieces, %.2f MB", len(pieces), len(content.encode()) / 1e6)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    build(Path(sys.argv[1]))
