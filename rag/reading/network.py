"""The copy reader's network as it runs: the T5 of `rag.reading.model`, its forward pass in numpy alone.

Weights this small spend longer on the way through a deep-learning framework than in the sums, and importing
one takes longer than all else between a question and its answer. Reads the folder that transformers wrote
(``config.json``, ``model.safetensors``); a test holds both to the same numbers. Knows rows of numbers, not text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.reading.features import COLUMNS
from rag.reading.kinds import KINDS
from rag.reading.vocabulary import PIECES

LONGEST_ANSWER = 64
KIND_COLUMN = COLUMNS - 2
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One table, encoded: ``states`` ``[n, width]`` and what the steps compare with, each like ``states``.

    ``memory`` holds for each decoder layer the keys and values ``[heads, n, head width]`` of the evidence.
    """

    states: Floats
    sentence: Floats
    first: Floats
    last: Floats
    memory: tuple[tuple[Floats, Floats], ...]


class CopyNetwork:
    """A T5 encoder–decoder that points.

    Args:
        config: what ``config.json`` holds.
        weights: arrays by their names in transformers' format; floats of any width.
    """

    def __init__(self, config: Mapping[str, Any], weights: Mapping[str, NDArray[Any]]) -> None:
        self.config = config
        self.word_codes = weights["word_codes"]
        self.word_scale = weights["word_scale"].astype(np.float32)
        self._weights = {
            name: np.ascontiguousarray(array, dtype=np.float32)
            for name, array in weights.items()
            if name != "word_codes"
        }
        self._recurrent = sum(name.endswith("gru.weight_ih_l0") for name in weights)  # members may differ in this
        self._heads = int(config["num_heads"])
        sizes = [int(size) for size in config["feature_sizes"]]
        self._offsets = np.cumsum([0, *sizes[:-1]])
        self._epsilon = float(config["layer_norm_epsilon"])

    @classmethod
    def load(cls, folder: Path) -> CopyNetwork:
        """Read what transformers' ``save_pretrained`` wrote.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
            KeyError: a weight is missing.
        """
        config = json.loads((folder / "config.json").read_text("utf-8"))
        return cls(config, read_weights(folder / "model.safetensors"))

    def encode(self, rows: NDArray[np.uint16]) -> Encoded:
        """Encode the rows ``[n, columns]`` of one table."""
        state = self._enter(rows.astype(np.int64))
        bias = self._bias("encoder", len(state), both_ways=True)
        for layer in range(int(self.config["num_layers"])):
            block = f"encoder.block.{layer}.layer."
            normal = self._norm(state, f"{block}0.layer_norm.weight")
            state = state + self._attend(
                f"{block}0.SelfAttention", normal, *self._memory(f"{block}0.SelfAttention", normal), bias
            )
            state = state + self._dense(f"{block}1", state)
        state = self._norm(state, "encoder.final_layer_norm.weight")
        sentence, first, last = np.split(state @ self._weights["key.weight"].T, 3, axis=-1)
        memory = tuple(
            self._memory(f"decoder.block.{layer}.layer.1.EncDecAttention", state)
            for layer in range(int(self.config["num_decoder_layers"]))
        )
        return Encoded(state, sentence, first, last, memory)

    def step(self, encoded: Encoded, paths: NDArray[np.int64]) -> Floats:
        """Return the query ``[paths, width]`` of the next step of each path.

        Args:
            encoded: the table.
            paths: positions pointed at so far, ``[paths, 0 … 2]``: the mark, then the first unit.
        """
        count, taken = paths.shape
        width = encoded.states.shape[1]
        state = np.empty((count, taken + 1, width), dtype=np.float32)
        state[:, 0] = self._weights["first_step"]
        for place in range(taken):
            picked = encoded.states[paths[:, place]]
            part = slice(place * width, (place + 1) * width)
            state[:, place + 1] = picked @ self._weights["step_in.weight"][part].T + self._weights["step_in.bias"][part]
        ahead = np.where(np.tri(taken + 1, dtype=bool), np.float32(0), np.float32(-1e9))
        bias = self._bias("decoder", taken + 1, both_ways=False) + ahead
        for layer, memory in enumerate(encoded.memory):
            block = f"decoder.block.{layer}.layer."
            normal = self._norm(state, f"{block}0.layer_norm.weight")
            own = self._memory(f"{block}0.SelfAttention", normal)
            state = state + self._attend(f"{block}0.SelfAttention", normal, *own, bias)
            normal = self._norm(state, f"{block}1.layer_norm.weight")
            state = state + self._attend(f"{block}1.EncDecAttention", normal, *memory)
            state = state + self._dense(f"{block}2", state)
        last = self._norm(state[:, -1], "decoder.final_layer_norm.weight")
        part = slice(taken * width, (taken + 1) * width)
        query = last @ self._weights["query.weight"][part].T + self._weights["query.bias"][part]
        result: Floats = query * np.float32(width**-0.5)
        return result

    def lengths(self) -> Floats:
        """Return the score of an answer by its length alone, for 1 … `LONGEST_ANSWER` units."""
        return self._weights["length_bias.weight"][:, 0]

    def _enter(self, rows: NDArray[np.int64]) -> Floats:
        """Rows as states: words, pieces and features, then neighbours, then what the question says to each."""
        weights = self._weights
        words = self.word_codes[rows[:, 0]].astype(np.float32) * self.word_scale
        pieces = rows[:, 1 : 1 + PIECES]
        known = np.maximum((pieces > 0).sum(axis=1, keepdims=True), 1).astype(np.float32)
        both = np.concatenate([words, weights["piece.weight"][pieces].sum(axis=1) / known], axis=1)
        features = weights["feature.weight"][rows[:, 1 + PIECES :] + self._offsets].sum(axis=1)
        state = both @ weights["word_in.weight"].T + weights["word_in.bias"] + features
        before, after = weights["beside"]
        state = state + before * np.roll(state, 1, axis=0) + after * np.roll(state, -1, axis=0)
        for layer in range(int(self.config.get("near", 0))):
            state = state + self._neighbours(f"near.{layer}", state)
        if self.config.get("align_width", 0):
            state = state + self._aligned(state, both, rows[:, KIND_COLUMN] >= len(KINDS))
        for layer in range(self._recurrent):
            state = state + self._passed(f"recurrent.{layer}", state)
        entered: Floats = state
        return entered

    def _neighbours(self, name: str, state: Floats) -> Floats:
        weights = self._weights
        normal = self._centred(state, f"{name}.norm")
        kernel = weights[f"{name}.weights"]
        reach = len(kernel)
        padded = np.pad(normal, ((reach // 2, reach // 2), (0, 0)))
        seen = sum(kernel[k] * padded[k : k + len(state)] for k in range(reach))
        mixed: Floats = seen @ weights[f"{name}.mix.weight"].T + weights[f"{name}.mix.bias"]
        return gelu(mixed)

    def _passed(self, name: str, state: Floats) -> Floats:
        """What a gated recurrent layer makes of the rows, from the first on and from the last on."""
        weights = self._weights
        normal = self._centred(state, f"{name}.norm")
        ways = ("", "_reverse")
        turned = (normal, normal[::-1])
        width = weights[f"{name}.gru.weight_hh_l0"].shape[1]
        inner = np.stack([weights[f"{name}.gru.weight_hh_l0{way}"].T for way in ways])
        biases = np.stack([weights[f"{name}.gru.bias_hh_l0{way}"] for way in ways])
        entering = np.stack(
            [
                rows @ weights[f"{name}.gru.weight_ih_l0{way}"].T + weights[f"{name}.gru.bias_ih_l0{way}"]
                for rows, way in zip(turned, ways, strict=True)
            ],
            axis=1,
        )  # [n, ways, 3 × width]: reset, update, new
        hidden = np.zeros((2, width), dtype=np.float32)
        passed = np.empty((len(state), 2, width), dtype=np.float32)
        for place, entry in enumerate(entering):
            kept = (hidden[:, None] @ inner)[:, 0] + biases
            gates = 1 / (1 + np.exp(-(entry[:, : 2 * width] + kept[:, : 2 * width])))
            reset, update = gates[:, :width], gates[:, width:]
            new = np.tanh(entry[:, 2 * width :] + reset * kept[:, 2 * width :])
            hidden = new + update * (hidden - new)
            passed[place] = hidden
        both = np.concatenate([passed[:, 0], passed[::-1, 1]], axis=1)
        result: Floats = both @ weights[f"{name}.mix.weight"].T + weights[f"{name}.mix.bias"]
        return result

    def _centred(self, state: Floats, name: str) -> Floats:
        """Layer normalisation (Ba et al., 2016, arXiv:1607.06450)."""
        mean = state.mean(axis=1, keepdims=True)
        normal = (state - mean) / np.sqrt(((state - mean) ** 2).mean(axis=1, keepdims=True) + 1e-5)
        centred: Floats = normal * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return centred

    def _aligned(self, state: Floats, words: Floats, asked: NDArray[np.bool_]) -> Floats:
        weights = self._weights
        like = np.maximum(words @ weights["align.like.weight"].T + weights["align.like.bias"], 0)
        aligned = softmax(like @ like[asked].T) @ state[asked]
        both = np.concatenate([aligned, aligned * state], axis=1)
        result: Floats = both @ weights["align.into.weight"].T + weights["align.into.bias"]
        return result

    def _norm(self, state: Floats, name: str) -> Floats:
        scale = 1 / np.sqrt((state**2).mean(axis=-1, keepdims=True) + np.float32(self._epsilon))
        result: Floats = state * scale * self._weights[name]
        return result

    def _dense(self, block: str, state: Floats) -> Floats:
        normal = self._norm(state, f"{block}.layer_norm.weight")
        hidden = np.maximum(normal @ self._weights[f"{block}.DenseReluDense.wi.weight"].T, 0)
        result: Floats = hidden @ self._weights[f"{block}.DenseReluDense.wo.weight"].T
        return result

    def _memory(self, name: str, state: Floats) -> tuple[Floats, Floats]:
        """Keys and values ``[…, heads, n, head width]`` of states ``[…, n, width]``."""
        return (
            self._split(state @ self._weights[f"{name}.k.weight"].T),
            self._split(state @ self._weights[f"{name}.v.weight"].T),
        )

    def _split(self, state: Floats) -> Floats:
        split: Floats = state.reshape(*state.shape[:-1], self._heads, -1).swapaxes(-2, -3)
        return split

    def _attend(self, name: str, state: Floats, keys: Floats, values: Floats, bias: Floats | None = None) -> Floats:
        """Attention of states ``[…, n, width]``; T5 does not scale the products."""
        scores: Floats = self._split(state @ self._weights[f"{name}.q.weight"].T) @ keys.swapaxes(-1, -2)
        mixed: Floats = softmax(scores if bias is None else scores + bias) @ values
        joined = mixed.swapaxes(-2, -3).reshape(*state.shape[:-1], -1)
        result: Floats = joined @ self._weights[f"{name}.o.weight"].T
        return result

    def _bias(self, stack: str, length: int, both_ways: bool) -> Floats:
        """The relative position bias ``[heads, length, length]`` (Raffel et al., 2020, arXiv:1910.10683)."""
        table = self._weights[f"{stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"]
        far = int(self.config["relative_attention_max_distance"])
        steps = np.arange(-(length - 1), length)  # where the other stands, seen from here
        by_step = table[buckets(steps, int(self.config["relative_attention_num_buckets"]), far, both_ways)]
        at = np.arange(length)
        bias: Floats = by_step[at[None, :] - at[:, None] + length - 1].transpose(2, 0, 1)
        return bias


def use_one_blas_thread() -> None:
    """Have numpy multiply matrices in the thread that asks, in the whole process.

    Matrices this small are done before a second thread has begun; waiting for it costs a fifth of an answer, and
    seconds where other programs hold the cores. Other libraries, such as FAISS with its own BLAS, keep their threads.
    """
    from threadpoolctl import ThreadpoolController

    for library in ThreadpoolController().lib_controllers:
        if "numpy" in Path(library.filepath).parent.name:
            library.set_num_threads(1)


def read_weights(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of a safetensors file by their names.

    Raises:
        OSError: it is missing.
        ValueError: it is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return load_file(path)
    except SafetensorError as error:
        raise ValueError(f"{path.name}: {error}") from error


def buckets(steps: NDArray[np.int64], count: int, far: int, both_ways: bool) -> NDArray[np.int64]:
    """Return the bucket of each relative position, as T5 numbers them.

    Half of the buckets (of each side, when ``both_ways``) are for single steps, the rest grow up to ``far``.
    """
    base: NDArray[np.int64] = np.zeros_like(steps)
    if both_ways:
        count //= 2
        base = base + (steps > 0) * count
        away = np.abs(steps)
    else:
        away = np.maximum(-steps, 0)
    exact = count // 2
    with np.errstate(divide="ignore"):
        grown = (
            np.log(away.astype(np.float32) / np.float32(exact)) / np.float32(math.log(far / exact)) * (count - exact)
        )
    large = np.minimum(exact + np.where(away < exact, 0, grown).astype(np.int64), count - 1)
    return np.asarray(base + np.where(away < exact, away, large))


def softmax(scores: Floats) -> Floats:
    """Softmax over the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return result


def gelu(values: Floats) -> Floats:
    """The Gaussian error linear unit, with the error function to 1.5e-7 (Abramowitz and Stegun, 1964, 7.1.26)."""
    ratio = np.abs(values) * np.float32(0.5**0.5)
    t = 1 / (1 + np.float32(0.3275911) * ratio)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    error = np.sign(values) * (1 - series * np.exp(-ratio * ratio))
    result: Floats = (0.5 * values * (1 + error)).astype(np.float32)
    return result
