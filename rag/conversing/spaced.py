"""What English, Russian and Kazakh follow-ups have in common: words between spaces, names with capitals.

A ``Language`` is a table of patterns and two small functions; everything here works from it. Knows none
of the languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.conversing.slots import TIME_PARTS, Edit, Slot, apply, overlap, pair

WORD = r"[^\W\d_]+(?:['’‘ʻ-][^\W\d_]+)*"
_TITLE = re.compile(r"«[^«»]+»|“[^“”]+”|\"[^\"]+\"|《[^《》]+》|「[^「」]+」")
_CAPITAL = re.compile(rf"(?<![\w'’-])(?=[^\W\d_])(?:{WORD}(?:-\d+)?|[A-ZА-Я]\.)(?![\w])")
_END = re.compile(r"[\s?？!！.。…]*$")


@dataclass(frozen=True, slots=True)
class Language:
    """One language's patterns.

    ``lead`` and ``tail`` are what an elliptical follow-up begins and ends with; ``marker`` says which of
    them makes it one. ``whole`` are words of a whole question: verbs and interrogatives. ``times`` are
    patterns by sort (year, half, month, day); ``time_phrase`` what may stand around a time. ``link``
    joins capitalised words into one name. ``lemma`` gives a place's dictionary form, or nothing.
    ``reform`` gives a new slot's text in the form of the old one, or nothing when it cannot tell.
    ``insert`` puts a time or place into a question that has none.
    """

    code: str
    lead: re.Pattern[str]
    tail: re.Pattern[str]
    whole: re.Pattern[str]
    times: Sequence[tuple[str, str]]
    time_before: str
    time_after: str
    editions: re.Pattern[str]
    prepositions: frozenset[str]
    place_prepositions: frozenset[str]
    filler: re.Pattern[str]
    stop: frozenset[str]
    titles: re.Pattern[str]
    organisations: re.Pattern[str]
    units: re.Pattern[str]
    place_sort: Callable[[str], str]
    known_places: Callable[[str], Sequence[tuple[int, int, str]]]
    reform: Callable[[Slot, Slot, str, str], str]
    insert: Callable[[str, Slot, str], str]
    nouns: Callable[[str, str, Sequence[Slot]], Sequence[Edit]]
    interrogatives: Sequence[tuple[str, str]]
    constant: Mapping[str, float]


def asked(language: Language, question: str) -> str:
    """Return what ``question`` asks for: who, when, where, number, why, how, which, what or ""."""
    for name, pattern in language.interrogatives:
        if re.search(pattern, question, re.IGNORECASE):
            return name
    return ""


def slots(language: Language, text: str) -> tuple[Slot, ...]:
    """Return the typed slots of ``text`` in order."""
    found: list[Slot] = []

    def add(kind: str, start: int, end: int, sort: str = "") -> None:
        slot = Slot(kind, start, end, text[start:end], sort)
        if start < end and not overlap(slot, found):
            found.append(slot)

    for sort, pattern in language.times:
        for match in re.finditer(pattern, text, re.IGNORECASE):
            add("time", match.start(), match.end(), sort)
    for match in language.editions.finditer(text):
        add("edition", match.start(), match.end())
    for match in _TITLE.finditer(text):
        add("name", match.start(), match.end(), "title")
    for start, end, sort in language.known_places(text):
        add("place", start, end, sort)
    for match in language.units.finditer(text):
        add("unit", match.start(), match.end())
    for start, end in _capitalised(text, language):
        add(*_named(text, start, end, language))
    return tuple(sorted(found, key=lambda slot: slot.start))


def _capitalised(text: str, language: Language) -> list[tuple[int, int]]:
    """Return the runs of capitalised words; the first word counts unless it is a common one."""
    runs: list[tuple[int, int]] = []
    for match in _CAPITAL.finditer(text):
        word = match.group()
        if not word[0].isupper() or word.lower() in language.stop:
            continue
        if runs and text[runs[-1][1] : match.start()] == " ":
            runs[-1] = (runs[-1][0], match.end())
        else:
            runs.append((match.start(), match.end()))
    return runs


def _named(text: str, start: int, end: int, language: Language) -> tuple[str, int, int, str]:
    """Return kind, span and sort of a capitalised run, by the words in it and before it."""
    run = text[start:end]
    title = language.titles.match(run)
    if title and title.end() < len(run):
        return "person", start, end, ""
    before = text[:start].split()
    previous = before[-1].strip(",.").lower() if before else ""
    if language.titles.fullmatch(previous):
        return "person", start, end, ""
    if language.organisations.search(run):
        return "organisation", start, end, ""
    if title and title.end() == len(run):
        return "name", start, start, ""
    if previous in language.place_prepositions:
        return "place", start, end, ""
    return "name", start, end, ""


def fragment(language: Language, question: str) -> str:
    """Return the inside of an elliptical follow-up, empty when ``question`` is a whole question."""
    body = question.strip()
    lead = language.lead.match(body)
    inner = body[lead.end() if lead else 0 :]
    tail = language.tail.search(inner)
    marked = bool(lead) or bool(tail and re.search(r"\w", tail.group()))
    inner = inner[: tail.start()] if tail else _END.sub("", inner)
    inner = inner.strip(" ,")
    if not inner or len(inner.split()) > 8 or language.whole.search(inner):
        return ""
    if marked:
        return inner
    found = slots(language, inner)
    certain = all(slot.kind in ("time", "edition", "unit") or slot.sort for slot in found)
    return inner if found and certain and not _left(language, inner, found) else ""


def _left(language: Language, inner: str, found: Sequence[Slot]) -> str:
    """Return what is left of ``inner`` beside its slots and the words that only carry them."""
    kept = "".join(" " if any(slot.start <= i < slot.end for slot in found) else char for i, char in enumerate(inner))
    words = [word for word in re.findall(WORD, kept) if word.lower() not in language.prepositions]
    return language.filler.sub(" ", " ".join(words)).strip()


def fill(language: Language, inner: str, base: str) -> str:
    """Return ``base`` with what ``inner`` names in place of its like; empty when that is not plain."""
    new = slots(language, inner)
    old = list(slots(language, base))
    left = _left(language, inner, new)
    if left and inner.split()[0].lower() in language.place_prepositions:
        return _place_phrase(language, inner, old, base)
    edits: list[Edit] = []
    used: list[Slot] = []
    late: list[Slot] = []
    for slot in new:
        if len(new) > 1 and any(slot.text == other.text for other in old):
            continue
        free = [other for other in old if not overlap(other, used)]
        edit, pending = _edit(language, slot, free, inner, base)
        if edit is not None:
            edits.append(edit)
            used.append(Slot("", edit.start, edit.end, ""))
        elif pending:
            late.append(slot)
        else:
            return ""
    if left:
        more = language.nouns(left, base, [*old, *used])
        if not more:
            return ""
        edits.extend(more)
    result = apply(base, edits)
    for slot in late:
        result = language.insert(result, slot, inner) if result else ""
    if not base[:1].islower():
        result = result[:1].upper() + result[1:]
    return "" if result == base else result


def _place_phrase(language: Language, inner: str, old: Sequence[Slot], base: str) -> str:
    """Return ``base`` with its one place exchanged for a longer phrase under the same preposition."""
    preposition, _, rest = inner.partition(" ")
    found = [slot for slot in old if slot.kind == "place"]
    if len(found) != 1 or base[: found[0].start].split()[-1:] != [preposition.lower()]:
        return ""
    return apply(base, [Edit(found[0].start, found[0].end, rest)])


def _edit(language: Language, new: Slot, old: Sequence[Slot], inner: str, base: str) -> tuple[Edit | None, bool]:
    """Return the exchange for one slot, or whether it should be inserted instead."""
    if new.kind == "time":
        return _time_edit(language, new, old, inner, base)

    def fitness(slot: Slot) -> tuple[float, int]:
        alike = len(set(slot.text) & set(new.text)) / len(set(new.text))
        return alike + language.constant.get(slot.text, 0.0), slot.start

    match = pair(new, sorted(old, key=fitness) if new.kind == "place" else list(old))
    if match is None:
        return None, new.kind == "place"
    text = language.reform(new, match, inner, base)
    return (Edit(match.start, match.end, text), False) if text and text != match.text else (None, False)


def _time_edit(language: Language, new: Slot, old: Sequence[Slot], inner: str, base: str) -> tuple[Edit | None, bool]:
    times = [slot for slot in old if slot.kind == "time"]
    if not times:
        return None, True
    same = [slot for slot in times if slot.sort == new.sort]
    if same:
        target = same[-1]
        if new.text.isdigit() and target.text.isdigit():
            return Edit(target.start, target.end, new.text), False
        if not new.text.isdigit() and not target.text.isdigit():
            text = language.reform(new, target, inner, base)
            if text and text != target.text:
                return Edit(target.start, target.end, text), False
        start, end = widened(language, target, base)
        return Edit(start, end, phrase(language, new, inner)), False
    order = {part: index for index, part in enumerate(TIME_PARTS)}
    start, end = widened(language, times[0], base)[0], widened(language, times[-1], base)[1]
    if min(order[slot.sort] for slot in times) > order[new.sort]:  # a year beside a month
        return None, True
    return Edit(start, end, phrase(language, new, inner)), False


def widened(language: Language, slot: Slot, text: str) -> tuple[int, int]:
    """Return the span of a time with the words that carry it: *in* 2024, в 2024 *году*, 2024 *жылы*."""
    before = re.search(rf"(?:{language.time_before})$", text[: slot.start], re.IGNORECASE)
    after = re.match(rf"(?:{language.time_after})", text[slot.end :], re.IGNORECASE)
    return before.start() if before else slot.start, slot.end + (after.end() if after else 0)


def phrase(language: Language, slot: Slot, text: str) -> str:
    """Return a time with the words that carry it."""
    start, end = widened(language, slot, text)
    return text[start:end].strip()


@lru_cache(maxsize=256)
def table(text: str) -> frozenset[str]:
    """Return the words of ``text`` as a set."""
    return frozenset(text.split())
