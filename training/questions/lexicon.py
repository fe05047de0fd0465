"""English → Russian and Kazakh words, learned from sentence pairs by IBM model 1 (Brown et al. 1993).

Small and rough: used only to gloss questions. Knows nothing of Chinese.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]{2,}")
_ROUNDS, _LEAST, _BEST = 3, 0.3, 0.8


def pairs(language: str, root: Path) -> Iterator[tuple[str, str]]:
    """English and foreign sentences for ``ru`` or ``kk`` from the training pairs under ``root``.

    Raises FileNotFoundError when they are absent.
    """
    with gzip.open(root / "parallel" / "ntrex128.multi.jsonl.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            yield row["en"], row[language]
    if language == "kk":
        for name in ("kaznu_economy_gov_kz", "kaznu_primeminister_kz"):
            with gzip.open(root / "parallel" / f"{name}.kk-en.jsonl.gz", "rt", encoding="utf-8") as stream:
                for line in stream:
                    row = json.loads(line)
                    if row.get("score", 1.0) >= _BEST and len(row["b"]) < 160:
                        yield row["b"], row["a"]
    else:
        with gzip.open(root / "parallel" / "mkqa_test_questions.multi.jsonl.gz", "rt", encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                if row.get("ru"):
                    yield row["en"], row["ru"]


def learn(sentences: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The most probable translation of each English word, where it is clear and the word is not rare.

    >>> learn([("red house", "красный дом"), ("red car", "красный авто"), ("house", "дом")])["red"]
    'красный'
    """
    bitext = [(_WORD.findall(a.lower())[:40], _WORD.findall(b.lower())[:40]) for a, b in sentences]
    bitext = [(a, b) for a, b in bitext if a and b]
    table: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(lambda: 1.0))
    seen: dict[str, int] = defaultdict(int)
    for a, _ in bitext:
        for word in set(a):
            seen[word] += 1
    for _ in range(_ROUNDS):
        counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for a, b in bitext:
            rows = [table[word] for word in a]
            for foreign in b:
                scores = [row[foreign] for row in rows]
                total = sum(scores)
                for word, score in zip(a, scores, strict=True):
                    counts[word][foreign] += score / total
        table = defaultdict(lambda: defaultdict(lambda: 1e-6))
        for word, row in counts.items():
            norm = sum(row.values())
            table[word] = defaultdict(
                lambda: 1e-6, {foreign: value / norm for foreign, value in row.items() if value / norm > 1e-3}
            )
    best: dict[str, str] = {}
    for word, row in table.items():
        foreign, value = max(row.items(), key=lambda item: (item[1], item[0]))
        if value >= _LEAST and (seen[word] >= 2 or len(bitext) < 100):
            best[word] = foreign
    return best


def load_lexicon(language: str, root: Path, cache: Path | None = None) -> dict[str, str]:
    """Learned words and the CLDR names of countries and languages; kept in the folder ``cache`` when given."""
    path = cache / f"lexicon.{language}.json" if cache else None
    if path and path.exists():
        stored: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return stored
    lexicon = learn(list(pairs(language, root)))
    with gzip.open(root / "dict" / "cldr_names.multi.jsonl.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            names = json.loads(line)
            if names.get("en") and names.get(language):
                lexicon[names["en"].lower()] = names[language]
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(lexicon, ensure_ascii=False), encoding="utf-8")
    return lexicon
