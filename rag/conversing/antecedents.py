"""What a pronoun may stand for: a search through the last exchanges, by kind, newest first.

Language-neutral: each grammar turns an exchange into a ``Context``. Gives nothing when no candidate is
plain: a wrong antecedent is worse than an unresolved pronoun.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.conversing.slots import Slot

_LONGEST = 40  # characters of an answer that can stand for a pronoun: a name, not a sentence
_LONGEST_PERSON = 14  # Han characters of a name with its title; a foreign name has its points
_DATE = re.compile(r"\d[年月日]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NOT_A_NAME = re.compile(r"[。！？!?；;：:\n]|[.…]$|[,，、]")


@dataclass(frozen=True, slots=True)
class Context:
    """One exchange as its grammar sees it.

    ``asked`` is what the question asked for: who, where, when, which, number or "" for all else.
    ``topic`` is the phrase the question was about and ``topic_kind`` its kind (person, place,
    organisation, noun or ""); ``owner`` whose property it is (云泽大桥 in 云泽大桥的总投资), if anyone's.
    ``answer`` is the short answer, empty after an abstention.
    """

    question: str
    answer: str
    asked: str
    slots: tuple[Slot, ...]
    topic: str = ""
    topic_kind: str = ""
    owner: str = ""

    def named(self) -> str:
        """Return the short answer when it can be a name, else an empty text."""
        answer = self.answer
        return "" if len(answer) > _LONGEST or _NOT_A_NAME.search(answer) else answer


def person(contexts: Sequence[Context]) -> str:
    """Return the person spoken of last: the one answered, else the one asked about."""
    for context in contexts:
        if context.asked == "who" and _is_person(context.named()):
            return context.named()
        people = _texts(context, "person")
        if len(people) == 1:
            return people[0]
        if context.topic_kind == "person":
            return context.topic
        names = _texts(context, "name")
        if not people and len(names) == 1 and not context.topic_kind:
            return names[0]
        if people:
            return people[0]
    return ""


def thing(contexts: Sequence[Context]) -> str:
    """Return what was spoken of last that is no person: the one answered to *which*, else the topic."""
    for context in contexts:
        if context.asked == "which" and context.named():
            return context.named()
        if context.owner:
            return context.owner
        if context.topic and context.topic_kind != "person":
            return context.topic
        for kind in ("organisation", "name", "place"):
            names = _texts(context, kind)
            if len(names) == 1:
                return names[0]
    return ""


def place(contexts: Sequence[Context]) -> str:
    """Return the place spoken of last."""
    for context in contexts:
        if context.asked == "where" and context.named():
            return context.named()
        found = _texts(context, "place")
        if found:
            return found[-1]
    return ""


def time(contexts: Sequence[Context]) -> str:
    """Return the time spoken of last."""
    for context in contexts:
        if context.asked == "when" and context.named():
            return context.named()
        found = [slot for slot in context.slots if slot.kind == "time"]
        if found:
            return context.question[found[0].start : found[-1].end] if _adjacent(found) else found[-1].text
    return ""


def of_kind(contexts: Sequence[Context], kind: str, sort: str = "") -> str:
    """Return the thing of one kind (and sort) spoken of last: in the answer, else in the question."""
    for context in contexts:
        if kind == "person" and context.asked == "who" and _is_person(context.named()):
            return context.named()
        if context.topic_kind == kind and not sort:
            return context.topic
        found = [slot.text for slot in context.slots if slot.kind == kind and sort in ("", slot.sort)]
        if len(set(found)) == 1:
            return found[0]
    return ""


def _is_person(answer: str) -> bool:
    """Tell whether the answer to *who* can be a name: with letters, without a date, no clause of Han characters."""
    if not any(char.isalpha() for char in answer) or _DATE.search(answer):
        return False
    return "·" in answer or len(_HAN.findall(answer)) <= _LONGEST_PERSON


def _texts(context: Context, kind: str) -> list[str]:
    return list(dict.fromkeys(slot.text for slot in context.slots if slot.kind == kind))


def _adjacent(slots: Sequence[Slot]) -> bool:
    return all(right.start - left.end <= 1 for left, right in pairwise(slots))
