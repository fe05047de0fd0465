"""What can be exchanged in a question: typed stretches of text, and the exchange itself.

Language-neutral: each language's grammar finds its slots, this module pairs those of a follow-up with
those of the question before it. Knows nothing of words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

TIME_PARTS = ("year", "half", "month", "day")  # from long to short


@dataclass(frozen=True, slots=True)
class Slot:
    """Characters ``[start, end)`` of a text and the kind of thing they name.

    ``kind``: time, place, person, organisation, edition (第二届), unit (currency…), name (a proper name
    of unknown kind), noun. ``sort`` divides a kind further: country, region or city; year, half, month or
    day; and ``case`` carries the grammatical form where a language has any.
    """

    kind: str
    start: int
    end: int
    text: str
    sort: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace characters ``[start, end)`` by ``text``; an insertion when they are none."""

    start: int
    end: int
    text: str


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Return ``text`` with all edits made; they must not overlap.

    >>> apply("a b", [Edit(2, 3, "c"), Edit(0, 0, "- ")])
    '- a c'
    """
    for edit in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def pair(new: Slot, olds: Sequence[Slot]) -> Slot | None:
    """Return the slot of the earlier question that ``new`` takes the place of, or nothing.

    The same kind and sort, in the same grammatical form when there is a choice, else the same kind; the
    last one, because what a follow-up varies is rarely what the question began with (中国同哈萨克斯坦).
    A name of unknown kind takes the place of a name of unknown kind, or of the only name there is
    beside places.
    """
    same = [old for old in olds if old.kind == new.kind]
    close = [old for old in same if old.sort == new.sort]
    if same:
        exact = [old for old in close if old.case == new.case and new.case]
        pool = exact or close or (same if new.kind != "time" else [])
        return pool[-1] if pool else None
    named = [old for old in olds if old.kind in ("name", "person", "place", "organisation")]
    if new.kind == "name":
        others = [old for old in named if old.kind != "place"]
        return named[0] if len(named) == 1 else others[0] if len(others) == 1 else None
    if new.kind in ("person", "place", "organisation"):
        unknown = [old for old in named if old.kind == "name"]
        swap = {"place": "organisation", "organisation": "place"}.get(new.kind)
        others = [old for old in named if old.kind == swap]
        pool = unknown or others
        return pool[-1] if pool else None
    return None


def overlap(slot: Slot, others: Sequence[Slot]) -> bool:
    """Tell whether ``slot`` shares a character with any of ``others``."""
    return any(slot.start < other.end and other.start < slot.end for other in others)


def shifted(slot: Slot, by: int) -> Slot:
    """Return ``slot`` moved by ``by`` characters."""
    return replace(slot, start=slot.start + by, end=slot.end + by)
