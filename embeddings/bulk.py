"""The token ids of many texts at once: what the built-in ``tokenizer.json`` gives, found in numpy.

Characters are classified by a table of code points made from the tokenizer's own normaliser; runs of Han characters
go through the Unigram search for all runs together, position by position; other runs (words) are tokenised once and
remembered. A text with a character outside that table, or one whose neighbours matter to the normaliser, goes
through the tokenizer itself. So the ids are always the tokenizer's, which a property test holds. Knows no vectors.
"""

from __future__ import annotations

import itertools
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from embeddings.han import HanPieces, is_han, single_ids

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

HAN = r"[\p{Han}々〇]"
KANA = r"[\p{Hiragana}\p{Katakana}ー]"
SYMBOLS = "%$€£¥"
ALPHABETS = ("Latin", "Cyrillic", "Arabic")
# the dot of İ, Arabic vowel signs, and the apostrophe of Uzbek oʻ and gʻ however it is typed
DROPPED = "[\u0307\u0640\u064b-\u0652\u0670]|(?<=[og])[\u02bb\u02bc\u2018\u2019\u0060'](?=[a-z]{2})(?!ll|re|ve)"
# Kazakh is often typed with the Latin i among Cyrillic letters
MIXED = r"(?<![a-z])i(?=\p{Cyrillic})|(?<=\p{Cyrillic})i(?![a-z])"

_SLOW, _APART, _HAN, _ONE, _WORD = 0, 1, 2, 3, 4  # classes; scripts of words count on from _WORD
_SCRIPTS = ("kana", "hangul", "latin", "cyrillic")
# code points that may be classified: nothing that joins with what stands before it
_PLAIN = (
    (0x20, 0x7E), (0xA1, 0x17F), (0x400, 0x481), (0x48A, 0x52F), (0x2000, 0x200A), (0x2010, 0x2027), (0x2030, 0x205E),
    (0x20AC, 0x20AC), (0x2100, 0x23FF), (0x2460, 0x27BF), (0x3000, 0x3007), (0x3008, 0x3020), (0x3030, 0x3037),
    (0x303C, 0x303F), (0x3041, 0x3096), (0x309B, 0x309F), (0x30A0, 0x30FF), (0x3200, 0x33FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FEF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6),
)  # fmt: skip
_LONGEST_RUN = 64  # characters; texts with longer runs go through the tokenizer
_REMEMBERED = 200_000  # words


def normalizer_steps() -> list[dict[str, Any]]:
    """The steps of the normaliser before its character map, as they stand in ``tokenizer.json``."""
    return [
        {"type": "NFKC"},
        {"type": "Lowercase"},
        {"type": "Replace", "pattern": {"Regex": MIXED}, "content": "і"},
        {"type": "Replace", "pattern": {"Regex": DROPPED}, "content": ""},
    ]


