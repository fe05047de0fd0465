"""Adam for a table of which a batch touches few rows: the others cost nothing.

A batch of two thousand sentences touches a fifth of the table, a batch of words a twentieth; a dense
gradient and a dense Adam spend most of the time on rows that do not change. Knows nothing of batches.
"""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F


class RowAdam:
    """A table ``[rows, dimension]`` changed row by row: Adam without momentum, with its second moment.

    The second moment of a row fades with every step of the training, touched or not, as in dense Adam: so a
    rare row takes long steps.
    """

    def __init__(self, table: torch.Tensor, decay: float = 0.99, epsilon: float = 1e-8) -> None:
        self.table = table
        self.second = torch.zeros_like(table)
        self.touched = torch.zeros(len(table), device=table.device)
        self.decay, self.epsilon = decay, epsilon
        self.steps = 0

    def bags(self, *sides: tuple[np.ndarray, np.ndarray]) -> tuple[list[torch.Tensor], torch.Tensor, torch.Tensor]:
        """Means of bags, one ``[n, dimension]`` per side, with the rows touched and the leaf that has their gradient.

        A side is (flat ids int64, starts int64 ``[n]``).
        """
        device = self.table.device
        ids, where = np.unique(np.concatenate([ids for ids, _ in sides]), return_inverse=True)
        rows = torch.from_numpy(ids).to(device)
        leaf = self.table[rows].requires_grad_()
        positions = torch.from_numpy(where).to(device)
        means, first = [], 0
        for flat, starts in sides:
            part = positions[first : first + len(flat)]
            means.append(F.embedding_bag(part, leaf, torch.from_numpy(starts).to(device), mode="mean"))
            first += len(flat)
        return means, rows, leaf

    @torch.no_grad()
    def step(self, rows: torch.Tensor, gradient: torch.Tensor, rate: float) -> None:
        """One step on ``rows`` (int64 ``[m]``) with their ``gradient`` ``[m, dimension]``."""
        self.steps += 1
        faded = self.decay ** (self.steps - self.touched[rows])
        second = self.second[rows].mul_(faded[:, None]).addcmul_(gradient, gradient, value=1 - self.decay)
        self.second[rows] = second
        self.touched[rows] = float(self.steps)
        scale = (1 - self.decay**self.steps) ** 0.5
        self.table.index_add_(0, rows, gradient / second.sqrt().div_(scale).add_(self.epsilon), alpha=-rate)

    def state(self) -> dict[str, torch.Tensor | int]:
        """What a checkpoint needs."""
        return {"table": self.table, "second": self.second, "touched": self.touched, "steps": self.steps}

    def restore(self, state: dict[str, torch.Tensor | int]) -> None:
        """Take up a checkpoint."""
        self.table.copy_(torch.as_tensor(state["table"]))
        self.second.copy_(torch.as_tensor(state["second"]))
        self.touched.copy_(torch.as_tensor(state["touched"]))
        self.steps = int(state["steps"])
