"""The clause around an answer: what stands before and after it, its subject, its shorter forms.

Chinese only, shallow: parts of speech and punctuation, no parser. Knows nothing of question words.
"""

from __future__ import annotations

import itertools
import random
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from training.questions.records import Candidate, Token
from training.questions.tagging import NOUN_FLAGS, SPEECH, tag
from training.questions.wordlists import word_list

STOPS = "，；：。！？,;!?"
_OPEN, _CLOSE = "（(《“「【[", "）)》”」】]"
LEADING = frozenset(word_list("leading"))
_SUBJECT_FLAGS = NOUN_FLAGS - {"f", "s"} | {"uj", "a", "r", "rz"}
_SKIP_SUBJECT = frozenset(word_list("no-subject"))
PRONOUNS = frozenset(word_list("pronouns"))
_ADVERBS = frozenset(word_list("adverbs"))
_DROPPED_PREPOSITIONS = frozenset(word_list("prepositions"))


@dataclass(frozen=True, slots=True)
class Shape:
    """The clause of one answer, the answer taken out.

    ``before`` and ``after`` are its words; ``subject`` and ``rest`` the same words parted after the
    leading noun phrase (``subject`` may have been found in an earlier clause; ``borrowed`` says so).
    """

    before: tuple[Token, ...]
    after: tuple[Token, ...]
    subject: tuple[Token, ...]
    rest: tuple[Token, ...]
    borrowed: bool = False


def text_of(tokens: Sequence[Token]) -> str:
    """The words joined, a space kept between Latin words."""
    joined = "".join(token.word for token in tokens)
    return re.sub(r"\s+", " ", joined)


@lru_cache(maxsize=4000)
def boundaries(sentence: str) -> tuple[int, ...]:
    """Offsets after each clause mark that stands outside quotes and brackets, with 0 and the length."""
    marks, depth = [0], 0
    for at, character in enumerate(sentence):
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth = max(0, depth - 1)
        elif character in STOPS and not depth and not (character in ",;" and sentence[at + 1 : at + 2].isdigit()):
            marks.append(at + 1)
    if marks[-1] != len(sentence):
        marks.append(len(sentence))
    return tuple(marks)


@lru_cache(maxsize=4000)
def _starts(sentence: str) -> tuple[int, ...]:
    return tuple(token.start for token in tag(sentence))


def words_in(sentence: str, start: int, end: int) -> tuple[Token, ...]:
    """The words of ``[start, end)``; a word cut by an edge is cut there too. Bracketed asides are left out."""
    words, depth = [], 0
    tokens = tag(sentence)
    for token in tokens[bisect_right(_starts(sentence), start) - 1 :]:
        left, right = max(token.start, start), min(token.end, end)
        if token.start >= end:
            break
        if left >= right:
            continue
        piece = sentence[left:right]
        if piece in ("（", "(", "[", "【"):
            depth += 1
        if not depth and piece.strip():
            words.append(Token(piece, token.flag, left, right))
        if piece in ("）", ")", "]", "】"):
            depth = max(0, depth - 1)
    return tuple(words)


def trimmed(words: Sequence[Token]) -> tuple[Token, ...]:
    """Words without leading connectives, and without punctuation at both ends."""
    first, last = 0, len(words)
    while first < last and (
        words[first].word in LEADING or words[first].word in STOPS + "、—-" or words[first].flag == "c"
    ):
        first += 1
    while last > first and words[last - 1].word in STOPS + "、—-":
        last -= 1
    return tuple(words[first:last])


def leading_phrase(words: Sequence[Token]) -> int:
    """How many words the leading noun phrase takes (0 when the clause does not begin with one)."""
    size, depth = 0, 0
    for position, token in enumerate(words):
        if token.word in _OPEN:
            depth += 1
        if (
            depth
            or token.flag in _SUBJECT_FLAGS
            or (size and token.flag in ("f", "s", "g", "ng", "zg"))
            or token.word in ("、", "与", "和", "及", "》", "”", "·", "-")
        ):
            size = position + 1
        else:
            break
        if token.word in _CLOSE:
            depth = max(0, depth - 1)
    while size and (words[size - 1].word in ("、", "与", "和", "及", "-") or words[size - 1].flag == "uj"):
        size -= 1
    if (
        size
        and all(token.flag in ("m", "q", "uj", "r", "a") for token in words[:size])
        and text_of(words[:size]) not in PRONOUNS
    ):
        return 0
    return size


def borrowed_subject(sentence: str, end: int, avoid: str) -> tuple[Token, ...]:
    """The leading noun phrase of an earlier clause of the sentence, a stand-in for a missing subject."""
    marks = [mark for mark in boundaries(sentence) if mark <= end]
    for left, right in itertools.pairwise(marks):
        words = trimmed(words_in(sentence, left, right))
        while len(words) > 1 and (
            words[0].flag in ("t", "m", "q") or words[0].word in ("年", "月", "日", "时", "至", "分", "-")
        ):
            words = trimmed(words[1:])
        size = leading_phrase(words)
        text = text_of(words[:size])
        if (
            2 <= len(text) <= 16
            and size < len(words)
            and words[size].flag in ("v", "d", "p", "vd", "zg", "ad")
            and text not in _SKIP_SUBJECT
        ):
            speaks = words[size].word in SPEECH
            if not speaks and text not in PRONOUNS and avoid not in text and text not in avoid:
                return words[:size]
    return ()


