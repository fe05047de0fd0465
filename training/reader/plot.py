"""The learning curve of a run as a picture.

Usage: python -m training.reader.plot --run training/work/reader/run1 --out training/reader/curve.svg
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path


def main() -> None:
    """Read ``curve.csv``, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    with (options.run / "curve.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    minutes = [float(row["minutes"]) for row in rows]
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.2))
    for name in ("sentence", "first", "last"):
        left.plot(minutes, [float(row[name]) for row in rows], label=name)
    left.set(title="cross-entropy on the held-out tenth", xlabel="minutes")
    for name in ("found", "exact", "f1", "refused"):
        right.plot(minutes, [float(row[name]) for row in rows], label=name)
    right.set(title="greedy scores", xlabel="minutes", ylim=(0, 1))
    for axes in (left, right):
        axes.legend()
    figure.tight_layout()
    figure.savefig(options.out)


if __name__ == "__main__":
    main()
