"""Write the retrieval view of the built-in set, in BEIR's layout, from its questions and the samples' truth.

    questions.jsonl + samples/articles  ─→  corpus.jsonl, queries.jsonl, qrels/test.tsv

Run ``python -m eval.data.builtin.build`` after a question or an article has changed; a test fails when the
files are out of step. It knows nothing of measures or of the product.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from samples import articles_folder

HERE = Path(__file__).resolve().parent

STATES_THE_ANSWER = 2
NEEDED_CONTEXT = 1


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def load_articles() -> dict[str, dict[str, Any]]:
    """The clean articles by id."""
    files = sorted(articles_folder().glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files}


def context_of(paragraphs: list[dict[str, Any]], index: int) -> Iterator[int]:
    """The paragraphs one must know to understand paragraph ``index`` of an article.

    The first of the article (it says what this is about), the subhead it stands under, and the piece before
    when a page jump cut the paragraph in two.
    """
    yield 0
    yield from [i for i in range(index) if paragraphs[i]["kind"] == "subhead"][-1:]
    if paragraphs[index].get("continues"):
        yield index - 1


def grades(question: dict[str, Any], articles: dict[str, dict[str, Any]]) -> dict[str, int]:
    """Relevance by paragraph id for one answerable question: 2 states the answer, 1 is needed context."""
    found: dict[str, int] = {}
    for evidence in question["evidence"]:
        article, index = evidence["article"], evidence["paragraph"]
        found[f"{article}#{index}"] = STATES_THE_ANSWER
        for i in context_of(articles[article]["paragraphs"], index):
            found.setdefault(f"{article}#{i}", NEEDED_CONTEXT)
    return found


def build() -> dict[str, str]:
    """The three files by name, with the text they must have."""
    articles = load_articles()
    questions = [q for q in read_jsonl(HERE / "questions.jsonl") if q["answerable"]]
    corpus = [
        {"_id": f"{key}#{i}", "title": article["title"], "text": paragraph["text"]}
        for key, article in articles.items()
        for i, paragraph in enumerate(article["paragraphs"])
    ]
    queries = [{"_id": q["id"], "text": q["question"], "metadata": {"language": q["language"]}} for q in questions]
    rows = ["query-id\tcorpus-id\tscore"]
    rows += [f"{q['id']}\t{doc}\t{grade}" for q in questions for doc, grade in grades(q, articles).items()]
    return {
        "corpus.jsonl": _jsonl(corpus),
        "queries.jsonl": _jsonl(queries),
        "qrels/test.tsv": "\n".join(rows) + "\n",
    }


def _jsonl(records: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def main() -> None:
    """Write the files beside this module."""
    (HERE / "qrels").mkdir(exist_ok=True)
    for name, text in build().items():
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
