"""Foreign names in Chinese transcription: how one may be spelt, and where one stands in a Chinese text.

Which characters write which letters is a table learned from pairs of names (``sounds.tsv.gz``). A name's sound is
its spelling in rough Latin letters. Knows letters and characters, no words.
"""

from __future__ import annotations

import heapq
import math
from functools import lru_cache

from rag.glossary.romanising import romanised
from rag.glossary.table import table

_LONGEST = 5  # letters that one character may write
_BEAM = 24
_SKIPPED = 0.02  # what a letter without a character costs, as a probability
_TAIL = 4  # letters at the end that may be an ending of the question's language
CLEAR = 0.1  # mean probability per character from which a match is taken for the name


def spellings(name: str, most: int = 8) -> list[tuple[str, float]]:
    """Return the likeliest transcriptions of ``name`` with their mean probability per character, best first."""
    letters = romanised(name)
    if not 3 <= len(letters) <= 24:
        return []
    ends: list[dict[str, float]] = [{} for _ in range(len(letters) + 1)]
    ends[0][""] = 0.0
    for at in range(len(letters)):
        for text, score in heapq.nlargest(_BEAM, ends[at].items(), key=lambda item: item[1]):
            for size in range(1, min(_LONGEST, len(letters) - at) + 1):
                for character, chance in _written(letters[at : at + size]):
                    longer = text + character
                    value = score + math.log(chance) - 0.7 * (3 - min(size, 3))
                    if value > ends[at + size].get(longer, -1e9):
                        ends[at + size][longer] = value
    found = [(text, math.exp(score / len(text))) for text, score in ends[-1].items() if len(text) >= 2]
    return heapq.nlargest(most, found, key=lambda item: item[1])


def transcribed(name: str, text: str) -> tuple[str, float]:
    """Return the run of ``text`` that transcribes ``name`` best, with its mean probability; nothing when none does.

    Args:
        name: the name, maybe with an ending of its language.
        text: Chinese text.
    """
    letters = romanised(name)
    best, clearest = "", 0.0
    if not 3 <= len(letters) <= 24:
        return best, clearest
    first = {c for size in range(1, _LONGEST + 1) for c, _ in _written(letters[:size])}
    for start, character in enumerate(text):
        if character in first:
            size, chance = _match(letters, text[start : start + len(letters)])
            if size >= 2 and chance * (1 + 0.1 * size) > clearest and chance >= CLEAR:
                best, clearest = text[start : start + size], chance * (1 + 0.1 * size)
    return best, min(clearest, 1.0)


def _match(letters: str, text: str) -> tuple[int, float]:
    """How many characters at the beginning of ``text`` write ``letters``, and their mean probability."""
    n = len(letters)
    ahead = {0: 0.0}
    best = (0, 0.0)
    for size, character in enumerate(text, start=1):
        reached: dict[int, float] = {}
        for at, score in ahead.items():
            for skipped in (0, 1):
                for length in range(1, _LONGEST + 1):
                    end = at + skipped + length
                    if end > n:
                        break
                    chance = dict(_written(letters[at + skipped : end])).get(character)
                    if chance:
                        value = score + math.log(chance) + skipped * math.log(_SKIPPED)
                        if value > reached.get(end, -1e9):
                            reached[end] = value
        if not reached:
            break
        ahead = reached
        for end, score in ahead.items():
            left = n - end
            if left <= min(_TAIL, n // 3):
                mean = math.exp((score + left * math.log(0.6)) / size)
                if size >= 2 and mean > best[1]:
                    best = (size, mean)
    return best


@lru_cache(maxsize=20_000)
def _written(letters: str) -> tuple[tuple[str, float], ...]:
    """The characters that write ``letters``, with p(character | letters)."""
    return tuple((value[0], int(value[1:]) / 100) for value in table("sounds").get(letters))
