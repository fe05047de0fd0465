"""The built-in set: questions on the sample newspaper pages, with the truth beside them.

    data/builtin/questions.jsonl   one question a line
    data/builtin/dialogues.jsonl   one conversation a line
    samples/pages/*.truth.json     where every paragraph stands in the raw page

Gold evidence names an article and a paragraph; the truth gives the raw span, and the quote's own characters
are counted off inside it. Knows nothing of other formats.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from eval.sets import EvalQuestion, Gold, QuestionSet, Source, check_unique
from rag.errors import InputError

DATA = Path(__file__).resolve().parent / "data" / "builtin"


class _TruthParagraph(NamedTuple):
    source: str
    text: str
    start: int
    end: int
    raw: str


def load_builtin(data: Path = DATA, pages: Path | None = None) -> QuestionSet:
    """Load the built-in set.

    Args:
        data: the folder with the questions.
        pages: the folder with the pages and their truth; the samples' own by default.

    Raises:
        InputError: a question names a paragraph or quote that the truth does not have.
    """
    if pages is None:
        from samples import pages_folder

        pages = pages_folder()
    truth = dict(_truth(pages))
    questions = [_question(record, truth) for record in read_jsonl(data / "questions.jsonl")]
    dialogues = data / "dialogues.jsonl"
    if dialogues.exists():
        for record in read_jsonl(dialogues):
            questions.extend(_turns(record, truth))
    names = sorted({paragraph.source for paragraph in truth.values()})
    sources = tuple(Source(name, path=pages / name) for name in names)
    return QuestionSet("builtin", check_unique(questions, str(data)), sources)


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON Lines file, gzipped or not.

    Raises:
        InputError: a line is not a JSON object; the message gives its number.
    """
    import gzip

    data = path.read_bytes()
    text = decoded(gzip.decompress(data) if path.suffix == ".gz" else data)
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise InputError(f"{path}, line {number}: not JSON ({error}).") from error
        if not isinstance(record, dict):
            raise InputError(f"{path}, line {number}: not a JSON object.")
        yield record


def decoded(data: bytes) -> str:
    """Return the text of a file in UTF-8, or as spreadsheets write it: in UTF-16, or in GB 18030 in China.

    Raises:
        UnicodeDecodeError: it is in none of them.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def locate(raw: str, start: int, end: int, quote: str) -> tuple[int, int]:
    r"""Return the raw span of ``quote`` inside ``raw[start:end]``, both without white space.

    Exact or not at all: (-1, -1) when it is not there.

    >>> locate("甲 乙\n丙丁", 0, 6, "乙丙")
    (2, 5)
    """
    places = [place for place in range(start, end) if not raw[place].isspace()]
    wanted = "".join(quote.split())
    at = "".join(raw[place] for place in places).find(wanted) if wanted else -1
    if at < 0:
        return (-1, -1)
    return places[at], places[at + len(wanted) - 1] + 1


def _truth(pages: Path) -> Iterator[tuple[tuple[str, int], _TruthParagraph]]:
    for path in sorted(pages.glob("*.truth.json")):
        truth = json.loads(path.read_text("utf-8"))
        raw = (pages / truth["file"]).read_text("utf-8")
        for article in truth["articles"]:
            for place, paragraph in enumerate(article["paragraphs"]):
                key = (article["id"], paragraph.get("index", place))
                yield key, _TruthParagraph(truth["file"], paragraph["text"], paragraph["start"], paragraph["end"], raw)


def _question(record: Mapping[str, Any], truth: Mapping[tuple[str, int], _TruthParagraph]) -> EvalQuestion:
    gold = tuple(_gold(record["id"], evidence, truth) for evidence in record.get("evidence") or ())
    return EvalQuestion(
        id=record["id"],
        text=record["question"],
        language=record["language"],
        answers=tuple(record.get("answers") or ()),
        answerable=record["answerable"],
        kind=record["kind"],
        near_miss=record.get("near_miss", False),
        gold=gold if record["answerable"] else (),
        standalone=record.get("standalone"),
    )


def _turns(record: Mapping[str, Any], truth: Mapping[tuple[str, int], _TruthParagraph]) -> Iterator[EvalQuestion]:
    for number, turn in enumerate(record["turns"], start=1):
        defaults = {"language": record.get("language", "zh"), "kind": "dialogue", "answerable": True}
        given = {"id": f"{record['id']}-{number}", **defaults, **turn, "kind": "dialogue"}
        question = _question(given, truth)
        if number == 1:  # what the set adds to an opening question, no history could tell
            question = replace(question, standalone=None)
        yield replace(question, dialogue=str(record["id"]))


def _gold(question: str, evidence: Mapping[str, Any], truth: Mapping[tuple[str, int], _TruthParagraph]) -> Gold:
    key = (str(evidence["article"]), int(evidence["paragraph"]))
    if key not in truth:
        raise InputError(f"Question {question}: there is no paragraph {key[1]} in article {key[0]!r}.")
    paragraph = truth[key]
    quote = str(evidence.get("quote") or paragraph.text)
    start, end = locate(paragraph.raw, paragraph.start, paragraph.end, quote)
    if start < 0:
        raise InputError(f"Question {question}: the quote {quote!r} is not in paragraph {key[0]}#{key[1]}.")
    return Gold(
        id=f"{key[0]}#{key[1]}",
        quote=quote,
        source=paragraph.source,
        start=paragraph.start,
        end=paragraph.end,
        quote_start=start,
        quote_end=end,
        grade=int(evidence.get("grade", 2)),
    )
