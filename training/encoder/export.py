"""Writes the table as a sentence-transformers folder: int8 rows with one factor per token.

sentence-transformers reads this form itself (``embeddings`` and ``weights`` in one safetensors file, the
layout of model2vec), so the folder loads there as it does here. Knows nothing of training.

    python -m training.encoder.export WORK_FOLDER      # from WORK_FOLDER/checkpoint.pt
"""

from __future__ import annotations

import json
import logging
import shutil
import sys
from pathlib import Path

import numpy as np


def quantise(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 rows ``[n, d]`` and float32 factors ``[n]`` with ``rows * factors[:, None]`` close to ``table``."""
    factors = np.maximum(np.abs(table).max(axis=1), 1e-8) / 127
    return np.round(table / factors[:, None]).astype(np.int8), factors.astype(np.float32)


def export(work: Path, table: np.ndarray) -> Path:
    """Write ``work/model`` from a float32 table ``[vocabulary, dimension]``; the row of [UNK] is zero."""
    from safetensors.numpy import save_file

    folder = work / "model"
    (folder / "1_Normalize").mkdir(parents=True, exist_ok=True)
    table = table.copy()
    table[0] = 0.0
    rows, factors = quantise(table)
    save_file({"embeddings": rows, "weights": factors}, folder / "model.safetensors")
    shutil.copyfile(work / "tokenizer.json", folder / "tokenizer.json")
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules, indent=1), encoding="utf-8")
    settings = {"prompts": {}, "default_prompt_name": None, "similarity_fn_name": "cosine"}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")
    return folder


if __name__ == "__main__":
    import torch

    logging.basicConfig(level=logging.INFO)
    state = torch.load(Path(sys.argv[1]) / "checkpoint.pt", weights_only=True)
    logging.info("wrote %s", export(Path(sys.argv[1]), state["adam"]["table"].numpy()))
