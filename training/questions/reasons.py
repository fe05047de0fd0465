"""What fills the form of a why or how question: the words of the clause that the answer explains.

Knows nothing of forms' texts.
"""

from __future__ import annotations

import random
import re

from training.questions.records import Candidate
from training.questions.shape import (
    leading_phrase,
    shape_of,
    text_of,
    trimmed,
    words_in,
)
from training.questions.slots import form_words


def clause_slots(
    sentence: str, candidate: Candidate, target: int, rng: random.Random, topic: str
) -> dict[str, str] | None:
    """Slots for an answer that is a clause: the question is made of ``candidate.about``."""
    assert candidate.about is not None
    start, end = candidate.about
    text = sentence[start:end]
    if candidate.role == "cause":
        words = trimmed(words_in(sentence, start, end))
        o = form_words(words, 20, rng)
        reply = sentence[candidate.start : candidate.end]
        return (
            {"role": "cause", "o": o, "u": candidate.unit}
            if len(o) >= 5 and not re.match(r"[这那其他她该此]", reply)
            else None
        )
    first = re.split(r"[，；]", text)[0]
    if len(first) >= 8:
        end = start + len(first)
    clause = list(trimmed(words_in(sentence, start, end)))
    size = leading_phrase(clause)
    subject, rest = clause[:size], clause[size:]
    if not subject:
        found = shape_of(sentence, Candidate(candidate.start, candidate.end, "what", "any"), topic)
        subject = list(found.subject) if found and 2 <= len(text_of(found.subject)) <= 16 else []
        reply = sentence[candidate.start : candidate.end]
        while subject and (subject[-1].flag == "p" or subject[-1].word in ("以", "通过", "是")):
            subject.pop()
        if subject and text_of(subject) in reply:
            subject = []
    if re.match(r"(?:这|那|此|其|我|你|他|她)", text) or re.match(r"(?:这|那|此|其)", sentence[candidate.start :]):
        return None
    s = form_words(trimmed(subject), 14, rng)
    p = form_words(trimmed(rest), max(8, target + 4 - len(s)), rng)
    if len(p) < 3 or (not s and not topic) or re.search(r"[下时后前中上]$|期间$|之际$", p):
        return None
    opens = rest[0].flag in ("v", "d", "p", "vd", "a", "ad", "zg", "r", "vi") if rest else False
    if not opens:
        return None
    return {"role": candidate.role, "s": s or topic, "p": p}
