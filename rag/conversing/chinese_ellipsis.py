"""Elliptical follow-ups in Chinese: 那去年呢？, 乌兹别克斯坦的人口呢？, 出口额呢？

The parts of the follow-up take the places of their like in the question before; when one of them has no
plain place, nothing is done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.conversing.chinese_words import ASKS, EXPECTED, MEASURE, noun_slots, slots, words
from rag.conversing.slots import TIME_PARTS, Edit, Slot, apply, overlap, pair

_LEAD = re.compile(r"^(?:(?:那么|那|而|再|还有|至于|换成|如果是|要是|若是|请问|另外|然后|说到)[，,、 ]*)+")
_TAIL = re.compile(r"(?:又?(?:怎么样|怎样|如何|是?多少|有多少)|的?情况)?呢?[ ？?。！!～~…]*$")
_ASKED_OBJECT = re.compile(
    "(?P<be>是|为|叫|在|位于|设在|有|达到?|)(?P<ask>多少|谁|哪位|什么时候|何时|哪里|哪儿|哪个|什么|哪一年|"
    "几)(?P<after>[^，。？?]*)"
)


def fragment(question: str) -> str:
    """Return the inside of an elliptical follow-up, empty when ``question`` is a whole question.

    >>> fragment("那么去年呢？"), fragment("去年的产量是多少？")
    ('去年', '')
    """
    body = question.strip()
    lead, tail = _LEAD.match(body), _TAIL.search(body)
    inner = body[lead.end() if lead else 0 : tail.start() if tail else len(body)].strip("，, ")
    if not inner or len(inner) > 30 or ASKS.search(inner):
        return ""
    inner = re.sub("的?那(?:一次|一年|[次届年个场位座家])$", "", inner) or inner
    bare = re.sub("[ ？?。！!～~…]", "", tail.group()) if tail else ""
    if bare in ("", "呢") and (lead or bare):
        return inner
    pieces = slots(inner)
    covered = bool(pieces) and not _rest(inner, pieces).strip("的在")
    return inner if covered else ""


def _rest(text: str, taken: Sequence[Slot]) -> str:
    return "".join(char for i, char in enumerate(text) if not any(slot.start <= i < slot.end for slot in taken))


def fill(inner: str, base: str) -> str:
    """Return ``base`` with what ``inner`` names in place of its like; empty when that is not plain.

    >>> fill("去年", "2023年小麦产量是多少？"), fill("哈萨克斯坦", "他是谁？")
    ('去年小麦产量是多少？', '')
    """
    inner = re.sub("(?:来?计算?|为单位)$", "", inner)
    new = _outer(slots(inner))
    nouns = [slot for slot in noun_slots(inner, new) if not (new and slot.text in base)]
    said = [slot for slot in noun_slots(inner, new) if slot not in nouns]
    rest = _rest(inner, [*new, *nouns, *said])
    if re.sub("[的在于和与同跟、及对以按用从到， ]", "", rest) or not (new or nouns) or len(nouns) > 1:
        return ""
    old = list(slots(base))
    edits: list[Edit] = []
    used: list[Slot] = []
    for slot in new:
        if any(slot.text == other.text for other in old) and len(new) > 1:
            continue
        free = [other for other in old if not overlap(other, used)]
        edit = _time_edit(slot, free, base) if slot.kind == "time" else _edit(slot, free, inner, base)
        if edit is None:
            return ""
        edits.append(edit)
        used.append(Slot("", edit.start, edit.end, ""))
    for slot in nouns:
        more = _noun_edits(slot, base, [*old, *used])
        if not more:
            return ""
        edits.extend(more)
    return apply(base, edits) if edits else ""


def _outer(found: Sequence[Slot]) -> list[Slot]:
    """Return the slots that lie inside no other."""
    return [s for s in found if not any(o is not s and o.start <= s.start and s.end <= o.end for o in found)]


def _edit(new: Slot, old: Sequence[Slot], inner: str, base: str) -> Edit | None:
    def fitness(slot: Slot) -> tuple[float, int]:
        partner = slot.start > 0 and base[slot.start - 1] in "同与和跟对向给"
        alike = len(set(slot.text) & set(new.text)) / len(set(new.text))
        return 2.0 * partner + alike - (slot.text == "中国"), slot.start

    match = pair(new, sorted(old, key=fitness))
    if match is not None:
        pairwise = re.fullmatch("中[^国]", match.text) and new.kind == "place" and not re.fullmatch("中[^国]", new.text)
        text = f"中国和{new.text}" if pairwise else new.text
        return None if match.text == text else Edit(match.start, match.end, text)
    if (
        new.kind == "place"
        and base[:1] not in "他她它谁"
        and re.fullmatch("(?:在|是)?", inner.replace(new.text, "", 1))
    ):
        start = _after_time(base)
        return Edit(start, start, new.text)
    return None


def _after_time(base: str) -> int:
    position = 0
    for slot in slots(base):
        if slot.kind == "time" and slot.start == position:
            position = slot.end
    return position + (base[position : position + 1] in ("，", ","))


def _time_edit(new: Slot, old: Sequence[Slot], base: str) -> Edit | None:
    """Exchange the year, half, month or day; add the missing part beside the others, or a time in front."""
    times = [slot for slot in old if slot.kind == "time"]
    same = [slot for slot in times if slot.sort == new.sort]
    if same:
        return None if same[-1].text == new.text else Edit(same[-1].start, same[-1].end, new.text)
    if not times:
        return Edit(0, 0, new.text)
    order = {part: index for index, part in enumerate(TIME_PARTS)}
    longer = [slot for slot in times if order[slot.sort] < order[new.sort]]
    if longer:
        finer = [slot for slot in times if order[slot.sort] > order[new.sort] and slot.start >= longer[-1].end]
        end = longer[-1].end
        return Edit(end, end, new.text) if not finer else Edit(finer[0].start, finer[-1].end, new.text)
    if new.text[-1] == times[0].text[-1] or not times[0].text[0].isdigit():
        return Edit(times[0].start, times[-1].end, new.text)
    return Edit(times[0].start, times[0].start, new.text)


def _noun_edits(new: Slot, base: str, taken: Sequence[Slot]) -> list[Edit]:
    """Exchange a common noun for its sibling (进口额 → 出口额), what is asked about (面积 → 人口), or what
    is measured (小麦产量 → 水稻产量).
    """
    asks = _ASKED_OBJECT.search(base)
    measures = bool(MEASURE.search(new.text))
    best, score = None, 0.0
    for old in _parts(noun_slots(base, taken), base):
        value = 2.0 * (new.text[-1] in (old.text[-1], old.text[: len(new.text)][-1])) + (old.text[0] == new.text[0])
        value += 0.5 * (len(old.text) == len(new.text)) + 1.0 * (base[old.start - 1 : old.start] == "的")
        adjacent = asks is not None and asks.start() == old.end
        value += 2.0 * adjacent - 1.0 * (measures != bool(MEASURE.search(old.text)))
        value += 2.0 * (old.sort == "measured" and not measures)
        if value > score and old.text != new.text:
            best, score = old, value
    if best is None or score < 1.5:
        return []
    if best.text[: len(new.text)][-1] == new.text[-1] and len(best.text) > len(new.text) and best.sort == "":
        return [Edit(best.start, best.start + len(new.text), new.text)]
    edits = [Edit(best.start, best.end, new.text)]
    was, now = _expected(best.text), _expected(new.text)
    if was != now and asks is not None and asks.start() == best.end and (asks["be"] or now != "什么"):
        verb = "在" if now == "哪里" and asks["be"] in ("在", "位于", "设在") else "是"
        edits.append(Edit(asks.start(), asks.end(), f"{verb}{now}"))
    elif was != now and "什么" not in (was, now):
        return []
    return edits


def _parts(nouns: Sequence[Slot], base: str) -> list[Slot]:
    """Return the nouns, and what is measured before a measure: 小麦 in 小麦产量 and in 小麦的产量."""
    found: list[Slot] = []
    for slot in nouns:
        inside = [word for word in words(base) if slot.start <= word.start and word.end <= slot.end]
        if len(inside) > 1 and MEASURE.search(inside[-1].text):
            start = inside[-1].start
            found.append(Slot("noun", slot.start, start, base[slot.start : start], "measured"))
            found.append(Slot("noun", start, slot.end, inside[-1].text))
        else:
            after = [other for other in nouns if other.start == slot.end + 1 and base[slot.end] == "的"]
            sort = "measured" if after and MEASURE.search(after[0].text) else ""
            found.append(Slot("noun", slot.start, slot.end, slot.text, sort))
    return found


def _expected(noun: str) -> str:
    """Return the interrogative that asks for ``noun``: 总统 → 谁."""
    return next((word for _, pattern, word in EXPECTED if pattern.search(noun)), "什么")
