"""HTML from records, safely: every text of a user or a document passes through ``show``.

The characters that would reorder or hide what stands around them (directional overrides, other controls)
are shown as what they are. Knows nothing of Gradio or of the library.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import PurePath

# Everything that moves or hides text without being seen: C0/C1 controls but tab and line feed, the
# directional marks, embeddings, overrides and isolates (UAX #9), and the invisible operators.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
LONGEST_WORD = 400


def show(text: str) -> str:
    """Return ``text`` as HTML text that displays it and does nothing else.

    >>> show("<b>\u202eevil")
    '&lt;b&gt;<span class="unseen">U+202E</span>evil'
    """
    return _UNSEEN.sub(lambda match: f'<span class="unseen">U+{ord(match.group()):04X}</span>', html.escape(text))


def attribute(text: str) -> str:
    """Return ``text`` for use between double quotes in an HTML attribute, exactly as it is but for NUL."""
    return html.escape(text.replace("\x00", " "), quote=True)


def marked(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    """Return ``text`` as HTML with marks around spans, each ``(start, end, class)``, outer ones first.

    A span lies inside the one before it, or after it.

    >>> marked("去年达948亿。", [(0, 8, "quote"), (3, 7, "answer")])
    '<mark class="quote">去年达<mark class="answer">948亿</mark>。</mark>'
    """
    opens: dict[int, str] = {}
    closes: dict[int, str] = {}
    for start, end, name in spans:
        if 0 <= start < end <= len(text):
            opens[start] = opens.get(start, "") + f'<mark class="{name}">'
            closes[end] = closes.get(end, "") + "</mark>"
    cuts = sorted({0, len(text), *opens, *closes})
    parts = []
    for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True):
        parts += [closes.get(a, ""), opens.get(a, ""), show(text[a:b])]
    return "".join(parts)


def restored_position(raw: str, start: int, text: str, position: int) -> int:
    r"""Return where raw character ``position`` stands in ``text``, which was restored from ``raw[start:]``.

    >>> restored_position("去年达到 948\n亿美元。", 0, "去年达到948亿美元。", 9)
    7
    """
    wanted = sum(not char.isspace() for char in raw[start:position])
    for i, char in enumerate(text):
        if not char.isspace():
            if wanted == 0:
                return i
            wanted -= 1
    return len(text)


def file_name(path: str) -> str:
    """Return the last part of a path, which is what people call a file."""
    return PurePath(path).name or path
