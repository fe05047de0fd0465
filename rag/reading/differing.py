"""Whether a sentence speaks of another one than the question does: another year, another final, another mission.

What answers "what was the trade volume in 2022?" is not found in a sentence that gives the volume of 2024, however
alike the two are otherwise; a network of this size takes them for the same. Numbers that name a thing are compared
here, not quantities. What was said before the sentence counts as said. Knows question and sentence, no model.
"""

from __future__ import annotations

import re

from rag.reading.folding import fold
from rag.reading.selecting import told_before
from rag.records import Evidence

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "首": 1}
_NUMBER = r"\d+|[零〇一二两三四五六七八九十]{1,4}"
# What is numbered, told from what is counted by where the number stands: the third summit, mission 6, the 200 metres.
_NUMBERED = re.compile(
    rf"第(?P<ordinal>{_NUMBER})(?P<of>[届次期版轮批回站章条季])|(?P<first>首)(?P<all>届)|"
    rf"(?P<mission>{_NUMBER})(?P<number>号)(?!文件|楼|院|公告|令)|"
    r"(?<![\d.])(?P<metres>\d+)(?P<race>米)(?=[自蛙蝶仰混个個接跑栏障短中])|"
    r"(?<![\d.])(?P<month>\d{1,2})(?P<of_year>月)"
)
_HEADING = re.compile(r"[^。！？!?；;，,：:]{2,16}")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?=年)")
_BARE_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d|[.,]\d)")
_RELATIVE = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "昨年": -1, "前年": -2, "明年": 1}
_SAID_YEAR = re.compile("|".join(_RELATIVE))


def speaks_of_another(question: str, piece: Evidence, start: int, end: int) -> bool:
    """Tell whether the sentence names another year, ordinal, number, race or month than the question does.

    The answer itself, characters ``start`` to ``end`` of the sentence, may name any.

    Args:
        question: the standalone question.
        piece: the sentence.
        start: where the claimed answer begins.
        end: where it ends.
    """
    asked = fold(question)
    said = fold(piece.text[:start]) + "\n" + fold(piece.text[end:])
    return _of_another_year(asked, said, fold(piece.text), piece) or _of_another_number(asked, said, piece)


def _of_another_year(asked: str, said: str, sentence: str, piece: Evidence) -> bool:
    wanted = {int(year) for year in _BARE_YEAR.findall(asked)}
    if not wanted:
        return False
    date = piece.passage.date or ""
    named = {int(year) for year in _YEAR.findall(said)}
    told = {int(year) for year in _BARE_YEAR.findall(sentence)}
    relative = _SAID_YEAR.findall(said)
    if relative and not date[:4].isdigit():
        return False
    named |= {int(date[:4]) + _RELATIVE[word] for word in relative}
    # "A tenth less than last year" is about this one.
    told |= {int(year) for year in _BARE_YEAR.findall(date if relative else fold(told_before(piece)))}
    return bool(named) and not wanted & (named | told)


def _of_another_number(asked: str, said: str, piece: Evidence) -> bool:
    before = fold(piece.passage.text[: piece.start])
    told, there = _numbered(fold(piece.passage.title or "") + "\n" + before), _numbered(said)
    # Under a heading of its own a sentence is about what that names, whatever the article names beside it.
    heading = _numbered(next((line for line in reversed(before.split("\n")) if _HEADING.fullmatch(line)), ""))
    return any(
        not wanted & there.get(kind, heading.get(kind, wanted))
        and not (wanted & told.get(kind, set()) and kind not in heading)
        for kind, wanted in _numbered(asked).items()
    )


def _numbered(text: str) -> dict[str, set[int]]:
    """What is numbered in ``text``, and its numbers.

    >>> _numbered("第二届峰会，神舟十八号和神舟19号") == {"届": {2}, "号": {18, 19}}
    True
    """
    found: dict[str, set[int]] = {}
    for match in _NUMBERED.finditer(text):
        number, kind = (group for group in match.groups() if group is not None)
        found.setdefault(kind, set()).add(_value(number))
    return found


def _value(number: str) -> int:
    """The value of digits or of Han numerals up to 99.

    >>> _value("十八"), _value("二十"), _value("6")
    (18, 20, 6)
    """
    if number.isdigit():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[char]) for char in number))
    return 10 * (_DIGITS.get(tens, 1)) + _DIGITS.get(ones, 0)