def shape_of(sentence: str, candidate: Candidate, topic: str = "") -> Shape | None:
    """The clause that holds the answer, widened when it says too little, with a subject where one is found.

    ``topic`` (the article's main name) stands in when the clause has no subject or only a pronoun.
    Returns None when too little is left to ask with.
    """
    marks = boundaries(sentence)
    left = max(mark for mark in marks if mark <= candidate.start)
    right = min(mark for mark in marks if mark >= candidate.end)
    before = trimmed(words_in(sentence, left, candidate.start))
    after = _stripped(words_in(sentence, candidate.end, right))
    if not before and len(text_of(after)) < 4 and right < len(sentence):
        wider = min(mark for mark in marks if mark > right)
        after, right = trimmed(words_in(sentence, candidate.end, wider)), wider
    elif len(text_of(before)) + len(text_of(after)) < 5 and left > 0:
        left = max(mark for mark in marks if mark < left)
        before = trimmed(words_in(sentence, left, candidate.start))
    if not before and not after:
        return None
    whole = before + after
    answer = sentence[candidate.start : candidate.end]
    subject: tuple[Token, ...] = ()
    borrowed = False
    adjunct = candidate.role in ("date", "year", "place")
    inner = leading_phrase(before)
    if inner:
        subject, rest = before[:inner], before[inner:] + after
        if adjunct and not before[inner:] and not after:
            return None
    elif not before and adjunct:
        inner = leading_phrase(after)
        subject, rest = after[:inner], after[inner:]
    else:
        rest = whole
    if text_of(subject) in _SKIP_SUBJECT and text_of(subject) not in PRONOUNS:
        return None
    pronoun = bool(subject) and (text_of(subject) in PRONOUNS or subject[0].word in PRONOUNS)
    answers_subject = not before and not adjunct
    if (not subject or pronoun) and not answers_subject:
        found = borrowed_subject(sentence, left, answer)
        if not found and topic and topic not in text_of(rest) and topic not in answer and answer not in topic:
            found = (Token(topic, "nz", 0, 0),)
        if found:
            if pronoun:
                if before[: len(subject)] == subject:
                    before = found + before[len(subject) :]
            else:
                before = found + before
            subject, borrowed = found, True
        elif pronoun and text_of(subject) not in ("双方", "两国"):
            return None
    return Shape(before, after, subject, rest, borrowed)


def _stripped(words: Sequence[Token]) -> tuple[Token, ...]:
    last = len(words)
    while last and words[last - 1].word in STOPS + "、—-":
        last -= 1
    return tuple(words[:last])


def shortened(words: Sequence[Token], target: int, rng: random.Random) -> tuple[Token, ...]:
    """Words with modifiers dropped until about ``target`` characters are left, as far as that goes safely.

    Order: adverbs, attributes before 的, numbers with their measure word, prepositional phrases before the
    verb. Names are kept.
    """
    kept = list(words)

    def length() -> int:
        return sum(len(token.word) for token in kept)

    kept = [token for token in kept if not (token.word in _ADVERBS and rng.random() < 0.7)]
    attempts = 0
    while length() > target and attempts < 6:
        attempts += 1
        if not (_drop_attribute(kept, rng) or _drop_prepositional(kept)):
            break
    return tuple(kept)


def _drop_attribute(kept: list[Token], rng: random.Random) -> bool:
    """Remove one run of describing words that ends in 的; names stay."""
    places = [i for i, token in enumerate(kept) if token.flag == "uj" and 0 < i < len(kept) - 1]
    rng.shuffle(places)
    for place in places:
        first = place
        while first > 0 and kept[first - 1].flag in (
            "n",
            "a",
            "b",
            "d",
            "m",
            "q",
            "an",
            "z",
            "l",
            "i",
            "vn",
            "f",
            "ad",
            "ng",
            "zg",
        ):
            first -= 1
        if (
            first
            and kept[first - 1].flag == "v"
            and any(token.flag not in ("a", "b", "d", "z", "m", "q", "ad", "zg") for token in kept[first:place])
        ):
            continue
        if (
            first < place
            and kept[place + 1].flag in NOUN_FLAGS
            and (first == 0 or kept[first - 1].flag in ("v", "p", "ul", "c", "uj"))
        ):
            del kept[first : place + 1]
            return True
    return False


def _drop_prepositional(kept: list[Token]) -> bool:
    """Remove one phrase from a preposition up to the verb after it."""
    for i, token in enumerate(kept):
        if token.flag == "p" and token.word in _DROPPED_PREPOSITIONS:
            j = i + 1
            while j < len(kept) and kept[j].flag in NOUN_FLAGS | {"uj", "a", "r", "x", "c"} and kept[j].flag != "v":
                j += 1
            if j < len(kept) and i + 1 < j and kept[j].flag in ("v", "d", "vd") and j - i <= 8:
                del kept[i:j]
                return True
    return False
