"""Make the glossary's data.

Usage: python -m training.glossary --data ../shared/data --out rag/glossary/data
(about three minutes on one core). Writes ``en.tsv.gz``, ``ru.tsv.gz``, ``kk.tsv.gz`` (key, then candidates with
weights and origins, sorted by key), ``readings.tsv.gz`` (syllable, its characters) and ``sounds.tsv.gz`` (letters
of a foreign name, the characters that transcribe them).
"""

from __future__ import annotations

import argparse
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from rag.glossary.forms import stem
from rag.terms import fold
from training.glossary.aligning import align
from training.glossary.corpora import sentence_pairs, words
from training.glossary.dictionaries import Entries, commonness, english, frequencies, names, pictures, readings
from training.glossary.transcribing import learn_transcription

MOST = 5  # candidates of a key
LEAST = 0.05  # weight of a candidate


def main() -> None:
    """Build and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("rag/glossary/data"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    frequency = frequencies()
    dictionary = english(options.data, frequency)
    for language in ("en", "ru", "kk"):
        merged: dict[str, dict[str, tuple[float, str]]] = {}
        if language == "en":
            put(merged, normalised(dictionary, frequency), "d", 1.0)
        else:
            put(merged, normalised(pictures(options.data, language)), "d", 0.45)
        put(merged, normalised(names(options.data, language)), "d", 1.0)
        put(merged, learned(options.data, language, frequency), "l", 1.0)
        if language != "en":
            put(merged, pivoted(options.data, language, dictionary), "l", 0.7)
        size = write(options.out / f"{language}.tsv.gz", table_lines(merged))
        print(language, len(merged), "keys,", size, "bytes", flush=True)
    sounds: dict[str, list[str]] = defaultdict(list)
    for character, syllables in readings(options.data).items():
        if fold(character) == character:
            for syllable in syllables:
                sounds[syllable].append(character)
    used: Counter[str] = Counter()
    for word, count in frequency.items():
        for character in set(word):
            used[character] += count
    lines = [f"{syllable}\t{''.join(sorted(found, key=lambda c: (-used[c], c)))}" for syllable, found in sounds.items()]
    print("readings", write(options.out / "readings.tsv.gz", sorted(lines)), "bytes")
    print("sounds", write(options.out / "sounds.tsv.gz", learn_transcription(options.data)), "bytes")


def normalised(entries: Entries, frequency: Mapping[str, int] | None = None) -> Entries:
    """Weights of each key as shares, sharpened: the best candidates of a dictionary are far better than the rest.

    With ``frequency``, keys that only rare Chinese words render weigh less.
    """
    shares: Entries = {}
    for key, row in entries.items():
        total = sum(weight**2 for weight in row.values())
        sure = 1.0 if frequency is None else 0.3 + 0.7 * max(commonness(word, frequency) for word in row)
        shares[key] = {word: sure * weight**2 / total for word, weight in row.items()}
    return shares


def learned(data: Path, language: str, frequency: Mapping[str, int]) -> Entries:
    """Chinese words that sentence pairs align with each stem."""
    pairs = [
        ([stem(word, language) for word in words(own, language)], chinese(text))
        for own, text in sentence_pairs(data, language, "zh")
    ]
    return chosen(align(pairs, 0.02))


def chosen(table: Mapping[str, Mapping[str, tuple[float, float, int]]]) -> Entries:
    """What to keep of an alignment: pairs that choose each other, rarer ones only when clear."""
    found: Entries = {}
    for word, row in table.items():
        if len(word) < 2:
            continue
        for other, (forward, backward, times) in row.items():
            mutual = (forward * backward) ** 0.5
            if mutual >= (0.12 if times >= 5 else 0.3 if times >= 2 else 0.6):
                found.setdefault(word, {})[other] = mutual
    return found


def pivoted(data: Path, language: str, dictionary: Entries) -> Entries:
    """Chinese words by way of English ones: aligned foreign–English pairs, then the dictionary."""
    pairs = [
        ([stem(word, language) for word in words(own, language)], [stem(word, "en") for word in words(text, "en")])
        for own, text in sentence_pairs(data, language, "en")
    ]
    stemmed: Entries = defaultdict(lambda: defaultdict(float))
    for key, row in dictionary.items():
        if " " not in key:
            for word, weight in row.items():
                stemmed[stem(key, "en")][word] += weight
    bridge = normalised(stemmed)
    found: Entries = defaultdict(lambda: defaultdict(float))
    for word, row in chosen(align(pairs, 0.02)).items():
        for english_word, weight in row.items():
            for chinese_word, share in bridge.get(english_word, {}).items():
                found[word][chinese_word] += weight * share
    return found


def chinese(text: str) -> list[str]:
    """The words of a Chinese text that are more than function words or marks."""
    import jieba

    return [word for word in jieba.lcut(fold(text)) if "\u3400" <= word[0] <= "\u9fff" and word not in _EMPTY]


_EMPTY = frozenset("的了是在和与及或也都就而着把被对从为以于其之这那一个不有他她它我你们吗呢几谁哪何多") | {
    "什么", "哪里", "哪些", "哪个", "多少", "怎么", "如何", "为什么", "何时", "时候",
}  # fmt: skip


def put(
    merged: dict[str, dict[str, tuple[float, str]]],
    entries: Mapping[str, Mapping[str, float]],
    origin: str,
    share: float,
) -> None:
    """Add candidates; one that several origins name is as sure as both together."""
    for key, row in entries.items():
        kept = merged.setdefault(key, {})
        for word, weight in row.items():
            before, named = kept.get(word, (0.0, ""))
            weight = min(1.0, weight * share)
            kept[word] = (1 - (1 - before) * (1 - weight), named if origin in named else named + origin)


def table_lines(merged: Mapping[str, Mapping[str, tuple[float, str]]]) -> list[str]:
    """``key TAB word origin weight-in-percent …``, sorted."""
    lines = []
    for key, row in merged.items():
        best = sorted(row.items(), key=lambda item: (-item[1][0], item[0]))[:MOST]
        kept = [f"{word}{origin}{min(99, round(100 * weight))}" for word, (weight, origin) in best if weight >= LEAST]
        if kept:
            lines.append(f"{key}\t{' '.join(kept)}")
    return sorted(lines)


def write(path: Path, lines: Iterable[str]) -> int:
    """Write lines compressed, the same bytes every time; return the size."""
    data = gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), 9, mtime=0)
    path.write_bytes(data)
    return len(data)


if __name__ == "__main__":
    main()
