"""The copy reader's network as it is trained: a small T5 encoder–decoder that points instead of writing.

Three decoder steps: a sentence (or "none of them"), the first unit of the answer in that sentence, its
last unit. Each step scores the encoder's states by dot product, so that nothing but evidence can come
out; what a step may point at is the caller's mask. Knows rows of numbers (`rag.reading.features`),
not text. Imports torch and transformers, which reading does not need: `rag.reading.network` runs the weights.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import T5Config, T5Model

from rag.reading.committee import Committee, save_members
from rag.reading.features import (
    COVERS,
    DISTANCES,
    EVIDENCE_KINDS,
    MATCHES,
    PASSAGES,
    RANKS,
    SOFT,
)
from rag.reading.kinds import KINDS
from rag.reading.network import KIND_COLUMN, LONGEST_ANSWER, CopyNetwork
from rag.reading.units import TAGS
from rag.reading.vocabulary import PIECES, RARITIES

if TYPE_CHECKING:
    from rag.reading.copying import CopyReader

# Sizes of the feature columns, in the order of `Table.rows` after the word and its pieces.
FEATURE_SIZES = (len(TAGS), RARITIES, MATCHES, DISTANCES, DISTANCES, SOFT, RANKS, COVERS, EVIDENCE_KINDS, PASSAGES)


class CopyReaderConfig(T5Config):  # type: ignore[misc]
    """A T5 configuration with the sizes of the input tables.

    ``words`` × ``word_width`` are the frozen word vectors, ``pieces`` × ``piece_width`` the learned
    vectors of word pieces, ``drop_words`` the share of words hidden while training, ``align_width`` the
    width in which every unit looks for its like in the question (0: not at all), ``near`` the number of
    convolutions over neighbouring units before the encoder, ``reach`` how many units each sees, ``recurrent``
    the number of recurrent layers between the alignment and the encoder.
    """

    model_type = "yinju-copy-reader"

    words: int = 1
    word_width: int = 128
    pieces: int = 1
    piece_width: int = 64
    drop_words: float = 0.1
    align_width: int = 0
    near: int = 0
    reach: int = 5
    recurrent: int = 0
    input_dropout: float = 0.0
    feature_sizes: tuple[int, ...] = FEATURE_SIZES


class Alignment(nn.Module):
    """Every unit takes up the units of the question that are like it in meaning.

    The aligned question embedding of Chen et al., 2017 (DrQA, arXiv:1704.00051, section 3.2), with the
    product of both beside it (Seo et al., 2017, BiDAF, arXiv:1611.01603).
    """

    def __init__(self, config: CopyReaderConfig) -> None:
        super().__init__()
        self.like = nn.Linear(config.word_width + config.piece_width, config.align_width)
        self.into = nn.Linear(2 * config.d_model, config.d_model)
        nn.init.normal_(self.like.weight, std=(config.word_width + config.piece_width) ** -0.5)
        nn.init.normal_(self.into.weight, std=0.5 * (2 * config.d_model) ** -0.5)

    def forward(self, state: Tensor, words: Tensor, asked: Tensor) -> Tensor:
        """Return ``state`` ``[batch, n, width]`` with what the question says to each unit.

        ``words`` ``[batch, n, word and piece width]``; ``asked`` ``[batch, n]`` is true in the question.
        """
        like = nn.functional.relu(self.like(words))
        scores = (like @ like.transpose(1, 2)).masked_fill(~asked.unsqueeze(1), -1e9)
        aligned = torch.softmax(scores, -1) @ state
        result: Tensor = state + self.into(torch.cat([aligned, aligned * state], -1))
        return result


class Neighbours(nn.Module):
    """A depthwise separable convolution over neighbouring units (Yu et al., 2018, QANet, arXiv:1804.09541)."""

    def __init__(self, config: CopyReaderConfig) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(config.d_model)
        self.weights = nn.Parameter(torch.randn(config.reach, config.d_model) * config.reach**-0.5)
        self.mix = nn.Linear(config.d_model, config.d_model)
        nn.init.normal_(self.mix.weight, std=0.5 * config.d_model**-0.5)

    def forward(self, state: Tensor) -> Tensor:
        """Return ``state`` ``[batch, n, width]`` with what stands beside each unit."""
        reach, n = self.weights.shape[0], state.shape[1]
        padded = nn.functional.pad(self.norm(state), (0, 0, reach // 2, reach // 2))
        seen = sum(self.weights[k] * padded[:, k : k + n] for k in range(reach))
        result: Tensor = state + nn.functional.gelu(self.mix(seen))
        return result


class Recurrence(nn.Module):
    """A gated recurrent layer over all units, both ways (Cho et al., 2014, arXiv:1406.1078; Chen et al., 2017)."""

    def __init__(self, config: CopyReaderConfig) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(config.d_model)
        self.gru = nn.GRU(config.d_model, config.d_model // 2, batch_first=True, bidirectional=True)
        self.mix = nn.Linear(config.d_model, config.d_model)
        self.rate = config.dropout_rate
        nn.init.normal_(self.mix.weight, std=0.5 * config.d_model**-0.5)

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        """Return ``state`` ``[batch, n, width]`` with what comes before and after each unit."""
        normal = self.norm(state)
        if self.training and self.rate:
            kept = torch.rand(len(state), 1, state.shape[-1], device=state.device) >= self.rate
            normal = normal * (kept / (1 - self.rate))
        lengths = mask.sum(1).long().cpu()
        packed = nn.utils.rnn.pack_padded_sequence(normal, lengths, batch_first=True, enforce_sorted=False)
        passed, _ = nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], batch_first=True, total_length=state.shape[1])
        result: Tensor = state + self.mix(passed)
        return result


class CopyReaderModel(T5Model):  # type: ignore[misc]
    """T5 over feature rows with three pointing steps."""

    config_class = CopyReaderConfig

    def __init__(self, config: CopyReaderConfig) -> None:
        super().__init__(config)
        width = config.d_model
        self.register_buffer("word_codes", torch.zeros(config.words, config.word_width, dtype=torch.int8))
        self.register_buffer("word_scale", torch.ones(config.word_width))
        offsets = torch.tensor([0, *config.feature_sizes[:-1]]).cumsum(0)
        self.register_buffer("feature_offsets", offsets)
        self.piece = nn.Embedding(config.pieces, config.piece_width, padding_idx=0)
        self.feature = nn.Embedding(sum(config.feature_sizes), width)
        self.word_in = nn.Linear(config.word_width + config.piece_width, width)
        self.beside = nn.Parameter(torch.zeros(2, width))
        self.align = Alignment(config) if config.align_width else None
        self.near = nn.ModuleList(Neighbours(config) for _ in range(config.near))
        self.recurrent = nn.ModuleList(Recurrence(config) for _ in range(config.recurrent))
        self.first_step = nn.Parameter(torch.randn(width) * 0.3)
        self.step_in = nn.Linear(width, 2 * width)
        self.query = nn.Linear(width, 3 * width)
        self.key = nn.Linear(width, 3 * width, bias=False)
        self.length_bias = nn.Embedding(LONGEST_ANSWER, 1)
        for module, std in (
            (self.piece, 0.3),
            (self.feature, 0.3),
            (self.word_in, config.word_width**-0.5),
            (self.step_in, width**-0.5),
            (self.query, width**-0.5),
            (self.key, width**-0.5),
        ):
            nn.init.normal_(module.weight, std=std)
        nn.init.zeros_(self.length_bias.weight)

    def encode(self, rows: Tensor, mask: Tensor) -> Tensor:
        """Return encoder states ``[batch, n, width]`` for int64 ``rows`` ``[batch, n, columns]``.

        ``mask`` ``[batch, n]`` is 1 where a row stands and 0 where the batch is filled up.
        """
        words = self.word_codes[rows[..., 0]].to(self.word_scale.dtype) * self.word_scale
        pieces = rows[..., 1 : 1 + PIECES]
        count = (pieces > 0).sum(-1, keepdim=True).clamp(min=1)
        piece = self.piece(pieces).sum(-2) / count
        if self.training and self.config.drop_words:
            kept = torch.rand(rows.shape[:2], device=rows.device) >= self.config.drop_words
            words = words * kept.unsqueeze(-1)
            piece = piece * kept.unsqueeze(-1)
        flat = (rows[..., 1 + PIECES :] + self.feature_offsets).flatten(0, 1)
        features = nn.functional.embedding_bag(flat, self.feature.weight, mode="sum")
        state = self.word_in(torch.cat([words, piece], -1)) + features.view(*rows.shape[:2], -1)
        state = state + self.beside[0] * state.roll(1, 1) + self.beside[1] * state.roll(-1, 1)
        state = nn.functional.dropout(state, self.config.input_dropout, self.training)
        for near in self.near:
            state = near(state * mask.unsqueeze(-1))
        if self.align is not None:
            asked = rows[..., KIND_COLUMN] >= len(KINDS)
            state = self.align(state, torch.cat([words, piece], -1), asked)
        for layer in self.recurrent:
            state = layer(state, mask)
        result: Tensor = self.encoder(inputs_embeds=state, attention_mask=mask).last_hidden_state
        return result

    def keys(self, states: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what the three steps compare with: sentence, first and last keys, each like ``states``."""
        sentence, first, last = self.key(states).chunk(3, -1)
        return sentence, first, last

    def steps(self, states: Tensor, mask: Tensor, path: Tensor) -> Tensor:
        """Return queries ``[batch, steps, width]`` for a path already taken.

        Args:
            states: encoder states ``[batch, n, width]``.
            mask: ``[batch, n]``.
            path: positions pointed at so far, int64 ``[batch, 0 … 2]``: the mark, then the first unit.
        """
        batch, taken = path.shape
        inputs = [self.first_step.expand(batch, 1, -1)]
        if taken:
            picked = states.gather(1, path.unsqueeze(-1).expand(-1, -1, states.shape[-1]))
            mark, first = self.step_in(picked).chunk(2, -1)
            inputs.extend([mark[:, :1], first[:, 1:2]][:taken])
        hidden = self.decoder(
            inputs_embeds=torch.cat(inputs, 1),
            encoder_hidden_states=states,
            encoder_attention_mask=mask,
            use_cache=False,
        ).last_hidden_state
        queries = self.query(hidden).view(batch, taken + 1, 3, -1)
        step = torch.arange(taken + 1, device=path.device)
        result: Tensor = queries[:, step, step] * self.config.d_model**-0.5
        return result

    def lengths(self, first: Tensor, positions: Tensor) -> Tensor:
        """Return the score for an answer from ``first`` to each of ``positions`` by its length alone."""
        bias: Tensor = self.length_bias((positions - first).clamp(0, LONGEST_ANSWER - 1))
        return bias.squeeze(-1)

    def forward(self, rows: Tensor, mask: Tensor, marks: Tensor, gold: Tensor, last: Tensor) -> dict[str, Any]:
        """Return the training losses of the three steps, each ``[batch]`` (0 where it does not apply).

        Args:
            rows: int64 ``[batch, n, columns]``.
            mask: ``[batch, n]``.
            marks: positions a first step may point at, int64 ``[batch, m]``, filled up with -1.
            gold: int64 ``[batch, 3]``: index into ``marks``, first unit, last unit (-1 for none).
            last: int64 ``[batch]``: where the gold sentence ends (half-open).
        """
        states = self.encode(rows, mask)
        sentence_keys, first_keys, last_keys = self.keys(states)
        at = marks.clamp(min=0)
        mark = at.gather(1, gold[:, :1])
        answered = gold[:, 1] >= 0
        path = torch.cat([mark, gold[:, 1:2].clamp(min=0)], 1)
        queries = self.steps(states, mask, path)
        picked = sentence_keys.gather(1, at.unsqueeze(-1).expand(-1, -1, states.shape[-1]))
        sentence = torch.einsum("bd,bmd->bm", queries[:, 0], picked).float()
        sentence = sentence.masked_fill(marks < 0, -1e9)
        positions = torch.arange(rows.shape[1], device=rows.device).expand(rows.shape[:2])
        first = torch.einsum("bd,bnd->bn", queries[:, 1], first_keys).float()
        inside = (positions > mark) & (positions < last[:, None])
        first = first.masked_fill(~inside, -1e9)
        final = torch.einsum("bd,bnd->bn", queries[:, 2], last_keys).float()
        final = final + self.lengths(path[:, 1:2], positions)
        ahead = inside & (positions >= path[:, 1:2]) & (positions < path[:, 1:2] + LONGEST_ANSWER)
        final = final.masked_fill(~ahead, -1e9)
        furthest = torch.minimum(gold[:, 2].clamp(min=0), path[:, 1] + LONGEST_ANSWER - 1)
        entropy = nn.functional.cross_entropy
        return {
            "sentence": entropy(sentence, gold[:, 0], reduction="none"),
            "first": entropy(first, path[:, 1], reduction="none") * answered,
            "last": entropy(final, furthest, reduction="none") * answered,
        }


