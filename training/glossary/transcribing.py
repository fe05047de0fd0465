"""Which Chinese characters transcribe which letters of a foreign name, learned from pairs of names.

A name is cut into as many runs of one to five letters as its transcription has characters; expectation–
maximisation over all such cuts (a joint model as in Li, Zhang & Su 2004, "A Joint Source-Channel Model for
Machine Transliteration", without context). Knows names in rough Latin letters.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from pathlib import Path

from rag.glossary.romanising import romanised
from training.glossary.dictionaries import foreign_names, readings

ROUNDS = 8
LONGEST = 5
TIMES = 4  # how often a character must transcribe something to be one that does
PAIRED = 0.7  # and with the same letters
_TAILS = (
    "共和国",
    "王国",
    "群岛",
    "半岛",
    "海峡",
    "海",
    "岛",
    "省",
    "市",
    "州",
    "城",
    "山",
    "河",
    "湖",
    "语",
    "人",
    "国",
)


def learn_transcription(data: Path) -> list[str]:
    """Return lines ``letters TAB character weight-in-percent …``: p(character, letters) over p(letters)."""
    sounds = readings(data)
    pairs: list[tuple[str, str]] = []
    for name, word in foreign_names(data):
        letters = romanised(name)
        for tail in _TAILS:
            if word.endswith(tail) and len(word) - len(tail) >= 2:
                word = word[: -len(tail)]
                break
        word = word.replace("·", "")
        if re.fullmatch(r"[\u4e00-\u9fff]{2,8}", word) and len(word) <= len(letters) <= 4.2 * len(word):
            first = letters[0]
            start = sounds.get(word[0], [""])[0][:1]
            if _alike(first, start):
                pairs.append((letters, word))
    pairs = sorted(set(pairs))
    table: dict[tuple[str, str], float] = {}
    for step in range(ROUNDS):
        counts: Counter[tuple[str, str]] = Counter()
        for letters, word in pairs:
            for pair, share in _cuts(letters, word, table, step == 0):
                counts[pair] += share
        total = sum(counts.values())
        table = {pair: count / total for pair, count in counts.items() if count > 0.02}
    often: Counter[str] = Counter()
    for (_, character), chance in table.items():
        often[character] += chance * total
    by_letters: dict[str, dict[str, float]] = defaultdict(dict)
    for (letters, character), chance in table.items():
        if often[character] >= TIMES and chance * total >= PAIRED:
            by_letters[letters][character] = chance * total
    lines = []
    for letters, row in sorted(by_letters.items()):
        whole = sum(row.values())
        kept = sorted(((c, n) for c, n in row.items() if n / whole >= 0.02), key=lambda p: -p[1])[:8]
        if kept:
            lines.append(f"{letters}\t{' '.join(f'{c}{max(1, min(99, round(100 * n / whole)))}' for c, n in kept)}")
    return lines


def _alike(letter: str, initial: str) -> bool:
    groups = ("bpf", "dt", "gkhqxj", "szcxj", "lr", "mn", "vwfbuo", "aeoiuwyh", "yzjiq", "cskqx", "hx", "th")
    groups += ("ts", "jyz", "gzj", "ky")
    return any(letter in group and initial in group for group in groups) or letter == initial


def _cuts(
    letters: str, word: str, table: dict[tuple[str, str], float], first: bool
) -> list[tuple[tuple[str, str], float]]:
    """Every (run of letters, character) of the cuts of one pair with its expected count."""
    n, m = len(letters), len(word)

    def chance(i: int, k: int, j: int) -> float:
        if first:  # runs of even length to begin with
            return math.exp(-abs((k - i) - n / m))
        return table.get((letters[i:k], word[j]), 1e-7)

    ahead = [[0.0] * (m + 1) for _ in range(n + 1)]
    ahead[0][0] = 1.0
    for j in range(m):
        for i in range(n):
            if ahead[i][j]:
                for k in range(i + 1, min(n, i + LONGEST) + 1):
                    ahead[k][j + 1] += ahead[i][j] * chance(i, k, j)
    if not ahead[n][m]:
        return []
    behind = [[0.0] * (m + 1) for _ in range(n + 1)]
    behind[n][m] = 1.0
    for j in range(m - 1, -1, -1):
        for i in range(n - 1, -1, -1):
            for k in range(i + 1, min(n, i + LONGEST) + 1):
                if behind[k][j + 1]:
                    behind[i][j] += chance(i, k, j) * behind[k][j + 1]
    found = []
    for j in range(m):
        for i in range(n):
            if ahead[i][j]:
                for k in range(i + 1, min(n, i + LONGEST) + 1):
                    share = ahead[i][j] * chance(i, k, j) * behind[k][j + 1] / ahead[n][m]
                    if share > 1e-4:
                        found.append(((letters[i:k], word[j]), share))
    return found
