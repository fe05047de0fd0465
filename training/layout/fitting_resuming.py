"""Fit the weights of ``rag.newspaper.resuming``: where an article that another interrupts goes on.

    python -m training.layout.fitting_resuming [--seeds 7] [--first 220]

Pages come from the generator, all without frames, every other issue with an interrupted article on each page where one
fits. Every place that is worth a closer look is an example: the truth says whether the paragraph there belongs to the
interrupted article and the one across the seam does not. A logistic regression, as in ``fitting``, printed as the
table of the module. The seeds of the measure (from 1000 on) are not to be used here.

The shipped weights were fitted so by a program that was not kept; a run of this one gives others.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rag.newspaper.articles import candidates, pieces
from rag.newspaper.resuming import evidence, promising
from rag.newspaper.topics import Topics
from rag.newspaper.units import Unit
from training.layout.fitting import fitted, found, pages
from training.layout.styles import LayoutOptions
from training.layout.truth import LaidOutPage


def examples(page: LaidOutPage) -> Iterator[tuple[tuple[float, ...], bool]]:
    """Evidence for every promising place of a page, and whether an interrupted article goes on there."""
    units = found(page)
    if not units or any(unit.framed for unit in units[1:]):
        return
    topics = Topics([unit.text for unit in units if not unit.heading])
    drafts, after = pieces(units, topics)
    for number in range(1, len(drafts)):
        for other, piece, rest in candidates(drafts, number, after):
            seam = (piece[-1], rest[0]) if after else (rest[-1], piece[0])
            if promising(other.units, piece[0], seam):
                here, there = (_source(page, unit) for unit in seam)
                home = _source(page, other.units[-1])
                goes_on = home is not None and here != there and home == (here if after else there)
                yield evidence(other.units, piece, rest, topics, after), goes_on


def _source(page: LaidOutPage, unit: Unit) -> int | None:
    """The true article that a unit begins in."""
    for article in page.articles:
        if any(p.start <= unit.start < p.end for p in article.paragraphs):
            return article.source
    return None


def main() -> None:
    """Print the weights."""
    import numpy as np

    parser = argparse.ArgumentParser(description="Fit where interrupted articles go on.")
    parser.add_argument("--seeds", type=int, default=7)
    parser.add_argument("--first", type=int, default=220)
    parser.add_argument("--pages", type=int, default=100, help="pages per seed, half of them with an interruption")
    options = parser.parse_args()
    data = Path(os.environ.get("YINJU_SHARED", "../shared")) / "data" / "text"
    unframed = LayoutOptions(frame="none")
    rows, labels = [], []
    for seed in range(options.first, options.first + options.seeds):
        for interleave in (False, True):
            for page in pages(seed, options.pages // 2, data, replace(unframed, interleave=interleave)):
                for row, label in examples(page):
                    rows.append(row)
                    labels.append(label)
    table, truth = np.array(rows), np.array(labels)
    weights = fitted(table, truth)
    for weight in weights:
        print(f"    {weight:.2f},")
    print(f"{len(truth)} places, {int(truth.sum())} right, wrong: {int(((table @ weights > 0.0) != truth).sum())}")


if __name__ == "__main__":
    main()
