"""What is asked, and what a right answer looks like: the records of an evaluation set.

A set is questions and the sources they are asked about. A source is a file that exists or a text that is
written out before a library reads it; either way its raw text is known, so that gold evidence is a span of
raw characters and nobody has to guess which passage was meant. How sets are read from files is told in
``eval.formats``; this module knows nothing of formats, systems or scores.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rag.errors import InputError

#: Settings are chosen on the first, figures reported on the second.
HALVES = ("development", "test")

#: What a relevance grade means, in words.
GRADES = {0: "does not answer the question", 1: "answers it in part or with another", 2: "answers it alone"}


@dataclass(frozen=True, slots=True)
class Gold:
    """One paragraph that answers a question.

    ``id`` names it in qrels (``article#paragraph`` in the built-in set). ``source`` is the name of its
    source, and ``[start, end)`` the paragraph in that source's raw text; ``[quote_start, quote_end)``
    are the characters of ``quote`` there. A set without sources has only the quote: offsets are -1.
    """

    id: str
    quote: str
    source: str = ""
    start: int = -1
    end: int = -1
    quote_start: int = -1
    quote_end: int = -1
    grade: int = 2


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """One question with everything needed to judge the reply.

    ``answers`` are the gold short answers, any of which is right; empty where only retrieval is judged.
    ``near_miss`` marks an unanswerable question whose topic is in the documents. Questions of one
    ``dialogue`` are asked in order, each with the earlier ones as history; ``standalone`` is then a
    follow-up as it should be searched.
    """

    id: str
    text: str
    language: str
    answers: tuple[str, ...] = ()
    answerable: bool = True
    kind: str = "fact"
    near_miss: bool = False
    gold: tuple[Gold, ...] = ()
    dialogue: str | None = None
    standalone: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One document of a set: a file that exists (``path``) or a ``text`` to be written as ``name``."""

    name: str
    text: str = ""
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A named set. Without ``sources`` it can only be asked of a library that the user names.

    ``retrieval_only``: nothing is said of right answers, so none are asked for.
    """

    name: str
    questions: tuple[EvalQuestion, ...]
    sources: tuple[Source, ...] = ()
    retrieval_only: bool = False

    @property
    def fingerprint(self) -> str:
        """SHA-256 over questions and source texts, 16 hex digits: equal sets and only they have it equal."""
        digest = hashlib.sha256()
        for question in self.questions:
            digest.update(json.dumps(asdict(question), ensure_ascii=False, sort_keys=True).encode())
        for source in self.sources:
            data = source.path.read_bytes() if source.path else source.text.encode()
            digest.update(source.name.encode() + b"\0" + data)
        return digest.hexdigest()[:16]

    def limited(self, limit: int | None) -> QuestionSet:
        """Return the set with about ``limit`` questions, evenly spread over it, dialogues kept whole.

        The sources stay as they are, so that retrieval is as hard as before.

        Raises:
            InputError: ``limit`` is below 1.
        """
        if limit is None or limit >= len(self.questions):
            return self
        if limit < 1:
            raise InputError(f"--limit {limit}: ask at least one question.")
        groups: dict[str, list[EvalQuestion]] = {}
        for question in self.questions:
            groups.setdefault(question.dialogue or f"\0{question.id}", []).append(question)
        kept = list(groups.values())
        wanted = max(1, round(limit * len(kept) / len(self.questions)))
        step = len(kept) / wanted
        chosen = [kept[int(place * step)] for place in range(wanted)]
        return replace(self, questions=tuple(question for group in chosen for question in group))

    def half(self, name: str) -> QuestionSet:
        """Return the ``development`` or the ``test`` half, parted by what the questions are about, dialogues whole.

        Articles (documents, where gold names no articles) go to the halves in turn, by name, and every question
        with its first one; what has no gold goes in turn by its place. The sources stay as they are.

        Raises:
            InputError: there is no such half.
        """
        if name not in HALVES:
            raise InputError(f"--half {name}: there are {' and '.join(HALVES)}.")
        about: dict[str, str] = {}
        for question in self.questions:
            for gold in question.gold[:1]:
                about.setdefault(question.dialogue or question.id, gold.id.partition("#")[0])
        side = {article: place % 2 for place, article in enumerate(sorted(set(about.values())))}
        kept = []
        places: dict[str, int] = {}
        for question in self.questions:
            group = question.dialogue or question.id
            place = places.setdefault(group, len(places))
            if HALVES[side[about[group]] if group in about else place % 2] == name:
                kept.append(question)
        return replace(self, name=f"{self.name}-{name}", questions=check_unique(kept, f"{self.name}, {name} half"))

    def write_sources(self, folder: Path) -> dict[str, Path]:
        """Write the sources that are not files yet and return the path of every source by name."""
        paths = {}
        for source in self.sources:
            if source.path is not None:
                paths[source.name] = source.path
                continue
            path = folder / source.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source.text.encode("utf-8"))
            paths[source.name] = path
        return paths


def check_unique(questions: Iterable[EvalQuestion], where: str) -> tuple[EvalQuestion, ...]:
    """Return the questions as a tuple.

    Raises:
        InputError: there are none, or two have the same id.
    """
    found: dict[str, EvalQuestion] = {}
    for question in questions:
        if question.id in found:
            raise InputError(f"{where}: two questions have the id {question.id!r}. Give each its own.")
        found[question.id] = question
    if not found:
        raise InputError(f"{where}: no questions in it.")
    return tuple(found.values())
