"""Lines and their roles → units: paragraphs and headings with what is known of their edges.

Knows nothing of which article a unit belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

from rag.newspaper.costs import Role
from rag.newspaper.lines import Line
from rag.newspaper.marks import is_byline, is_credit, jump_from, jump_to, may_be_name
from rag.newspaper.spacing import close_up, close_up_heading
from rag.newspaper.topics import letters, pairs
from rag.records import Paragraph

_SIGNED = 3
_SHORT_TITLE = 14.0


@dataclass(slots=True)
class Unit:
    """Consecutive lines that make one paragraph, one heading or one byline.

    ``framed``: white space sets it off as a frame's start. ``opens``: it begins in the middle of a
    sentence; ``breaks_off``: it ends in the middle of one. ``back``/``on``: page numbers of its jump
    marks (0 when the mark has none); None without a mark. ``column``: width of its column in em.
    """

    lines: list[Line]
    heading: bool = False
    byline: bool = False
    framed: bool = False
    opens: bool = False
    breaks_off: bool = False
    back: int | None = None
    on: int | None = None
    column: float = 0.0
    paragraphs: list[Paragraph] = field(default_factory=list)
    _words: set[str] | None = None
    _letters: str | None = None

    @property
    def start(self) -> int:
        """Raw position of the first character."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """Raw position after the last character."""
        return self.lines[-1].end

    @property
    def text(self) -> str:
        """Restored text of the whole unit, jump marks included."""
        if self.heading or self.byline:
            return close_up_heading([line.text for line in self.lines])
        return "".join(paragraph.text for paragraph in self.paragraphs)

    @property
    def length(self) -> int:
        """Characters of restored body text."""
        return sum(len(paragraph.text) for paragraph in self.paragraphs)

    @property
    def words(self) -> set[str]:
        """Character pairs of its text; not to be changed."""
        if self._words is None:
            self._words = pairs(self.text)
        return self._words

    @property
    def letters(self) -> str:
        """Its text without marks and white space."""
        if self._letters is None:
            self._letters = letters(self.text)
        return self._letters


def units(
    raw: str, lines: Sequence[Line], set_off: Sequence[bool], roles: Sequence[Role], columns: Sequence[float]
) -> list[Unit]:
    """The units of ``lines`` in print order, their paragraphs cut out of ``raw``; ``set_off`` as of ``framed``."""
    found: list[Unit] = []
    previous: Role | None = None
    for line, role, column, sets_off in zip(lines, roles, columns, set_off, strict=True):
        byline = role in (Role.HEAD, Role.SINGLE) and is_byline(line.text)
        unit = found[-1] if found else None
        if unit is not None and _joins(unit, previous, line, role, byline, sets_off):
            unit.lines.append(line)
        else:
            opens = role in (Role.MIDDLE, Role.LAST)
            found.append(Unit([line], role is Role.HEAD and not byline, byline, sets_off, opens, column=column))
        found[-1].breaks_off = role in (Role.FIRST, Role.MIDDLE)
        previous = role
    found = _signed(found)
    for unit in found:
        _cut_paragraphs(raw, unit)
    return found


def _signed(found: list[Unit]) -> list[Unit]:
    """The units with bylines told apart that are bare names.

    On a page that signs most articles, ``时未晚`` under a short headline of one line that has no byline yet is one.
    """
    heads = [unit for unit in found if unit.heading]
    signed = sum(unit.heading and after.byline for unit, after in pairwise(found))
    if signed < _SIGNED or 2 * signed < len(heads):
        return found
    told: list[Unit] = []
    for unit, after in zip_longest(found, found[1:]):
        told.append(unit)
        if unit.heading and len(unit.lines) == 2 and not (after and after.byline):
            title, name = unit.lines
            if may_be_name(name.text) and 2 * name.em <= title.em <= _SHORT_TITLE:
                unit.lines = [title]
                told.append(Unit([name], byline=True, column=unit.column))
    return told


def _joins(unit: Unit, previous: Role | None, line: Line, role: Role, byline: bool, sets_off: bool) -> bool:
    if line.after_furniture or byline or unit.byline or (line.text[0] in "（(【[" and jump_from(line.text)):
        return False
    if role is Role.HEAD:
        return unit.heading and not sets_off
    if role not in (Role.MIDDLE, Role.LAST) or previous not in (Role.FIRST, Role.MIDDLE):
        return False
    first, last = unit.lines[0].text, unit.lines[-1].text
    return not (first[0] in "（(" and last[-1] in "）)" and is_credit(first))  # nothing follows a credit


def _cut_paragraphs(raw: str, unit: Unit) -> None:
    if unit.heading or unit.byline:
        return
    start, end = unit.start, unit.end
    tail: Paragraph | None = None
    text = raw[start:end]
    back = jump_from(text)
    if back:
        unit.back = back[1] or 0
        cut = start + back[0]
        unit.paragraphs.append(Paragraph(close_up(raw[start:cut]), start, cut, "note"))
        start = _skip(raw, cut, end)
    on = jump_to(raw[start:end])
    if on:
        unit.on = on[1] or 0
        unit.breaks_off = False
        cut = start + on[0]
        tail = Paragraph(close_up(raw[cut:end]), cut, end, "note")
        end = cut
        while end > start and raw[end - 1].isspace():
            end -= 1
    if end > start:
        text = close_up(raw[start:end])
        unit.paragraphs.append(Paragraph(text, start, end, "note" if is_credit(text) else "body"))
    if tail:
        unit.paragraphs.append(tail)


def _skip(raw: str, position: int, end: int) -> int:
    while position < end and raw[position].isspace():
        position += 1
    return position
