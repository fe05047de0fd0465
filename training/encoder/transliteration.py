"""Names in Latin and in Cyrillic letters: pairs that teach sub-words of the two alphabets to meet.

Little parallel text means that most names are never seen twice. Their spelling is regular enough to make
pairs by rule: English capitalised words into Cyrillic (Russian practical transcription), Russian and Kazakh
ones into Latin (BGN/PCGN romanisation), with the endings that names carry in running text. Knows nothing of
training.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable

LATIN = {
    "shch": "щ", "sch": "ш", "tch": "ч", "tsch": "ч", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "th": "т", "ph": "ф",
    "ck": "к", "qu": "кв", "ya": "я", "yu": "ю", "yo": "йо", "ye": "е", "ee": "и", "oo": "у", "ts": "ц", "tz": "ц",
    "ce": "се", "ci": "си", "cy": "си", "x": "кс", "j": "дж", "w": "в", "ll": "лл", "wh": "у", "ou": "у", "ai": "ай",
    "ei": "ей", "oi": "ой", "ay": "ей", "ey": "ей", "oy": "ой", "ia": "ия", "ea": "и",
    **dict(zip("abcdefghiklmnopqrstuvyz", "абкдефгхиклмнопкрстувиз", strict=True)),
}  # fmt: skip
CYRILLIC = {
    "щ": "shch", "ш": "sh", "ч": "ch", "ж": "zh", "х": "kh", "ц": "ts", "ю": "yu", "я": "ya", "й": "y", "ы": "y",
    "э": "e", "ё": "yo", "ъ": "", "ь": "", "ә": "a", "ғ": "g", "қ": "k", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u",
    "һ": "h", "і": "i", **dict(zip("абвгдезиклмнопрстуф", "abvgdeziklmnoprstuf", strict=True)),
}  # fmt: skip
_LATIN_PIECE = re.compile("|".join(sorted(LATIN, key=len, reverse=True)))
_ENDINGS = {"hard": ("", "", "", "а", "у", "ом", "е"), "a": ("а", "а", "ы", "у", "ой", "е")}
_NAME = re.compile(r"(?<=[a-zа-яәғқңөұүһі,] )([A-ZА-ЯӘҒҚҢӨҰҮҺІ][a-zа-яәғқңөұүһі]{2,15})\b")


def to_cyrillic(word: str) -> str:
    """A name in Latin letters as Russian would spell it, roughly.

    >>> to_cyrillic("Boston"), to_cyrillic("Washington"), to_cyrillic("Alex")
    ('бостон', 'вашингтон', 'алекс')
    """
    return _LATIN_PIECE.sub(lambda match: LATIN[match.group()], word.lower())


def to_latin(word: str) -> str:
    """A name in Cyrillic letters romanised.

    >>> to_latin("Хрущёв"), to_latin("Астана")
    ('khrushchyov', 'astana')
    """
    return "".join(CYRILLIC.get(character, character) for character in word.lower())


def names_in(texts: Iterable[str], least: int = 2) -> list[str]:
    """Capitalised words inside sentences, at least ``least`` times each, sorted.

    >>> names_in(["he met Trump, and Trump left. There"])
    ['Trump']
    """
    counts = Counter(name for text in texts for name in _NAME.findall(text))
    return sorted(name for name, times in counts.items() if times >= least)


def spelled(names: Iterable[str], seed: int) -> list[tuple[str, str]]:
    """(name in Latin letters, in Cyrillic letters) of each name, sometimes with a Russian case ending."""
    rng = random.Random(seed)
    pairs: list[tuple[str, str]] = []
    for name in names:
        if name[0] <= "z":
            other = to_cyrillic(name)
            kind = "a" if other.endswith("а") else "hard" if other[-1] not in "аеиоуыэюяйь" else ""
            if kind:
                other = other.removesuffix("а") + rng.choice(_ENDINGS[kind])
            pairs.append((name.lower(), other))
        else:
            pairs.append((to_latin(name), name.lower()))
    return pairs
