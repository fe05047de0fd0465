"""Russian names in their cases, by the regular paradigms of nouns.

After А. А. Зализняк, "Грамматический словарь русского языка"; exceptions that no rule covers stay as they
are. Knows nothing of questions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.conversing.places import places

CASES = ("nom", "gen", "dat", "acc", "ins", "prep")
# ending of the dictionary form: the letters dropped, then the endings in the order of CASES
_PARADIGMS: Sequence[tuple[str, str, tuple[str, ...]]] = (
    ("ия", "ия", ("ия", "ии", "ии", "ию", "ией", "ии")),
    ("ка", "а", ("а", "и", "е", "у", "ой", "е")),
    ("га", "а", ("а", "и", "е", "у", "ой", "е")),
    ("ша", "а", ("а", "и", "е", "у", "ей", "е")),
    ("а", "а", ("а", "ы", "е", "у", "ой", "е")),
    ("я", "я", ("я", "и", "е", "ю", "ей", "е")),
    ("ань", "ь", ("ь", "я", "ю", "ь", "ем", "е")),
    ("ь", "ь", ("ь", "и", "и", "ь", "ью", "и")),
    ("й", "й", ("й", "я", "ю", "й", "ем", "е")),
    ("", "", ("", "а", "у", "", "ом", "е")),
)
_FEMININE_SOFT = frozenset(("Казань", "Беларусь"))
_FEMININE = ("ая", "ой", "ой", "ую", "ой", "ой")
_MASCULINE = ("ый", "ого", "ому", "ый", "ым", "ом")
_SURNAME = re.compile("(?:[её]в|ов|ин|ын)$")


def decline(phrase: str, case: str) -> str:
    """Return a name given in its dictionary form in another case; a phrase by its first noun's rules.

    Every capitalised Cyrillic word of a name is declined; what is written otherwise stays.

    >>> decline("Казахстан", "gen"), decline("Россия", "prep"), decline("Ташкент", "ins"), decline("托卡耶夫", "gen")
    ('Казахстана', 'России', 'Ташкентом', '托卡耶夫')
    """
    if case == "nom":
        return phrase
    head, *rest = phrase.split(" ")
    if not head[:1].isupper() or any(word[:1].islower() for word in rest):
        return " ".join([_decline_word(head, case), *rest])
    return " ".join(_decline_word(word, case) for word in (head, *rest))


def _decline_word(word: str, case: str) -> str:
    if not re.fullmatch("[А-Яа-яЁё-]+", word) or word.isupper() or re.search("[оиеуыэю]$", word):
        return word
    adjective = re.match("(.+?)(ая|яя|ый|ий|ой)$", word)
    if adjective and len(word) > 5:
        feminine = adjective[2] in ("ая", "яя")
        endings = _FEMININE if feminine else _MASCULINE
        return adjective[1] + endings[CASES.index(case)]
    for ending, dropped, row in _PARADIGMS:
        if word.endswith(ending) and not (ending == "ань" and word in _FEMININE_SOFT):
            form = row[CASES.index(case)]
            if not ending and _SURNAME.search(word):
                form = {"ins": "ым", "acc": "а"}.get(case, form)
            return word[: len(word) - len(dropped)] + form
    return word


@lru_cache(maxsize=1)
def forms() -> dict[str, tuple[str, str, str]]:
    """Return every form of every known place: form to dictionary form, sort and the cases it may be."""
    found: dict[str, tuple[str, str, str]] = {}
    for name, sort in places("ru").items():
        for case in CASES:
            form = decline(name, case)
            cases = found[form][2] + " " if form in found and found[form][0] == name else ""
            found[form] = (name, sort, cases + case)
    return found
