"""``python -m training.questions --seed S --count N --out FILE``: write made questions as gzip JSON Lines."""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import time
from pathlib import Path

from training.questions.maker import make
from training.questions.records import write_questions
from training.questions.sources import read_articles


def main(arguments: list[str] | None = None) -> int:
    """Make and write the questions; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.questions", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    began = time.monotonic()
    articles = list(read_articles("zh"))
    rows = itertools.islice(make(articles, random.Random(given.seed)), given.count)
    count = write_questions(rows, given.out)
    print(f"{count} questions in {time.monotonic() - began:.0f} s: {given.out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
