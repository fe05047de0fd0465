"""Train the copy reader from packed shards, within a wall-clock budget, on CPU or GPU.

Shards are looked up again now and then, so that sources may still be prepared while training runs. A
checkpoint holds model, averaged model, optimiser, step, clock and random state, and a run started again
in the same folder goes on from it. Knows shards and the model, not text.
Usage: python -m training.reader.train --config training/reader/cpu.json --run training/work/reader/run1
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers.models.t5.modeling_t5 import (
    T5Attention,
    T5DenseActDense,
    T5LayerCrossAttention,
    T5LayerFF,
    T5LayerSelfAttention,
)

from rag.reading.model import CopyReaderConfig, CopyReaderModel
from rag.reading.vocabulary import Vocabulary
from training.reader.lexicon import load_lexicon
from training.reader.packing import Piece, Shard, load, shorten, unpack


@dataclass(frozen=True)
class Recipe:
    """Everything a run depends on; one JSON file. ``phases`` are
    [until share of budget, longest example in units, {source: weight}]. ``clock`` is what the minutes of the
    budget are: ``wall``, or ``cpu`` for this process's own time, which does not count what other work takes.
    """

    minutes: float
    phases: list[tuple[float, int, dict[str, float]]]
    model: dict[str, Any]
    rate: float = 2e-3
    warmup: int = 150
    decay: float = 0.01
    batch_units: int = 4500
    average: float = 0.998
    checkpoint_minutes: float = 4.0
    dev: str = "dev"
    dev_examples: int = 400
    seed: int = 0
    device: str = "cpu"
    threads: int = 0
    start: str = ""  # a model whose weights are taken where they fit; what it lacks begins as nothing
    bf16: bool = False  # where the processor can; without the instructions for it a step takes ten times as long
    clock: str = "wall"
    weights: dict[str, float] = field(default_factory=lambda: {"sentence": 1.0, "first": 1.0, "last": 0.7})


class Source:
    """The shards of one folder; examples come in random order, every one once before any comes again."""

    def __init__(self, folder: Path, chance: np.random.Generator) -> None:
        self._folder, self._chance = folder, chance
        self._known: set[Path] = set()
        self._shards: list[Shard] = []
        self._queue: list[tuple[int, int]] = []

    def look(self) -> int:
        """Load shards that are new; return how many examples there are."""
        for path in sorted(self._folder.glob("[0-9]*.npz")):
            if path not in self._known and not path.name.endswith(".part.npz"):
                self._known.add(path)
                shard = load(path)
                self._queue.extend((len(self._shards), i) for i in range(len(shard)))
                self._shards.append(shard)
                self._chance.shuffle(self._queue)
        return sum(len(shard) for shard in self._shards)

    def draw(self, most: int) -> Piece:
        """One example, shortened to about ``most`` units."""
        if not self._queue:
            self._queue = [(s, i) for s, shard in enumerate(self._shards) for i in range(len(shard))]
            self._chance.shuffle(self._queue)
        shard, place = self._queue.pop()
        return shorten(unpack(self._shards[shard], place), most, self._chance)


def collate(items: list[Piece], device: str) -> tuple[torch.Tensor, ...]:
    """Fill up to the longest: rows, mask, marks, gold, ends."""
    longest, most = max(len(item.rows) for item in items), max(len(item.marks) for item in items)
    rows = np.zeros((len(items), longest, items[0].rows.shape[1]), dtype=np.int64)
    mask = np.zeros((len(items), longest), dtype=np.float32)
    marks = np.full((len(items), most), -1, dtype=np.int64)
    for n, item in enumerate(items):
        rows[n, : len(item.rows)] = item.rows
        mask[n, : len(item.rows)] = 1
        marks[n, : len(item.marks)] = item.marks
    gold = np.array([item.gold for item in items], dtype=np.int64)
    ends = np.array([item.end for item in items], dtype=np.int64)
    return tuple(torch.from_numpy(a).to(device) for a in (rows, mask, marks, gold, ends))


def batches(
    sources: dict[str, Source], weights: dict[str, float], most: int, units: int, chance: np.random.Generator
) -> Iterator[list[Piece]]:
    """Batches of about ``units`` units, examples of like length together, from one pool of 400 draws."""
    names = [name for name in weights if sources[name].look()]
    shares = np.array([weights[name] for name in names])
    drawn = [sources[names[k]].draw(most) for k in chance.choice(len(names), 400, p=shares / shares.sum())]
    drawn.sort(key=lambda item: len(item.rows))
    made: list[list[Piece]] = [[]]
    for item in drawn:
        if made[-1] and len(item.rows) * (len(made[-1]) + 1) > units:
            made.append([])
        made[-1].append(item)
    for k in chance.permutation(len(made)):
        yield made[k]


@torch.no_grad()
def greedy(model: CopyReaderModel, batch: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The best path step by step: place in ``marks``, first and last row, each ``[batch]``."""
    rows, mask, marks, _, _ = batch
    states = model.encode(rows, mask)
    sentence_keys, first_keys, last_keys = model.keys(states)
    at = marks.clamp(min=0)
    none = torch.zeros(len(rows), 0, dtype=torch.long, device=rows.device)
    picked = sentence_keys.gather(1, at.unsqueeze(-1).expand(-1, -1, states.shape[-1]))
    scores = torch.einsum("bd,bmd->bm", model.steps(states, mask, none)[:, 0], picked).masked_fill(marks < 0, -1e9)
    place = scores.argmax(1)
    mark = at.gather(1, place[:, None])
    following = torch.cat([marks, torch.full_like(marks[:, :1], -1)], 1).gather(1, place[:, None] + 1)
    end = torch.where(following > 0, following, mask.sum(1, keepdim=True).long())
    positions = torch.arange(rows.shape[1], device=rows.device)[None]
    inside = (positions > mark) & (positions < end)
    first = torch.einsum("bd,bnd->bn", model.steps(states, mask, mark)[:, 1], first_keys)
    start = first.masked_fill(~inside, -1e9).argmax(1, keepdim=True)
    path = torch.cat([mark, start], 1)
    last = torch.einsum("bd,bnd->bn", model.steps(states, mask, path)[:, 2], last_keys) + model.lengths(
        start, positions
    )
    final = last.masked_fill(~(inside & (positions >= start)), -1e9).argmax(1)
    return place, start[:, 0], final


