"""Chinese names in Latin or Cyrillic letters, as syllables: pinyin and the Palladius system.

A name is parsed into toneless syllables of pinyin, with or without tone marks, hyphens and apostrophes; a
Cyrillic one by the Palladius table, with a Russian or Kazakh ending taken off where it leaves whole syllables.
Knows sounds, not which characters have them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain

from rag.glossary.table import table

_INITIALS = {
    "b": "б", "p": "п", "m": "м", "f": "ф", "d": "д", "t": "т", "n": "н", "l": "л", "g": "г", "k": "к", "h": "х",
    "j": "цз", "q": "ц", "x": "с", "zh": "чж", "ch": "ч", "sh": "ш", "r": "ж", "z": "цз", "c": "ц", "s": "с", "": "",
}  # fmt: skip
_FINALS = {
    "a": "а", "ai": "ай", "an": "ань", "ang": "ан", "ao": "ао", "e": "э", "ei": "эй", "en": "энь", "eng": "эн",
    "er": "эр", "i": "и", "ia": "я", "ian": "янь", "iang": "ян", "iao": "яо", "ie": "е", "in": "инь", "ing": "ин",
    "iong": "юн", "iu": "ю", "o": "о", "ong": "ун", "ou": "оу", "u": "у", "ua": "уа", "uai": "уай", "uan": "уань",
    "uang": "уан", "ui": "уй", "un": "унь", "uo": "о", "ü": "юй", "üan": "юань", "üe": "юэ", "ün": "юнь",
}  # fmt: skip
_WHOLE = {
    "yi": "и", "ya": "я", "yan": "янь", "yang": "ян", "yao": "яо", "ye": "е", "yin": "инь", "ying": "ин", "yong": "юн",
    "you": "ю", "yu": "юй", "yuan": "юань", "yue": "юэ", "yun": "юнь", "wu": "у", "wa": "ва", "wai": "вай",
    "wan": "вань", "wang": "ван", "wei": "вэй", "wen": "вэнь", "weng": "вэн", "wo": "во", "hui": "хуэй", "zi": "цзы",
    "ci": "цы", "si": "сы",
}  # fmt: skip
_ENDINGS_OF = {
    "ru": "а я у ю е ы и ом ем ой ей ою ею ами ями ах ях ский ского ском ской ская ские",
    "kk": (
        "да де та те дан ден тан тен нан нен ға ге қа ке на не ның нің дың дің тың тің ны ні ды ді ты ті "
        "дағы дегі тағы тегі мен бен пен лық лік дық дік тық тік ы і сы сі ында інде ынан інен ына іне ының інің"
    ),
}
_ENDINGS = {language: sorted(endings.split(), key=len) for language, endings in _ENDINGS_OF.items()}
_LONGEST = 7  # letters of a Cyrillic syllable: чжуань has six


def syllables(word: str, language: str) -> tuple[tuple[str, ...], ...]:
    """Return for each syllable of a name what it may be in pinyin; nothing when it is no Chinese name.

    >>> syllables("Xi'an", "en"), syllables("Юньцзэ", "ru")
    ((('xi',), ('an',)), (('yun',), ('ze',)))
    >>> syllables("Бэйюаньда", "kk")[1]
    ('yuan',)

    Args:
        word: one word, as it is written.
        language: whose endings it may have: ``en``, ``ru`` or ``kk``.
    """
    folded = word.lower().replace("’", "'").replace("ʼ", "'")
    if not folded or not folded[0].isalpha():
        return ()
    if "а" <= folded[0] <= "ӿ":
        return _cyrillic(folded, "ru" if language not in ("ru", "kk") else language)
    folded = folded.removesuffix("'s")
    decomposed = unicodedata.normalize("NFD", folded).replace("u\u0308", "v")
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    parts: list[tuple[str, ...]] = []
    for part in re.split(r"['-]", plain):
        found = _parse(part, _latin(), 6)
        if not found:
            return ()
        parts.extend(found)
    return tuple(parts)


def _cyrillic(word: str, language: str) -> tuple[tuple[str, ...], ...]:
    strict, loose = _palladius()
    found = _parse(word, strict, _LONGEST)
    if found and not (language == "ru" and word[-1] in "аеиуюя" and _pieces(word, strict, _LONGEST)[-1] == word[-1]):
        return found
    for ending in _ENDINGS[language]:
        left = word.removesuffix(ending)
        if left != word and len(left) >= 3:
            parsed = [_parse(whole, strict, _LONGEST) for whole in (left, left + "ь", left + "й")]
            fewest = min((len(one) for one in parsed if one), default=0)
            if fewest:  # a soft sign gives way to the ending: both sounds are possible
                ways = [one for one in parsed if len(one) == fewest]
                return tuple(tuple(dict.fromkeys(chain(*options))) for options in zip(*ways, strict=True))
    return found or _parse(word, loose, _LONGEST)


def _parse(word: str, known: Mapping[str, tuple[str, ...]], longest: int) -> tuple[tuple[str, ...], ...]:
    return tuple(known[piece] for piece in _pieces(word, known, longest))


def _pieces(word: str, known: Mapping[str, tuple[str, ...]], longest: int) -> tuple[str, ...]:
    """The fewest known pieces that make up ``word``; the longer ones first among equals; none when it has others.

    A hard sign or hyphen parts syllables and is no part of one.
    """
    best: list[tuple[str, ...] | None] = [None] * (len(word) + 1)
    best[len(word)] = ()
    for start in range(len(word) - 1, -1, -1):
        if word[start] in "ъ-'":
            best[start] = best[start + 1]
            continue
        for size in range(min(longest, len(word) - start), 0, -1):
            rest, piece = best[start + size], word[start : start + size]
            if rest is not None and piece in known:
                held = best[start]
                if held is None or len(rest) + 1 < len(held):
                    best[start] = (piece, *rest)
    return best[0] or ()


@lru_cache(maxsize=1)
def _latin() -> dict[str, tuple[str, ...]]:
    """Every syllable of pinyin, as typed, and what it may be (lü is typed lv or lu)."""
    found: dict[str, tuple[str, ...]] = {}
    for syllable in table("readings").keys:
        if len(syllable) > 1 or syllable in "aeo":
            found[syllable.replace("ü", "v")] = (syllable,)
    for syllable in ("nü", "lü"):
        found[syllable[0] + "u"] = (syllable[0] + "u", syllable)
    return found


@lru_cache(maxsize=1)
def _palladius() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Cyrillic syllable to pinyin: strictly, and with ``нь``/``н`` and ``э``/``е`` taken for one another."""
    rows = list(_pairs(key for key in table("readings").keys))
    strict: dict[str, tuple[str, ...]] = {}
    loose: dict[str, tuple[str, ...]] = {}
    for cyrillic, pinyin in rows:
        strict[cyrillic] = (*strict.get(cyrillic, ()), pinyin)
        for form in {cyrillic, cyrillic.replace("ь", ""), cyrillic.replace("э", "е")}:
            loose[form] = tuple(dict.fromkeys((*loose.get(form, ()), pinyin)))
    return strict, loose


def _pairs(known: Iterable[str]) -> Iterable[tuple[str, str]]:
    for syllable in known:
        if syllable in _WHOLE:
            yield _WHOLE[syllable], syllable
            continue
        initial = syllable[:2] if syllable[:2] in _INITIALS else syllable[:1] if syllable[:1] in _INITIALS else ""
        final = syllable[len(initial) :]
        if initial in ("j", "q", "x") and final.startswith("u"):
            final = "ü" + final[1:]
        if final in _FINALS:
            yield _INITIALS[initial] + _FINALS[final], syllable