def weights_of(model: CopyReaderModel) -> dict[str, NDArray[Any]]:
    """Return the weights by their names, as arrays."""
    return {name: value.detach().cpu().numpy() for name, value in model.state_dict().items()}


def network_of(*models: CopyReaderModel) -> Committee:
    """Return what runs these weights without torch."""
    return Committee([CopyNetwork(model.config.to_dict(), weights_of(model)) for model in models])


def save_copy_reader(
    models: Sequence[CopyReaderModel], reader: CopyReader, folder: Path, note: dict[str, object] | None = None
) -> None:
    """Write a reader as `rag.reading.copying.load_copy_reader` reads it; floats as float16.

    Args:
        models: the members' weights, of one shape and with one word table.
        reader: its tables, ranker and calibration.
        folder: where to; made when absent.
        note: what else ``reader.json`` is to hold, such as measured rates.
    """
    from rag.reading.confidence import SIGNALS
    from rag.reading.copying import FORMAT, RANKER

    folder.mkdir(parents=True, exist_ok=True)
    models[0].to(torch.float16).save_pretrained(folder)
    models[0].to(torch.float32)
    save_members([weights_of(model) for model in models[1:]], folder)
    if reader.ranker is not None:
        reader.ranker.save(folder / RANKER)
    reader.vocabulary.save(folder / "vocabulary.json")
    record = {
        "format": FORMAT,
        "edges": list(reader.edges),
        "calibration": {"signals": SIGNALS, **asdict(reader.calibration)},
        "sentences": reader.sentences,
        **(note or {}),
    }
    text = json.dumps(record, ensure_ascii=False, indent=1)
    (folder / "reader.json").write_text(text + "\n", encoding="utf8")