def pre_tokenizer() -> dict[str, Any]:
    """The pre-tokeniser as it stands in ``tokenizer.json``: runs of one script; words begin with ▁."""

    def split(pattern: str, behavior: str) -> dict[str, Any]:
        return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": behavior, "invert": False}

    alphabets = "|".join(rf"[\p{{{script}}}\p{{M}}]+" for script in ALPHABETS)
    runs = rf"{HAN}+|{KANA}+|\p{{Hangul}}+|{alphabets}|\p{{N}}|[{SYMBOLS}]"
    return {
        "type": "Sequence",
        "pretokenizers": [
            split(rf"[^\p{{L}}\p{{M}}\p{{N}}{SYMBOLS}]+", "Removed"),
            split(runs, "Isolated"),
            {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": False},
            split(rf"^▁(?={HAN}|{KANA}|\p{{N}}|[{SYMBOLS}])", "Removed"),
        ],
    }


@dataclass(frozen=True)
class Bags:
    """Token ids of ``n`` texts: text ``i`` has ``ids[starts[i]:starts[i + 1]]``; int64 ``[total]`` and ``[n + 1]``."""

    ids: NDArray[np.int64]
    starts: NDArray[np.int64]


class BulkTokenizer:
    """Tokenises as ``tokenizer`` does, many texts at a time. Made by ``bulk_tokenizer``."""

    def __init__(self, tokenizer: Tokenizer, vocabulary: Sequence[tuple[str, float]]) -> None:
        self._tokenizer = tokenizer
        self._classes, self._characters = _code_points(tokenizer)
        self._han = HanPieces(vocabulary)
        self._single = single_ids(vocabulary)
        self._words: dict[str, list[int]] = {}

    def __call__(self, texts: Sequence[str]) -> Bags:
        """The ids of texts, [UNK] (0) among them where the tokenizer gives it."""
        import numpy as np

        if not texts:
            return Bags(np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64))
        lengths = np.array([len(text) + 1 for text in texts], dtype=np.int64)
        starts = np.cumsum(lengths) - lengths
        joined = "\n".join([*texts, ""])
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        places = np.minimum(codes, 0xFFFF + 1)
        classes, characters = self._classes[places], self._characters[places]
        runs = _runs(classes)
        slow = np.maximum.reduceat(_awkward(classes, characters, runs), starts)
        kept = ~np.repeat(slow, lengths)[runs.starts]
        slots = np.full(2 * len(codes), -1, dtype=np.int32)  # a word of n characters has at most n + 1 tokens
        first, kinds, sizes = runs.starts[kept], runs.kinds[kept], runs.sizes[kept]
        ones = first[kinds == _ONE]
        slots[2 * ones] = self._single[characters[ones]]
        han = kinds == _HAN
        self._han.place(characters, first[han], sizes[han], slots)
        words = kinds >= _WORD
        self._place_words(characters, first[words], sizes[words], slots)
        found = np.flatnonzero(slots >= 0)
        ids = slots[found].astype(np.int64)
        bounds = np.append(np.searchsorted(found, 2 * starts), len(ids))
        return self._with_slow(texts, np.flatnonzero(slow), ids, bounds)

    def _place_words(
        self,
        characters: NDArray[np.uint16],
        starts: NDArray[np.int64],
        sizes: NDArray[np.int64],
        slots: NDArray[np.int32],
    ) -> None:
        import numpy as np

        if not len(starts):
            return
        text = characters.astype("<u2").tobytes().decode("utf-16-le")
        known = self._words
        words = [text[a:b] for a, b in zip(starts.tolist(), (starts + sizes).tolist(), strict=True)]
        if missing := list({word for word in words if word not in known}):
            if len(known) > _REMEMBERED:
                known.clear()
                missing = list(set(words))
            encodings = self._tokenizer.encode_batch_fast(missing, add_special_tokens=False)
            known.update((word, found.ids) for word, found in zip(missing, encodings, strict=True))
        found = [known[word] for word in words]
        counts = np.array([len(ids) for ids in found], dtype=np.int64)
        flat = np.fromiter(itertools.chain.from_iterable(found), dtype=np.int32, count=int(counts.sum()))
        slots[np.arange(len(flat)) + np.repeat(2 * starts - (np.cumsum(counts) - counts), counts)] = flat

    def _with_slow(
        self, texts: Sequence[str], slow: NDArray[np.int64], ids: NDArray[np.int64], bounds: NDArray[np.int64]
    ) -> Bags:
        """The bags, with those of the texts ``slow`` (empty so far) put in from the tokenizer."""
        import numpy as np

        if not len(slow):
            return Bags(ids, bounds)
        encodings = self._tokenizer.encode_batch_fast([texts[i] for i in slow], add_special_tokens=False)
        parts: list[NDArray[np.int64]] = []
        before = 0
        counts = np.diff(bounds)
        for i, encoding in zip(slow.tolist(), encodings, strict=True):
            parts += [ids[before : bounds[i]], np.array(encoding.ids, dtype=np.int64)]
            before = int(bounds[i])
            counts[i] = len(encoding.ids)
        return Bags(np.concatenate([*parts, ids[before:]]), np.concatenate([[0], np.cumsum(counts)]))


def bulk_tokenizer(tokenizer: Tokenizer) -> BulkTokenizer | None:
    """A bulk tokenizer for ``tokenizer``; None when it is not of the built-in form."""
    spec = json.loads(tokenizer.to_str())
    if spec["model"].get("type") != "Unigram" or spec["model"].get("unk_id") != 0 or spec["added_tokens"]:
        return None
    steps = (spec["normalizer"] or {}).get("normalizers", [])
    if steps[:-1] != normalizer_steps() or steps[-1]["type"] != "Precompiled":
        return None
    if spec["pre_tokenizer"] != pre_tokenizer() or spec["model"].get("byte_fallback"):
        return None
    vocabulary = [(str(piece), float(score)) for piece, score in spec["model"]["vocab"]]
    return BulkTokenizer(tokenizer, vocabulary)