def evaluate(model: CopyReaderModel, items: list[Piece], device: str) -> dict[str, float]:
    """Losses and greedy scores on packed examples: unit F1 and exact match on answerable ones, and the rest."""
    model.eval()
    totals = {"sentence": 0.0, "first": 0.0, "last": 0.0, "found": 0.0, "exact": 0.0, "f1": 0.0, "refused": 0.0}
    answerable = 0
    for at in range(0, len(items), 16):
        batch = collate(items[at : at + 16], device)
        with torch.no_grad():
            losses = model(*batch)
        place, first, last = greedy(model, batch)
        for n, (p, f, e) in enumerate(zip(place.tolist(), first.tolist(), last.tolist(), strict=True)):
            gold, start, end = batch[3][n].tolist()
            if gold == 0:
                totals["refused"] += p == 0
                continue
            answerable += 1
            for name in ("sentence", "first", "last"):
                totals[name] += losses[name][n].item()
            totals["found"] += p == gold
            totals["exact"] += p > 0 and (f, e) == (start, end)
            shared = max(0, min(e, end) - max(f, start) + 1) if p > 0 else 0
            totals["f1"] += 2 * shared / ((e - f + 1) + (end - start + 1)) if shared else 0.0
    model.train()
    unanswerable = len(items) - answerable
    return {k: v / max(1, unanswerable if k == "refused" else answerable) for k, v in totals.items()}


