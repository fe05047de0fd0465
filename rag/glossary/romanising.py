"""Cyrillic letters as rough Latin ones, so that a name in either script is spelt by its sounds.

Used for foreign names in Chinese transcription, where only the rough sound counts. Knows letters only.
"""

from __future__ import annotations

import re
import unicodedata

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһії",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "yo",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "h",
            "ts",
            "ch",
            "sh",
            "sh",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
            "a",
            "g",
            "k",
            "ng",
            "o",
            "u",
            "u",
            "h",
            "i",
            "yi",
        ],
        strict=True,
    )
)


def romanised(name: str) -> str:
    """Return a name in lower-case Latin letters without accents.

    >>> romanised("Токаев"), romanised("Айнұр"), romanised("Chișinău")
    ('tokaev', 'aynur', 'chisinau')
    """
    plain = "".join(_CYRILLIC.get(letter, letter) for letter in name.lower())
    bare = unicodedata.normalize("NFKD", plain)
    return re.sub(r"[^a-z]", "", bare)
