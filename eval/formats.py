"""Evaluation sets in other people's formats.

| what | how it is recognised |
| --- | --- |
| SQuAD (CMRC, DRCD, KorQuAD, XQuAD, …) | ``.json`` with ``data`` |
| flat QA, one question a line with its context | ``.jsonl``, ``.jsonl.gz`` with ``context`` |
| BEIR | a folder with ``corpus.jsonl`` and ``queries.jsonl`` |
| RGB (Chen et al. 2023) | JSON lines with ``query``, ``positive``, ``negative`` |
| a user's own | ``.csv`` or ``.jsonl`` with ``question`` and ``answer`` or ``answers`` |
| feedback from the page | ``.jsonl`` with ``question`` and ``verdict`` |

The contexts of one title become one Markdown file, so the encoder sees whole articles, and the raw span of
every answer is known. Nothing is downloaded. The built-in set is in ``eval.builtin``.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.builtin import decoded, load_builtin, read_jsonl
from eval.sets import EvalQuestion, Gold, QuestionSet, Source, check_unique
from rag.errors import InputError

Record = Mapping[str, Any]
_NO = frozenset({"0", "false", "no", "n", "否", "нет", "жоқ"})
_LANGUAGE_IN_NAME = re.compile(r"[._-](zht|zh|en|ru|kk|ja|ko|de|fr|es|ar|fa|pt|id|hi|vi|th|tr|el|ro)(?=[._-]|$)")
_NAMED_LANGUAGES = {"cmrc": "zh", "drcd": "zht", "korquad": "ko", "jaquad": "ja", "kazqad": "kk"}


def load_set(name: str) -> QuestionSet:
    """Load the built-in set (``builtin``) or the one in a file or folder.

    Raises:
        InputError: there is no such file, it is in none of the formats, or a record of it is not as its format has it.
    """
    if name == "builtin":
        return load_builtin()
    path = Path(name)
    try:
        return _load(path, name)
    except KeyError as error:
        raise InputError(f"{path}: a record in it lacks the key {error}.") from error
    except (TypeError, AttributeError, ValueError, OSError, EOFError) as error:
        raise InputError(f"{path}: not as its format should be ({error}).") from error


def _load(path: Path, name: str) -> QuestionSet:
    if path.is_dir() and (path / "corpus.jsonl").exists():
        return load_beir(path)
    if not path.is_file():
        raise InputError(f"{name}: no such set. Give 'builtin', a file, or a BEIR folder with corpus.jsonl.")
    if path.suffix == ".csv":
        return load_own(path)
    records = _records(path)
    if not records:
        raise InputError(f"{path}: empty.")
    first = records[0]
    for keys, load in (
        ({"data"}, load_squad),
        ({"context", "question"}, load_flat),
        ({"query", "positive"}, load_rgb),
        ({"question"}, load_own),
    ):
        if keys <= first.keys():
            return load(path)
    raise InputError(f"{path}: not a format known here; its first record has the keys {', '.join(first)}.")


def load_squad(path: Path) -> QuestionSet:
    """Load a SQuAD-format file, versions 1 and 2."""
    rows: list[Record] = []
    for article in json.loads(decoded(path.read_bytes()))["data"]:
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                answers = qa.get("answers") or []
                rows.append(
                    {
                        "id": str(qa.get("id", len(rows) + 1)),
                        "title": article.get("title", ""),
                        "context": paragraph["context"],
                        "question": qa["question"],
                        "answers": list(dict.fromkeys(answer["text"] for answer in answers)),
                        "start": answers[0].get("answer_start") if answers else None,
                        "answerable": not qa.get("is_impossible", False) and bool(answers),
                    }
                )
    return _from_contexts(path, rows)


def load_flat(path: Path) -> QuestionSet:
    """Load one question a line, each with its context: id, title, context, question, answers, start, answerable."""
    return _from_contexts(path, _records(path))


def load_beir(folder: Path, split: str = "test") -> QuestionSet:
    """Load a BEIR folder: retrieval only, unless queries carry ``answers``."""
    sources, texts = [], {}
    for number, record in enumerate(read_jsonl(folder / "corpus.jsonl")):
        text = "\n\n".join(part for part in (record.get("title", ""), record["text"]) if part)
        source = Source(f"{number // 1000:03}/{number:06}.txt", text)
        sources.append(source)
        texts[str(record["_id"])] = source
    qrels = folder / "qrels" / f"{split}.tsv"
    if not qrels.exists():
        raise InputError(f"{folder}: no qrels/{split}.tsv in it.")
    gold: dict[str, list[Gold]] = {}
    for line in qrels.read_text("utf-8").splitlines():
        fields = line.split("\t")
        if len(fields) < 3 or not fields[-1].lstrip("-").isdigit() or int(fields[-1]) < 1:
            continue
        if fields[-2] not in texts:
            raise InputError(f"{qrels}: judges {fields[-2]!r}, which is not in corpus.jsonl.")
        source = texts[fields[-2]]
        end = len(source.text)
        gold.setdefault(fields[0], []).append(
            Gold(fields[-2], source.text, source.name, 0, end, 0, end, int(fields[-1]))
        )
    questions = [
        EvalQuestion(
            id=str(record["_id"]),
            text=record["text"],
            language=_language(record, folder.name),
            answers=tuple(record.get("answers") or ()),
            gold=tuple(gold[str(record["_id"])]),
        )
        for record in read_jsonl(folder / "queries.jsonl")
        if str(record["_id"]) in gold
    ]
    only = not any(question.answers for question in questions)
    return QuestionSet(folder.name, check_unique(questions, str(folder)), tuple(sources), retrieval_only=only)


def load_rgb(path: Path, *, rejection: bool = False) -> QuestionSet:
    """Load an RGB file; with ``rejection`` only the noise is in the corpus and nothing is answerable."""
    sources: list[Source] = []
    questions: list[EvalQuestion] = []
    for record in _records(path):
        number = len(questions)
        gold = []
        for place, text in enumerate(_flatten(record["positive"])):
            if rejection:
                break
            source = Source(f"{number:04}-positive-{place}.txt", text)
            sources.append(source)
            gold.append(Gold(f"{number}-{place}", text, source.name, 0, len(text), 0, len(text)))
        for place, text in enumerate(_flatten(record.get("negative", []))):
            sources.append(Source(f"{number:04}-negative-{place}.txt", text))
        questions.append(
            EvalQuestion(
                id=str(record.get("id", number)),
                text=record["query"],
                language=_language(record, path.name),
                answers=tuple(_flatten(record["answer"])),
                answerable=not rejection,
                kind="rejection" if rejection else "noise",
                gold=tuple(gold),
            )
        )
    name = f"{path.stem}-rejection" if rejection else path.stem
    return QuestionSet(name, check_unique(questions, str(path)), tuple(sources))


def load_own(path: Path) -> QuestionSet:
    """Load a user's own questions, or the feedback exported from the page, to be asked of a library.

    Columns or keys: ``question``; ``answer`` or ``answers`` (``|`` between alternatives); and, as known,
    ``id``, ``language``, ``kind``, ``answerable``, ``quote`` (the sentence that answers), ``document`` (its
    file name). Feedback has ``question``, ``verdict`` and ``reply``, and a ``correction`` if one was given.
    """
    if path.suffix == ".csv":
        text = decoded(path.read_bytes())
        head = text.split("\n", 1)[0]
        marks = [mark for mark in (",", ";", "\t") if mark in head]  # a spreadsheet in Russian writes semicolons
        records: list[Record] = list(csv.DictReader(io.StringIO(text), delimiter=marks[0] if marks else ","))
        if records and "question" not in records[0]:
            raise InputError(f"{path}: no column 'question'; it has {', '.join(records[0])}.")
    else:
        records = _records(path)
    questions = []
    for number, given in enumerate(records, start=1):
        record = _from_feedback(given) if "verdict" in given else given
        if record is None:
            continue
        if not str(record["question"] or "").strip():
            raise InputError(f"{path}: question {number} is empty.")
        answers = _own_answers(record)
        quote = str(record.get("quote") or "")
        questions.append(
            EvalQuestion(
                id=str(record.get("id") or number),
                text=str(record["question"]),
                language=_language(record, path.name),
                answers=answers,
                answerable=bool(answers or quote) and _yes(record.get("answerable")),
                kind=str(record.get("kind") or "fact"),
                gold=(Gold(f"{number}#0", quote, str(record.get("document") or "")),) if quote else (),
            )
        )
    return QuestionSet(path.stem, check_unique(questions, str(path)))


def _own_answers(record: Record) -> tuple[str, ...]:
    given = record.get("answers") or record.get("answer") or ""
    parts = _flatten(given) if isinstance(given, list) else str(given).split("|")
    return tuple(part.strip() for part in parts if part.strip())


def _from_feedback(record: Record) -> Record | None:
    """Return a verdict on a reply as a question with its answer, None where it does not say what is right.

    ``right`` confirms the answer, its first citation and an abstention; ``wrong_source`` the answer alone;
    a wrong answer counts where the reader gave a ``correction``.
    """
    reply = record.get("reply") or {}
    known = {"question": record["question"], "language": record.get("language") or reply.get("language")}
    if record.get("correction"):
        return {**known, "answer": record["correction"]}
    if record["verdict"] not in ("right", "wrong_source"):
        return None
    if reply.get("abstained"):
        return {**known, "answerable": False} if record["verdict"] == "right" else None
    cited: Record = next(iter(reply.get("citations") or ()), {}) if record["verdict"] == "right" else {}
    answers = [reply["short"]] if reply.get("short") else []
    return {**known, "answers": answers, "quote": cited.get("quote"), "document": cited.get("path")}


@dataclass(slots=True)
class _File:
    """One Markdown file in the making: its text, and each context's number and offset in it."""

    name: str
    text: str
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def place(self, context: str) -> tuple[int, int]:
        """Return the context's number and offset, adding it when it is new."""
        if context not in self.places:
            self.places[context] = (len(self.places), len(self.text))
            self.text += context + "\n\n"
        return self.places[context]