class Threads:
    """One or two threads, whichever has been faster of late.

    On a machine shared with other work two threads wait for each other longer than they save.
    """

    def __init__(self, fixed: int) -> None:
        self._fixed = fixed
        self._count = fixed or 1
        self._speed: dict[int, float] = {}
        self._steps, self._units, self._began = 0, 0, time.time()
        torch.set_num_threads(self._count)

    def step(self, units: int) -> None:
        """Note one step; now and then try the other number of threads."""
        if self._fixed:
            return
        self._steps, self._units = self._steps + 1, self._units + units
        trying = self._count != max(self._speed, key=self._speed.get) if self._speed else True  # type: ignore[arg-type]
        if self._steps >= (6 if trying else 120):
            self._speed[self._count] = self._units / (time.time() - self._began)
            best = max(self._speed, key=lambda n: self._speed[n])
            other = 3 - self._count
            self._count = best if (trying and len(self._speed) == 2) else other
            torch.set_num_threads(self._count)
            self._steps, self._units, self._began = 0, 0, time.time()


class SharedDropout(torch.nn.Module):
    """Dropout whose mask is the same for all units of an example (Gal and Ghahramani, 2016, arXiv:1512.05287).

    Drawing a mask for every unit costs a tenth of a step on CPU.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, state: torch.Tensor) -> torch.Tensor:
        """Return ``state`` ``[batch, n, width]`` with features hidden, the rest raised accordingly."""
        if not self.training or not self.p:
            return state
        kept = torch.rand(len(state), 1, state.shape[-1], device=state.device) >= self.p
        return state * (kept.to(state.dtype) / (1 - self.p))


def build(recipe: Recipe, vocabulary: Vocabulary, codes: np.ndarray, scale: np.ndarray) -> CopyReaderModel:
    """A fresh model with the word table in place."""
    torch.manual_seed(recipe.seed)
    config = CopyReaderConfig(
        words=codes.shape[0], word_width=codes.shape[1], pieces=vocabulary.piece_rows, vocab_size=2,
        pad_token_id=0, decoder_start_token_id=0, **recipe.model,
    )  # fmt: skip
    model = CopyReaderModel(config)
    model.word_codes.copy_(torch.from_numpy(codes))
    model.word_scale.copy_(torch.from_numpy(scale))
    if recipe.start:
        begin_with(model, Path(recipe.start))
    model.shared.weight.requires_grad_(False)
    for module in model.modules():
        # Drawing masks costs much on CPU: attention goes without, the residual branches share theirs.
        if isinstance(module, T5Attention):
            module.dropout = 0.0
        elif isinstance(module, T5DenseActDense):
            module.dropout = torch.nn.Identity()
        elif isinstance(module, T5LayerSelfAttention | T5LayerCrossAttention | T5LayerFF):
            module.dropout = SharedDropout(recipe.model["dropout_rate"])
    return model


def begin_with(model: CopyReaderModel, folder: Path) -> None:
    """Take over the weights of a trained model; recurrent layers that it lacks add nothing at first."""
    known = CopyReaderModel.from_pretrained(folder).state_dict()
    missing, _ = model.load_state_dict(known, strict=False)
    for name, value in model.named_parameters():
        if name in missing and ".mix." in name:
            torch.nn.init.zeros_(value)


def main() -> None:
    """Run or go on with a run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("training/work/reader"))
    parser.add_argument("--minutes", type=float, help="another budget than the config's")
    options = parser.parse_args()
    settings = json.loads(options.config.read_text(encoding="utf8"))
    if options.minutes:
        settings["minutes"] = options.minutes
    recipe = Recipe(**settings)
    options.run.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(recipe.seed)
    vocabulary, codes, scale, _ = load_lexicon(options.work)
    model = build(recipe, vocabulary, codes, scale).to(recipe.device)
    print(sum(p.numel() for p in model.parameters()) / 1e6, "M parameters", flush=True)
    average = {name: value.detach().clone() for name, value in model.state_dict().items()}
    matrices = [p for p in model.parameters() if p.requires_grad and p.ndim >= 2]
    others = [p for p in model.parameters() if p.requires_grad and p.ndim < 2]
    optimiser = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": recipe.decay}, {"params": others, "weight_decay": 0.0}],
        lr=recipe.rate, betas=(0.9, 0.98), fused=True,
    )  # fmt: skip
    step, spent, seen = 0, 0.0, 0
    checkpoint = options.run / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=recipe.device, weights_only=False)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        average, step, spent, seen = saved["average"], saved["step"], saved["spent"], saved["seen"]
        torch.set_rng_state(saved["rng"].cpu())
        chance.bit_generator.state = saved["chance"]
        print("going on at step", step, flush=True)
    root = options.work / "shards"
    sources = {name: Source(root / name, chance) for _, _, weights in recipe.phases for name in weights}
    development = Source(root / recipe.dev, np.random.default_rng(0))
    development.look()
    dev = [development.draw(300) for _ in range(recipe.dev_examples)]
    shadow = CopyReaderModel(model.config).to(recipe.device)
    threads = Threads(recipe.threads)
    half = recipe.bf16 and (recipe.device != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported())
    curve = options.run / "curve.csv"
    now = time.process_time if recipe.clock == "cpu" else time.time
    began, budget = now() - spent, recipe.minutes * 60
    noted, sums, since = now(), dict.fromkeys(recipe.weights, 0.0), 0
    model.train()
    while (elapsed := now() - began) < budget:
        share = elapsed / budget
        _, most, weights = next(phase for phase in recipe.phases if share < phase[0])
        for items in batches(sources, weights, most, recipe.batch_units, chance):
            share = min(1.0, (now() - began) / budget)
            rate = (
                recipe.rate
                * min(1.0, (step + 1) / recipe.warmup)
                * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share)))
            )
            for group in optimiser.param_groups:
                group["lr"] = rate
            batch = collate(items, recipe.device)
            with torch.autocast(recipe.device, dtype=torch.bfloat16, enabled=half):
                losses = model(*batch)
            loss = sum(recipe.weights[k] * value.mean() for k, value in losses.items())
            loss.backward()  # type: ignore[union-attr]
            torch.nn.utils.clip_grad_norm_(matrices + others, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step, seen, since = step + 1, seen + len(items), since + 1
            keep = min(recipe.average, (step + 1) / (step + 10))
            with torch.no_grad():
                for name, value in model.state_dict().items():
                    if value.is_floating_point():
                        average[name].lerp_(value, 1 - keep)
            for k, value in losses.items():
                sums[k] += value.mean().item()
            threads.step(batch[0].shape[0] * batch[0].shape[1])
            if step % 50 == 0:
                print(
                    f"{(now() - began) / 60:.1f} min step {step} seen {seen}",
                    *(f"{k} {v / since:.3f}" for k, v in sums.items()),
                    f"threads {torch.get_num_threads()}", flush=True,
                )  # fmt: skip
                sums, since = dict.fromkeys(recipe.weights, 0.0), 0
        if now() - noted > recipe.checkpoint_minutes * 60 or now() - began >= budget:
            noted = now()
            shadow.load_state_dict(average)
            scores = evaluate(shadow, dev, recipe.device)
            print("dev", {k: round(v, 3) for k, v in scores.items()}, flush=True)
            row = {"minutes": round((now() - began) / 60, 2), "step": step, "seen": seen}
            row.update({k: round(v, 4) for k, v in scores.items()})
            fresh = not curve.exists()
            with curve.open("a", newline="") as out:
                writer = csv.DictWriter(out, list(row))
                if fresh:
                    writer.writeheader()
                writer.writerow(row)
            state = {
                "model": model.state_dict(), "average": average, "optimiser": optimiser.state_dict(), "step": step,
                "spent": now() - began, "seen": seen, "rng": torch.get_rng_state(),
                "chance": chance.bit_generator.state,
            }  # fmt: skip
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").replace(checkpoint)
            shadow.save_pretrained(options.run / "model")
    print("done", flush=True)


if __name__ == "__main__":
    main()
