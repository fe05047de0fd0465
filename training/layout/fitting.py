"""Fit the weights of ``rag.newspaper.parting``: which heading of a page without frames parts two articles.

    python -m training.layout.fitting [--seeds 16] [--first 200]

Pages come from the generator, all without frames; the truth says of every heading that is not sure to be a headline
whether it is one. Two logistic regressions, the second knowing the verdicts of the first; printed as the table of
the module. The seeds of the measure (from 1000 on) are not to be used here.

The shipped weights were fitted so just before the last changes to the reading of columns; a run today gives others
close to them.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rag.newspaper.articles import headings, headlines_after
from rag.newspaper.columns import read_columns
from rag.newspaper.furniture import split_furniture
from rag.newspaper.lines import framed, split_lines
from rag.newspaper.parting import evidence
from rag.newspaper.topics import Topics
from rag.newspaper.units import Unit, units
from training.layout.pages import layout_issue
from training.layout.sources import clean_article, read_texts
from training.layout.styles import LayoutOptions
from training.layout.truth import LaidOutPage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CORPORA = ("crud_news.zh.jsonl.gz", "xwlb_news.zh.jsonl.gz")
_PAGES = 5
_RIDGE = 2.0
_UNFRAMED = LayoutOptions(frame="none")


def pages(seed: int, count: int, data: Path, options: LayoutOptions = _UNFRAMED) -> Iterator[LaidOutPage]:
    """``count`` pages, without frames unless ``options`` say otherwise."""
    rng = random.Random(seed)
    texts = [list(read_texts(data / name, limit=count * 5, skip=rng.randint(0, 15000))) for name in _CORPORA]
    for number in range(count // _PAGES):
        pool = texts[number % 2]
        drawn = rng.sample(pool, min(rng.randint(3, 5) * _PAGES, len(pool)))
        articles = [clean_article(title, text, rng) for title, text in drawn if 80 <= len(text) <= 4000]
        yield from layout_issue(articles, seed * 1000 + number, _PAGES, options).pages


def found(page: LaidOutPage) -> list[Unit]:
    """The units of a page as restoration finds them."""
    body, _ = split_furniture(split_lines(page.text))
    set_off = framed(body)
    return units(page.text, body, set_off, *read_columns(body, set_off))


def examples(
    laid_out: list[tuple[LaidOutPage, list[Unit]]], weights: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Evidence ``[headings, pieces]`` and whether each is a headline; with the verdicts of ``weights`` known."""
    import numpy as np

    rows, labels = [], []
    for page, here in laid_out:
        sure, unsure = headings(here)
        topics = Topics([unit.text for unit in here if not unit.heading])
        after = bool(unsure) and headlines_after(here, sure, topics)
        known = set(sure)
        if weights is not None:
            known |= {n for n in unsure if np.dot(evidence(here, n, sure, topics, after), weights) > 0.0}
        heads = [span for article in page.articles for span in article.headline_spans]
        for n in unsure:
            rows.append(evidence(here, n, known - {n}, topics, after))
            labels.append(any(start < here[n].end and here[n].start < end for start, end in heads))
    return np.array(rows), np.array(labels)


def fitted(rows: NDArray[np.float64], labels: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights of a logistic regression, by Newton's method, with a ridge on all but the first."""
    import numpy as np

    scale = rows.std(axis=0)
    scale[scale == 0.0] = 1.0
    scaled = rows / scale
    weights = np.zeros(rows.shape[1])
    free = np.array([0.0, *[1.0] * (len(weights) - 1)])
    for _ in range(60):
        chance = 1.0 / (1.0 + np.exp(-scaled @ weights))
        slope = scaled.T @ (chance - labels) + _RIDGE * free * weights
        curve = (scaled * (chance * (1.0 - chance))[:, None]).T @ scaled + _RIDGE * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return np.asarray(weights / scale)


def main() -> None:
    """Print the two columns of weights."""
    parser = argparse.ArgumentParser(description="Fit which headings part articles.")
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--first", type=int, default=200)
    parser.add_argument("--pages", type=int, default=50, help="pages per seed")
    options = parser.parse_args()
    data = Path(os.environ.get("YINJU_SHARED", "../shared")) / "data" / "text"
    seeds = range(options.first, options.first + options.seeds)
    laid_out = [(page, found(page)) for seed in seeds for page in pages(seed, options.pages, data)]
    alone = fitted(*examples(laid_out, None))
    rows, labels = examples(laid_out, alone)
    knowing = fitted(rows, labels)
    for pair in zip(alone, knowing, strict=True):
        print("    ({:.2f}, {:.2f}),".format(*pair))
    print(f"{len(labels)} headings, wrong: {int(((rows @ knowing > 0.0) != labels).sum())}")


if __name__ == "__main__":
    main()