def _from_contexts(path: Path, rows: Iterable[Record]) -> QuestionSet:
    """Lay the contexts of each title out as one Markdown file and the answers as spans of it."""
    files: dict[str, _File] = {}
    questions: list[EvalQuestion] = []
    for row in rows:
        context = row["context"].replace("\r", " ")  # a loader makes \r\n one character: offsets would move
        title = " ".join(str(row.get("title") or "").split())
        key = title or context
        if key not in files:
            files[key] = _File(f"{len(files):05}.md", f"# {title}\n\n" if title else "")
        number, at = files[key].place(context)
        answers = tuple(row.get("answers") or ())
        answerable = bool(row.get("answerable", bool(answers)))
        gold = _gold_in(files[key].name, number, at, context, answers, row.get("start"))
        questions.append(
            EvalQuestion(
                id=str(row.get("id", len(questions) + 1)),
                text=row["question"],
                language=_language(row, path.name),
                answers=answers if answerable else (),
                answerable=answerable,
                gold=(gold,) if answerable else (),
            )
        )
    sources = tuple(Source(file.name, file.text) for file in files.values())
    name = path.name.removesuffix(".gz").rsplit(".", 1)[0]
    return QuestionSet(name, check_unique(questions, str(path)), sources)


def _gold_in(file: str, number: int, at: int, context: str, answers: tuple[str, ...], start: int | None) -> Gold:
    """Return the gold of one context, its quote the answer where its place is known, else the whole context."""
    low, high = 0, len(context)
    if answers and start is not None and start >= 0:
        low, high = start, start + len(answers[0])
    id = f"{file.removesuffix('.md')}#{number}"
    return Gold(id, context[low:high], file, at, at + len(context), at + low, at + high)


def _records(path: Path) -> list[Record]:
    """Return the records of a JSON Lines file, or the one object of a JSON file."""
    if path.suffix == ".json":
        try:
            whole = json.loads(decoded(path.read_bytes()))
        except ValueError:
            return list(read_jsonl(path))  # RGB's .json files hold one object a line
        return whole if isinstance(whole, list) else [whole]
    return list(read_jsonl(path))


def _language(record: Record, name: str) -> str:
    """Return the record's language, else the one in the file's name, else ``zh``."""
    given = record.get("language") or record.get("lang")
    if given:
        return str(given)
    lower = name.lower()
    for word, language in _NAMED_LANGUAGES.items():
        if word in lower:
            return language
    match = _LANGUAGE_IN_NAME.search(f".{lower}")
    return match.group(1) if match else "zh"


def _flatten(value: Any) -> list[str]:
    """Return the strings of a string or of lists in lists; a number is its digits."""
    if isinstance(value, str | int | float):
        return [str(value)]
    return [text for part in value for text in _flatten(part)]


def _yes(value: Any) -> bool:
    """Tell whether a flag is set; a missing one is."""
    return value is None or value == "" or str(value).strip().lower() not in _NO
