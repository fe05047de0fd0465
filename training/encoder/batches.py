"""Draws training batches from bag files: two lists of bags, row ``i`` of one belonging to row ``i`` of the other.

Every batch comes from one task and, where it can, one language pair, so that the other rows of the batch
are honest negatives. All randomness comes from the generator given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.encoder.bags import Bags
from training.encoder.mining import hard_negatives

GLOSSES = 12  # translations kept of a word, in dictionary order


@dataclass(frozen=True)
class Batch:
    """Two sides of token ids, each flat int64 with the starts of its bags int64 ``[n]``."""

    task: str
    left: tuple[np.ndarray, np.ndarray]
    right: tuple[np.ndarray, np.ndarray]


def gather(bags: Bags, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bags ``rows`` as (flat ids, starts).

    gather(Bags([7, 8, 9], [0, 1, 3]), [1, 0]) -> ([8, 9, 7], [0, 2])
    """
    lengths = bags.starts[rows + 1] - bags.starts[rows]
    starts = np.cumsum(lengths) - lengths
    positions = np.arange(int(lengths.sum())) + np.repeat(bags.starts[rows] - starts, lengths)
    return bags.ids[positions].astype(np.int64), starts


def thinned(
    side: tuple[np.ndarray, np.ndarray], share: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """A side with ``share`` of its tokens left out at random; the first of every bag stays.

    Makes every word find its translation by itself, in place of the rarest word of a sentence alone.
    """
    ids, starts = side
    kept = rng.random(len(ids)) >= share
    kept[starts[starts < len(ids)]] = True
    before = np.concatenate([[0], np.cumsum(kept)])
    return ids[kept], before[starts]


def gather_bags(bags: Bags, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bags ``rows`` as the two arrays of a ``Bags``."""
    ids, starts = gather(bags, rows)
    return ids, np.append(starts, len(ids))


class PairTask:
    """Question and passage, title and body, word and translation.

    ``hard``, when above 0, is how many hard negatives a question brings with it: their own questions stand
    in the same batch.
    """

    def __init__(self, name: str, path: Path, hard: int = 0) -> None:
        data = np.load(path)
        self.name = name
        self.left = Bags(data["a_ids"], data["a_starts"])
        self.right = Bags(data["b_ids"], data["b_starts"])
        self.rows = data["keep"]
        # the same passage must not stand twice in one batch: it would be its own negative
        self.key = np.unique([self._bytes(i) for i in self.rows], return_inverse=True)[1]
        self.hard = hard
        if hard:
            _, first = np.unique(self.key, return_index=True)
            questions = Bags(*gather_bags(self.left, self.rows))
            self.negatives = hard_negatives(questions, self.right, self.key, self.rows[first], 4 * hard)
            order = np.argsort(self.key, kind="stable")
            self.by_key = np.split(order, np.cumsum(np.bincount(self.key))[:-1])

    def _bytes(self, row: int) -> bytes:
        return self.right.ids[self.right.starts[row] : self.right.starts[row + 1]].tobytes()

    def __len__(self) -> int:
        return len(self.rows)

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        order = rng.permutation(len(self.rows))[: 2 * size]
        if self.hard:
            seeds = order[: size // (1 + self.hard)]
            chosen = rng.permuted(self.negatives[seeds], axis=1)[:, : self.hard].ravel()
            order = np.concatenate([seeds, [rng.choice(self.by_key[key]) for key in chosen], order[len(seeds) :]])
        _, first = np.unique(self.key[order], return_index=True)
        rows = self.rows[order[np.sort(first)[:size]]]
        return Batch(self.name, gather(self.left, rows), gather(self.right, rows))


def side_by_side(
    one: tuple[np.ndarray, np.ndarray], two: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Bags joined: row ``i`` of one, then row ``i`` of the other.

    side_by_side(([1, 2], [0, 1]), ([8, 9, 9], [0, 2])) -> ([1, 8, 9, 2, 9], [0, 3])
    """
    count = len(one[1])
    owner = np.concatenate([np.repeat(np.arange(count), np.diff(np.append(s, len(i)))) for i, s in (one, two)])
    order = np.argsort(owner, kind="stable")
    return np.concatenate([one[0], two[0]])[order], one[1] + two[1]


class MultiTask:
    """One meaning in two languages, the two drawn by weight.

    With probability ``together`` the second side is the meaning in several further languages at once, a
    steadier target than any one translation.
    """

    def __init__(self, name: str, path: Path, weights: dict[str, float], together: float) -> None:
        data = np.load(path)
        self.name = name
        self.together = together
        self.bags = {
            key[:-4]: Bags(data[key], data[f"{key[:-4]}_starts"])
            for key in data.files
            if key.endswith("_ids") and len(data[key])
        }
        self.filled = {language: bags.lengths > 0 for language, bags in self.bags.items()}
        self.languages = sorted(self.bags)
        p = np.array([weights.get(language, weights["other"]) for language in self.languages])
        self.p = p / p.sum()

    def __len__(self) -> int:
        return len(next(iter(self.filled.values()), ()))  # a source that was not gathered has no language

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        while True:
            a, b = rng.choice(len(self.languages), size=2, replace=False, p=self.p)
            one, two = self.languages[a], self.languages[b]
            both = np.flatnonzero(self.filled[one] & self.filled[two])
            if len(both) >= 64:
                break
        rows = rng.permutation(both)[:size]
        right = gather(self.bags[two], rows)
        if len(self.languages) > 4 and rng.random() < self.together:
            others = [self.languages[i] for i in rng.choice(len(self.languages), size=4, replace=False, p=self.p)]
            for other in [o for o in others if o not in (one, two)][:2]:
                right = side_by_side(right, gather(self.bags[other], rows))
        return Batch(self.name, gather(self.bags[one], rows), right)


class NeighbourTask:
    """A sentence and a few sentences around it in its article (inverse cloze; Lee et al., 2019).

    The sentence itself stays in the passage with probability ``keep``.
    """

    def __init__(self, name: str, path: Path, keep: float, width: int) -> None:
        data = np.load(path)
        self.name = name
        self.bags = Bags(data["ids"], data["starts"])
        self.bounds = data["bounds"]
        self.keep, self.width = keep, width

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        articles = rng.choice(len(self), size=min(size, len(self)), replace=False)
        first, last = self.bounds[articles], self.bounds[articles + 1]
        query = (first + rng.random(len(articles)) * (last - first)).astype(np.int64)
        begin = np.maximum(first, query - rng.integers(0, self.width + 1, len(articles)))
        end = np.minimum(last, begin + self.width + 1)
        begin = np.maximum(first, end - self.width - 1)
        left = gather(self.bags, query)
        kept = rng.random(len(articles)) < self.keep
        pieces: list[np.ndarray] = []
        lengths = np.zeros(len(articles), dtype=np.int64)
        ids, starts = self.bags.ids, self.bags.starts
        for i, (b, e, q, k) in enumerate(zip(begin, end, query, kept, strict=True)):
            part = [ids[starts[b] : starts[e]]] if k else [ids[starts[b] : starts[q]], ids[starts[q + 1] : starts[e]]]
            pieces += part
            lengths[i] = sum(len(p) for p in part)
        right = (np.concatenate(pieces).astype(np.int64), np.cumsum(lengths) - lengths)
        return Batch(self.name, left, right)


class GlossTask:
    """A sentence and the same sentence with each word replaced by one of its dictionary translations.

    Teaches word translations in the proportions of running text. A word without a translation stays with
    probability one half.
    """

    def __init__(self, name: str, sentences: Bags, glosses: dict[int, list[np.ndarray]]) -> None:
        self.name = name
        self.sentences = sentences
        self.glosses = glosses

    def __len__(self) -> int:
        return len(self.sentences)

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        rows = rng.integers(0, len(self.sentences), size)
        ids, starts = gather(self.sentences, rows)
        choice = rng.random(len(ids))
        out: list[np.ndarray] = []
        lengths = np.zeros(len(ids), dtype=np.int64)
        none = np.zeros(0, dtype=np.uint16)
        for i, (token, c) in enumerate(zip(ids.tolist(), choice.tolist(), strict=True)):
            options = self.glosses.get(token)
            if options:
                piece = options[int(c * len(options))]
            else:
                piece = none if c < 0.5 else np.array([token], dtype=np.uint16)
            out.append(piece)
            lengths[i] = len(piece)
        ends = np.cumsum(lengths)
        bag_starts = np.where(starts > 0, ends[np.maximum(starts - 1, 0)], 0)
        flat = np.concatenate(out).astype(np.int64)
        return Batch(self.name, (ids, starts), (flat, np.minimum(bag_starts, max(len(flat) - 1, 0))))


@dataclass(frozen=True)
class Mixture:
    """Tasks and how often each is drawn."""

    tasks: tuple[PairTask | MultiTask | NeighbourTask | GlossTask, ...]
    share: np.ndarray
    thin: dict[str, tuple[float, float]]

    def draw(self, size: Callable[[str], int], rng: np.random.Generator) -> Batch:
        task = self.tasks[rng.choice(len(self.tasks), p=self.share)]
        kind = task.name.split(".")[0]
        batch = task.draw(size(kind), rng)
        left, right = self.thin.get(kind, (0.0, 0.0))
        return Batch(batch.task, thinned(batch.left, left, rng), thinned(batch.right, right, rng))


def mixture(work: Path, config: dict) -> Mixture:
    """All tasks under ``work/bags`` with the shares of ``config["tasks"]``.

    Files of one task share its weight in proportion to the square root of their size.
    """
    tasks: list = []
    for path in sorted((work / "bags").glob("*.npz")):
        kind, *rest = path.stem.split(".")
        if kind == "pairs":
            task = PairTask(f"{rest[0]}.{'.'.join(rest[1:])}", path, config["hard"] if rest[0] == "question" else 0)
        elif kind == "multi":
            name = f"{'names' if rest[0] == 'names' else 'parallel'}.{rest[0]}"
            task = MultiTask(name, path, config["languages"], config["together"])
        else:
            task = NeighbourTask(f"neighbour.{'.'.join(rest)}", path, config["keep"], config["width"])
        if len(task) >= 64:
            tasks.append(task)
    tasks += gloss_tasks(tasks)
    share = np.zeros(len(tasks))
    for kind, weight in config["tasks"].items():
        members = [i for i, task in enumerate(tasks) if task.name.split(".")[0] == kind]
        sizes = np.array([len(tasks[i]) ** 0.5 * config["boost"].get(tasks[i].name, 1.0) for i in members])
        if members:
            share[members] = weight * sizes / sizes.sum()
    return Mixture(tuple(tasks), share / share.sum(), config["thin"])


def gloss_tasks(tasks: list) -> list[GlossTask]:
    """Word-replacement tasks: Chinese news into English and French, English text into what Wiktionary has."""
    found: list[GlossTask] = []
    dictionaries = {t.name.split(".")[1]: t for t in tasks if t.name.startswith("dictionary")}
    news = max((t for t in tasks if t.name.startswith("neighbour.zh")), key=len)
    english = [t for t in tasks if t.name.startswith("neighbour.en")]
    english_bags = Bags(
        np.concatenate([t.bags.ids for t in english]),
        np.concatenate([[0], *(np.diff(t.bags.starts) for t in english)]).cumsum(),
    )
    for languages, task in dictionaries.items():
        source, target = languages.split("-")
        if source not in ("zh", "en"):  # no running text to put glosses into
            continue
        for reverse in (False, True) if languages == "en-zh" else (False,):
            one, two = (task.right, task.left) if reverse else (task.left, task.right)
            table: dict[int, list[np.ndarray]] = {}
            for row in task.rows:
                word = one.ids[one.starts[row] : one.starts[row + 1]]
                other = two.ids[two.starts[row] : two.starts[row + 1]]
                if len(word) == 1 and len(other) <= 6:
                    table.setdefault(int(word[0]), []).append(other)
            start = target if reverse else source
            bags = news.bags if start == "zh" else english_bags
            name = f"gloss.{target}-{source}" if reverse else f"gloss.{languages}"
            found.append(GlossTask(name, bags, {k: v[:GLOSSES] for k, v in table.items()}))
    return found
