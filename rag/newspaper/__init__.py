"""Newspaper text as extracted → the articles and paragraphs the writers wrote.

``restore`` changes white space and nothing else, and every character that is not white space is
accounted for: it stands in a paragraph, a title, a byline or a piece of page furniture. Knows nothing
of files, passages or storage.
"""

from __future__ import annotations

from rag.newspaper.jumps import Chain, Place, by_jumps, joined, links, stitch
from rag.newspaper.restoring import Restored, is_newspaper, restore, restore_page, restore_prose

__all__ = [
    "Chain",
    "Place",
    "Restored",
    "by_jumps",
    "is_newspaper",
    "joined",
    "links",
    "restore",
    "restore_page",
    "restore_prose",
    "stitch",
]
