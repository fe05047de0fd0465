"""Trains the token table: symmetric contrastive loss over in-batch negatives, row-wise Adam, a budget in minutes.

Reads WORK_FOLDER/tokenizer.json and WORK_FOLDER/bags; writes WORK_FOLDER/checkpoint.pt (to resume),
curve.csv and curve.png. The model is one table; a text is the mean of its rows. Runs on CPU or GPU.

    python -m training.encoder.train WORK_FOLDER [--minutes 20] [--threads 1] [--resume] [--config FILE]
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import logging
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from training.encoder.bags import Bags
from training.encoder.batches import Mixture, mixture
from training.encoder.export import export
from training.encoder.rows import RowAdam

HERE = Path(__file__).parent


def initial_table(mix: Mixture, vocabulary: int, dimension: int, seed: int) -> torch.Tensor:
    """Random directions, float32 ``[vocabulary, dimension]``, with norms a / (a + p(token)), a = 5e-4.

    The norms are the weights of Arora et al., 2017 ("A simple but tough-to-beat baseline for sentence embeddings").
    """
    counts = np.zeros(vocabulary)
    seen: set[int] = set()
    for task in mix.tasks:
        for value in vars(task).values():
            for bags in value.values() if isinstance(value, dict) else [value]:
                if isinstance(bags, Bags) and id(bags.ids) not in seen:
                    seen.add(id(bags.ids))
                    # a small source counts as much as a large one up to the square root
                    scale = 1 / math.sqrt(max(len(bags.ids), 1))
                    counts += np.bincount(bags.ids, minlength=vocabulary) * scale
    p = (counts + 1e-9) / counts.sum()
    directions = np.random.default_rng(seed).normal(size=(vocabulary, dimension)).astype(np.float32)
    norms = (5e-4 / (5e-4 + p)).astype(np.float32) / np.linalg.norm(directions, axis=1)
    return torch.from_numpy(directions * norms[:, None])


def loss_of(left: torch.Tensor, right: torch.Tensor, temperature: float) -> torch.Tensor:
    """Symmetric InfoNCE: row i of the left side against all rows of the right side, and the reverse."""
    logits = F.normalize(left, dim=1) @ F.normalize(right, dim=1).T / temperature
    target = torch.arange(len(logits), device=logits.device)
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


def schedule(step: int, progress: float) -> float:
    """Share of the learning rate: warm-up over 100 steps, then a cosine down to 3 %."""
    return min(1.0, (step + 1) / 100) * (0.03 + 0.97 * (1 + math.cos(math.pi * progress)) / 2)


def shipped_table(folder: Path, vocabulary: int) -> torch.Tensor:
    """The table of a finished model, to go on from; raises ValueError when its vocabulary is another."""
    from safetensors.numpy import load_file

    tensors = load_file(folder / "model.safetensors")
    table = tensors["embeddings"].astype(np.float32) * tensors["weights"][:, None]
    if len(table) != vocabulary:
        raise ValueError(f"{folder} has {len(table)} tokens, the tokenizer {vocabulary}.")
    return torch.from_numpy(table)


def train(work: Path, config: dict[str, Any], resume: bool, threads: int, start: Path | None = None) -> None:
    """Train for ``config["minutes"]`` and export the model into ``work/model``.

    ``start`` is the folder of a finished model to go on from; without it the table starts from ``initial_table``.

    Minutes are those of this process alone on its threads, so that a busy machine neither shortens the
    training nor changes its schedule; on an idle one they are minutes by the clock.

    Raises:
        ValueError: the checkpoint to resume from, or ``start``, is of another tokenizer.
    """
    torch.set_num_threads(threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    content = (work / "tokenizer.json").read_bytes()
    tokenizer = hashlib.sha256(content).hexdigest()
    vocabulary = len(json.loads(content)["model"]["vocab"])
    mix = mixture(work, config)
    for task, share in zip(mix.tasks, mix.share, strict=True):
        logging.info("%-40s %7d  share %.3f", task.name, len(task), share)
    adam = RowAdam(torch.zeros(vocabulary, config["dimension"], device=device), config["decay"])
    spent = 0.0
    checkpoint = work / "checkpoint.pt"
    if resume and checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        if state.get("tokenizer") != tokenizer:
            raise ValueError(f"{checkpoint} was made with another tokenizer: remove it to begin anew.")
        adam.restore(state["adam"])
        spent = state["spent"]
    else:
        adam.table.copy_(
            shipped_table(start, vocabulary)
            if start
            else initial_table(mix, vocabulary, config["dimension"], config["seed"])
        )
    step = adam.steps
    rng = np.random.default_rng([config["seed"], step])
    budget = config["minutes"] * 60
    begun = _clock(device, threads) - spent
    curve = (work / "curve.csv").open("a" if step else "w", newline="")
    writer = csv.writer(curve)
    if not step:
        writer.writerow(["step", "seconds", "task", "loss", "learning_rate"])
    running: dict[str, float] = {}
    saved = time.monotonic()
    while (spent := _clock(device, threads) - begun) < budget:
        rate = config["learning_rate"] * schedule(step, spent / budget)
        batch = mix.draw(config["batch"].__getitem__, rng)
        kind = batch.task.split(".")[0]
        (left, right), rows, leaf = adam.bags(batch.left, batch.right)
        loss = loss_of(left, right, config["temperature"])
        loss.backward()
        assert leaf.grad is not None
        adam.step(rows, leaf.grad, rate)
        value = loss.item()
        if not math.isfinite(value):
            raise FloatingPointError(f"loss is {value} at step {step} ({batch.task})")
        running[kind] = value if kind not in running else 0.95 * running[kind] + 0.05 * value
        step += 1
        if step % 50 == 0:
            for name, average in sorted(running.items()):
                writer.writerow([step, round(spent), name, round(average, 4), round(rate, 6)])
            curve.flush()
            summary = " ".join(f"{name} {average:.2f}" for name, average in sorted(running.items()))
            logging.info("step %d, %.0f s: %s", step, spent, summary)
        if time.monotonic() - saved > 180:
            saved = time.monotonic()
            _save(checkpoint, adam, spent, tokenizer)
            export(work, adam.table.cpu().numpy())
    _save(checkpoint, adam, spent, tokenizer)
    curve.close()
    export(work, adam.table.cpu().numpy())
    plot(work / "curve.csv", work / "curve.png")


def _clock(device: torch.device, threads: int) -> float:
    return time.monotonic() if device.type == "cuda" else time.process_time() / threads


def _save(path: Path, adam: RowAdam, spent: float, tokenizer: str) -> None:
    temporary = path.with_suffix(".tmp")
    torch.save({"adam": adam.state(), "spent": spent, "tokenizer": tokenizer}, temporary)
    temporary.replace(path)


def plot(source: Path, target: Path) -> None:
    """Draw the loss of every task over the seconds."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    lines: dict[str, tuple[list[float], list[float]]] = {}
    with source.open(newline="") as stream:
        for row in csv.DictReader(stream):
            x, y = lines.setdefault(row["task"], ([], []))
            x.append(float(row["seconds"]))
            y.append(float(row["loss"]))
    figure, axes = pyplot.subplots(figsize=(8, 5))
    for name, (x, y) in sorted(lines.items()):
        axes.plot(x, y, label=name)
    axes.set_xlabel("seconds")
    axes.set_ylabel("contrastive loss (moving mean)")
    axes.set_yscale("log")
    axes.legend()
    figure.savefig(target, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, help="wall-clock budget; default: the config's")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--start", type=Path, help="folder of a finished model to go on from")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--config", type=Path, default=HERE / "config.json")
    arguments = parser.parse_args()
    config = json.loads(arguments.config.read_text(encoding="utf-8"))
    if arguments.minutes:
        config["minutes"] = arguments.minutes
    train(arguments.work, config, arguments.resume, arguments.threads, arguments.start)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    main()
