"""How often people use each question form: counts over human questions, to set the weights in ``forms``.

``python -m training.questions.counting FILE...`` (``qa/*.zh.train.jsonl.gz``) prints role, form, count. A
form is matched with its slots as any text; the longest literal text wins when several match.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from training.questions.forms import FORMS

_SLOTS = {
    "u": r"[^，是]{0,4}",
    "w": r"(?:哪|什么)[^，是的]{0,5}",
    "s": r".{2,}",
    "p": r".{1,}",
    "a": r".*",
    "b": r".*",
    "o": r".{3,}",
    "v": r".{3,}",
}


def pattern(form: str) -> re.Pattern[str]:
    """The regular expression of a form.

    >>> bool(pattern("{s}是什么时候{p}的").fullmatch("这座桥是什么时候建成的"))
    True
    """
    parts = re.split(r"{([a-z])}", form)
    return re.compile("".join(_SLOTS[part] if i % 2 else re.escape(part) for i, part in enumerate(parts)))


def literal(form: str) -> int:
    """Length of a form's own characters."""
    return len(re.sub(r"{[a-z]}", "", form))


def count_forms(questions: Iterable[str]) -> dict[str, Counter[str]]:
    """Role → form → how many questions it matches best within its role."""
    compiled = {
        role: sorted(((literal(form), form, pattern(form)) for form, _ in forms), reverse=True)
        for role, forms in FORMS.items()
    }
    counts: dict[str, Counter[str]] = {role: Counter() for role in FORMS}
    for question in questions:
        bare = question.strip().rstrip("？?。")
        for role, forms in compiled.items():
            for _, form, expression in forms:
                if expression.fullmatch(bare):
                    counts[role][form] += 1
                    break
    return counts


def main(paths: list[str]) -> int:
    """Print the counts for the questions of the given files."""
    questions = []
    for path in paths:
        with gzip.open(Path(path), "rt", encoding="utf-8") as stream:
            questions += [json.loads(line)["question"] for line in stream]
    for role, counter in count_forms(questions).items():
        for form, weight in FORMS[role]:
            print(f"{role}\t{form}\t{weight}\t{counter[form]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