@dataclass(frozen=True)
class _Runs:
    """Stretches of one class that are tokenised together: starts, sizes int64 ``[n]``; kinds uint8 ``[n]``."""

    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    kinds: NDArray[np.uint8]


def _runs(classes: NDArray[np.uint8]) -> _Runs:
    """Runs of equal class, digits and symbols one by one; what separates is left out."""
    import numpy as np

    new = np.ones(len(classes), dtype=bool)
    new[1:] = (classes[1:] != classes[:-1]) | (classes[1:] == _ONE)
    starts = np.flatnonzero(new)
    sizes = np.diff(np.append(starts, len(classes)))
    kept = classes[starts] > _APART
    return _Runs(starts[kept], sizes[kept], classes[starts[kept]])


def _awkward(classes: NDArray[np.uint8], characters: NDArray[np.uint16], runs: _Runs) -> NDArray[np.bool_]:
    """Where a text must go through the tokenizer itself: characters outside the table, an apostrophe that may be
    dropped, a Latin i beside a Cyrillic letter, a very long run.
    """
    import numpy as np

    marks: NDArray[np.bool_] = classes == _SLOW
    quotes = np.concatenate([np.flatnonzero(characters == code) for code in _QUOTES])
    if len(quotes):
        before, after = characters[quotes - 1], characters[np.minimum(quotes + 1, len(characters) - 1)]
        marks[quotes[np.isin(before, (ord("o"), ord("g"))) & (after >= ord("a")) & (after <= ord("z"))]] = True
    cyrillic = classes == _WORD + _SCRIPTS.index("cyrillic")
    if cyrillic.any():
        dotted = characters == ord("i")
        marks[:-1] |= (dotted[:-1] & cyrillic[1:]) | (dotted[1:] & cyrillic[:-1])
    marks[runs.starts[(runs.kinds != _ONE) & (runs.sizes > _LONGEST_RUN)]] = True
    return marks


_QUOTES = [ord(c) for c in "\u2018\u2019\u0060'"]  # the others that may be dropped are not in the table


def _code_points(tokenizer: Tokenizer) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Class uint8 and normalised character uint16 of every code point up to U+FFFF; one more for all beyond."""
    import numpy as np

    classes = np.full(0x10001, _SLOW, dtype=np.uint8)
    characters = np.zeros(0x10001, dtype=np.uint16)
    plain = [chr(code) for first, last in _PLAIN for code in range(first, last + 1) if code != 0x131]
    normal = tokenizer.normalizer.normalize_str("\n".join(plain)).split("\n")
    for character, result in zip(plain, normal, strict=True):
        kinds = {_class_of(c) for c in result}
        code = ord(character)
        if len(result) == 1 and ord(result) < 0x10000:
            classes[code], characters[code] = kinds.pop(), ord(result)
        elif kinds <= {_APART}:
            classes[code] = _APART
    for code in (9, 10, 13):
        classes[code] = _APART
    return classes, characters


def _class_of(character: str) -> int:
    """The class of a normalised character."""
    code, category = ord(character), unicodedata.category(character)
    if is_han(character):
        return _HAN
    if category == "Nl":  # letters of an alphabet and numbers at once
        return _SLOW
    if category[0] == "N" or character in SYMBOLS:
        return _ONE
    if category[0] not in "LM":
        return _APART
    script = ""
    if 0x3041 <= code <= 0x3096 or code in (0x309D, 0x309E) or 0x30A1 <= code <= 0x30FA or 0x30FC <= code <= 0x30FE:
        script = "kana"
    elif 0xAC00 <= code <= 0xD7A3:
        script = "hangul"
    elif "a" <= character <= "z" or 0xDF <= code <= 0x17F:
        script = "latin"
    elif 0x430 <= code <= 0x481 or 0x48A <= code <= 0x52F:
        script = "cyrillic"
    return _WORD + _SCRIPTS.index(script) if script and category[0] == "L" else _SLOW
