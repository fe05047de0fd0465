"""A Chinese question from a sentence and a span of it: which form, filled with which words.

Draws forms from :mod:`forms` and their fillings from :mod:`slots`; openings and endings are
:mod:`paraphrase`'s. Knows nothing of articles or of rows.
"""

from __future__ import annotations

import random
import re

from training.questions.forms import (
    FORMS,
)
from training.questions.paraphrase import dressed
from training.questions.reasons import clause_slots
from training.questions.records import Candidate
from training.questions.slots import phrase_slots
from training.questions.tagging import tag

LENGTHS = (10, 11, 12, 14, 15, 16, 18, 20, 24, 28)


"""Deciles of the length of human questions (CMRC 2018 train), in characters."""


SHORTEST, LONGEST = 6, 46
_ALONE = ("person", "region", "body", "work", "place", "object", "name")
_JOINS = ("、", "《")
"""A name that is one of several is no answer by itself."""


_VERBAL = re.compile(r"v")


def ask(sentence: str, candidate: Candidate, rng: random.Random, topic: str = "") -> str | None:
    """A question that the span answers, or None when the clause gives no decent one.

    Never contains the answer.
    """
    answer = sentence[candidate.start : candidate.end]
    if candidate.role in _ALONE and (
        sentence[candidate.start - 1 : candidate.start] in _JOINS
        or sentence[candidate.end : candidate.end + 1] in _JOINS
    ):
        return None
    target = rng.choice(LENGTHS) + rng.randint(0, 3)
    slots = (
        clause_slots(sentence, candidate, target, rng, topic)
        if candidate.about
        else phrase_slots(sentence, candidate, target, rng, topic)
    )
    if slots is None:
        return None
    role = slots.pop("role")
    usable = [
        (form, weight)
        for form, weight in FORMS[role]
        if all(slots.get(name) for name in _required(form, role)) and _fits(form, slots)
    ]
    if not usable:
        return None
    form = rng.choices([form for form, _ in usable], [weight for _, weight in usable])[0]
    question = _tidy(form.format(**{name: slots.get(name, "") for name in "abspouvw"}))
    bare = re.sub(r"[^\w]", "", question)
    if not re.search(r"是|为多少|有多少|达到多少|谁", form) and not _VERBAL.search(
        "".join(token.flag[:1] for token in tag(question))
    ):
        return None
    if "{a}什么" in form and slots.get("a", "").endswith("为"):
        return None
    if not SHORTEST <= len(question) <= LONGEST or _plain(answer) in _plain(question):
        return None
    if len(bare) - len(re.sub(r"[^\w]", "", re.sub(r"{[a-z]}", "", form))) < 3 or _broken(question):
        return None
    return dressed(question, rng)


def _required(form: str, role: str) -> list[str]:
    """Slots that must not be empty: all but the sides, and but the head noun in 「哪些{u}」."""
    names = [name for name in re.findall(r"{([a-z])}", form) if name in "spouvw"]
    return [name for name in names if not (name == "u" and role == "list" and "哪些{u}" in form)]


def _plain(text: str) -> str:
    return re.sub(r"[\s，,《》“”]", "", text)


def _broken(question: str) -> bool:
    return (
        question.count("“") != question.count("”")
        or question.count("《") != question.count("》")
        or bool(
            re.search(
                r"的的|是是|了了|在在|我们|你们|我国的?$|^的|，的|[“”]{2}|第多少|[我你咱]|[他她它]|（|）|\(|\)|^[年月日时]|据了解|记者|(?:称|表示|显示|指出)$|是多少.|(?:跌|涨|超|累)是多少|从多少|叫什么第|不等$|停水|停电|本[市省县报]",
                question,
            )
        )
        or bool(re.search(r"(?:这|该|此|其)(?!中|他|它|次|实|外|后|前)", question))
        or bool(re.match(r"^[和与等、及]|^(?:发布|显示|表示|称)", question))
    )


def _tidy(question: str) -> str:
    question = question.strip(" ，,；;：:、。—-")
    question = re.sub(r"[，；：]+(?=[，；：])", "", question)
    question = re.sub(r"的的", "的", question)
    question = re.sub(r"了的(?=是|原因|目的|时间|地点|有|人)", "的", question)
    return re.sub(r"(?<=[\u4e00-\u9fff])\s+|\s+(?=[\u4e00-\u9fff])", "", question)


def _fits(form: str, slots: dict[str, str]) -> bool:
    """Whether a form suits the slots: forms without ``{a}`` need an empty one, long rests stay simple."""
    if form.startswith(("{b}", "谁{b}", "是谁", "哪些", "{w}{b}", "是{w}")) and (
        (slots.get("a") and "{a}" not in form) or not slots.get("b")
    ):
        return False
    if "{a}" in form and not slots.get("a"):
        return bool(slots.get("b")) and form.startswith("{a}")
    if "的是" in form and form.startswith("{b}") and len(slots.get("b", "")) < 4:
        return False
    if (
        "{b}" not in form
        and slots.get("b")
        and "{a}" in form
        and not form.endswith(("是谁", "名字", "名字是什么", "谁是{a}", "叫什么", "是哪位"))
    ):
        return False
    if slots.get("shut") and re.search(r"{s}(?!{p})", form):
        return False
    if form == "{s}{p}在哪里" and re.search(r"[了，]", slots.get("p", "")):
        return False
    if "{p}的" in form and re.search(r"[，了过]$|，", slots.get("p", "")) and not form.endswith("是什么"):
        return False
    if form == "{a}的名称是什么{b}" and slots.get("b"):
        return False
    if "哪天" in form or "哪一天" in form or "几月几日" in form:
        return "日" in slots.get("t", "")
    if "几{u}" in form and "第几" not in form and slots.get("few") != "1":
        return False
    return not ("多少钱" in form and slots.get("b"))
