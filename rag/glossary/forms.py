"""From an inflected word to the forms under which the glossary keeps it.

English words are looked up as they stand and with their endings undone; Russian words by their Snowball
stem (Porter 2001); Kazakh words by what is left when its endings, which follow one another in a fixed order
(plural, possessive, case, copula), are taken off from the last to the first. Knows words, no table.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

LANGUAGES = ("en", "ru", "kk")

_IRREGULAR = {
    form: base
    for base, forms in {
        "be": "is are was were been am", "have": "has had", "do": "does did done", "go": "goes went gone",
        "win": "won", "hold": "held", "build": "built", "die": "dying", "lose": "lost", "find": "found", "make": "made",
        "take": "took taken", "give": "gave given", "get": "got gotten", "come": "came", "become": "became",
        "begin": "began begun", "bring": "brought", "buy": "bought", "choose": "chose chosen", "cost": "costs",
        "draw": "drew drawn", "drive": "drove driven", "fall": "fell fallen", "feel": "felt", "fly": "flew flown",
        "grow": "grew grown", "keep": "kept", "know": "knew known", "lead": "led", "leave": "left", "meet": "met",
        "pay": "paid", "rise": "rose risen", "run": "ran", "say": "said", "see": "saw seen", "sell": "sold",
        "send": "sent", "speak": "spoke spoken", "spend": "spent", "stand": "stood", "swim": "swam swum",
        "teach": "taught", "tell": "told", "think": "thought", "throw": "threw thrown", "wear": "wore worn",
        "write": "wrote written", "child": "children", "man": "men", "woman": "women", "person": "people",
        "foot": "feet", "life": "lives", "half": "halves", "leaf": "leaves", "sink": "sank sunk", "ride": "rode ridden",
        "break": "broke broken", "catch": "caught", "eat": "ate eaten", "fight": "fought", "forget": "forgot forgotten",
        "hide": "hid hidden", "hear": "heard", "lay": "laid", "lend": "lent", "light": "lit", "mean": "meant",
        "shake": "shook shaken", "shoot": "shot", "sing": "sang sung", "sleep": "slept", "steal": "stole stolen",
        "strike": "struck", "sweep": "swept", "understand": "understood", "plan": "planning planned",
    }.items()
    for form in forms.split()
}  # fmt: skip

# Kazakh endings, each set a slot of the word, from the last to the first; vowel harmony gives the variants.
_KAZAKH_ENDINGS = tuple(
    re.compile(rf"(?<=..)(?:{pattern})$")
    for pattern in (
        r"мын|мін|сың|сің|сыз|сіз|мыз|міз|дар|дер",
        r"дағы|дегі|тағы|тегі|ндағы|ндегі|ғы|гі|қы|кі",
        r"ның|нің|дың|дің|тың|тің|нан|нен|дан|ден|тан|тен|мен|бен|пен|нда|нде|да|де|та|те|на|не|ға|ге|қа|ке|ны|ні|ды|ді|ты|ті|"
        r"ына|іне|ын|ін|а|е|н",
        r"ымыз|іміз|мыз|міз|ыңыз|іңіз|лары|лері|дары|дері|тары|тері|сы|сі|ым|ім|ың|ің|ы|і|м|ң",
        r"лар|лер|дар|дер|тар|тер",
    )
)
_KAZAKH_VERB = re.compile(
    r"(?<=...)(?:атын|етін|йтын|йтін|ылған|ілген|ынған|інген|ылды|ілді|ынды|інді|ылады|іледі|алады|еді|ады|йды|йді|"
    r"ған|ген|қан|кен|дық|дік|ды|ді|ты|ті|сақ|сек|мақ|мек|бақ|бек|пақ|пек|у|ып|іп|п|а|е|й)$"
)
_VOICING = {"б": "п", "г": "к", "ғ": "қ"}


def forms(word: str, language: str) -> tuple[str, ...]:
    """Return the keys to look ``word`` up by, the surest first.

    >>> forms("bridges", "en"), forms("мосту", "ru")
    (('bridges', 'bridge', 'bridg'), ('мосту', 'мост'))
    >>> "көпір" in forms("көпірінің", "kk")
    True

    Args:
        word: one word, in any case.
        language: of `LANGUAGES`.
    """
    folded = word.lower().replace("ё", "е") if language == "ru" else word.lower()
    if language == "en":
        return tuple(dict.fromkeys((folded, *_english(folded))))
    if language == "ru":
        return tuple(dict.fromkeys((folded, _russian(folded))))
    return tuple(dict.fromkeys((folded, *_kazakh(folded))))


def stem(word: str, language: str) -> str:
    """Return the one form by which learned words are kept: the shortest of the sure ones.

    >>> stem("мостами", "ru"), stem("көпірлердің", "kk")
    ('мост', 'көпір')
    """
    if language == "en":
        return _english_stem(word.lower())
    if language == "ru":
        return _russian(word.lower().replace("ё", "е"))
    found = _kazakh(word.lower())
    return found[-1] if found else word.lower()


def _english(word: str) -> list[str]:
    """What an English word may be an inflected form of."""
    if word in _IRREGULAR:
        return [_IRREGULAR[word]]
    word = re.sub(r"['’]s?$", "", word)
    found = [word]
    if len(word) > 3:
        for ending, others in (
            ("ies", ("y",)), ("ied", ("y",)), ("ves", ("f", "fe")), ("es", ("e", "")), ("s", ("",)), ("ing", ("", "e")),
            ("ed", ("", "e")), ("er", ("", "e")), ("ly", ("",)),
        ):  # fmt: skip
            if word.endswith(ending) and len(word) - len(ending) > 1 and not word.endswith("ss"):
                base = word[: -len(ending)]
                if ending in ("ing", "ed", "er") and len(base) > 3 and base[-1] == base[-2]:
                    found.append(base[:-1])
                found.extend(base + other for other in others)
    return found


@lru_cache(maxsize=1)
def _stemmers() -> dict[str, Any]:
    import snowballstemmer

    return {name: snowballstemmer.stemmer(name) for name in ("english", "russian")}


@lru_cache(maxsize=50_000)
def _russian(word: str) -> str:
    return str(_stemmers()["russian"].stemWord(word))


@lru_cache(maxsize=50_000)
def _english_stem(word: str) -> str:
    return str(_stemmers()["english"].stemWord(word))


@lru_cache(maxsize=50_000)
def _kazakh(word: str) -> tuple[str, ...]:
    """What is left of a Kazakh word with one ending after another taken off, at least three letters."""
    found: list[str] = []
    left = word
    for ending in _KAZAKH_ENDINGS:
        shorter = ending.sub("", left)
        if shorter != left and len(shorter) >= 3:
            left = shorter
            found.append(left)
            if left[-1] in _VOICING:
                found.append(left[:-1] + _VOICING[left[-1]])
    verb = _KAZAKH_VERB.sub("", word)
    if verb != word and len(verb) >= 3:
        found.append(verb)
    return tuple(dict.fromkeys(found))
