"""One follow-up at a time: choose the grammar, try the ellipsis, then the pronouns.

Knows no language; the grammars do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import ModuleType

from rag import languages
from rag.conversing import chinese, english, kazakh, russian
from rag.conversing.antecedents import Context
from rag.records import Turn

_LONGEST = 200  # characters; a longer question says what it is about
_TURNS = 3  # exchanges looked back at
_MARK = re.compile(r"\[\d+\]")

_GRAMMARS: dict[str, ModuleType] = {"zh": chinese, "en": english, "ru": russian, "kk": kazakh}


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Return ``question`` so that it can be understood, and searched, without the conversation.

    A question with nothing to resolve comes back unchanged, byte for byte.

    >>> standalone("那去年呢？", [Turn("2023年小麦产量是多少？", "120万吨[1]")])
    '去年小麦产量是多少？'

    Args:
        question: as it was typed.
        history: the finished exchanges of the conversation, oldest first.
    """
    turns = [turn for turn in history if (turn.standalone or turn.question).strip()][-_TURNS:]
    if not turns or not question.strip() or len(question) > _LONGEST:
        return question
    bases = [turn.standalone or turn.question for turn in turns]
    language = _language(question, bases[-1])
    if language not in _GRAMMARS:
        return question
    grammar = _GRAMMARS[language]
    inner = grammar.fragment(question)
    if inner:
        base = bases[-1]
        same = len(base) <= _LONGEST and languages.detect(base) == language
        return (grammar.fill(inner, base) if same else "") or question
    contexts = [_context(base[:_LONGEST], _short(turn.answer)) for base, turn in zip(bases, turns, strict=True)]
    resolved: str = grammar.resolve(question, contexts[::-1])
    return resolved


def _language(question: str, base: str) -> str:
    """A question without letters (2023?) is in the language of the one before."""
    return languages.detect(question if any(char.isalpha() for char in question) else base)


def _context(question: str, answer: str) -> Context:
    grammar = _GRAMMARS.get(languages.detect(question))
    if grammar is None:
        return Context(question, answer, "", ())
    context: Context = grammar.context(question, answer)
    return context


def _short(answer: str) -> str:
    """Return the short answer: the first line of a reply without its citation marks."""
    first = answer.strip().split("\n", 1)[0][: 10 * _LONGEST]
    return _MARK.sub("", first).strip()
