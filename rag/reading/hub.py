"""Any sequence-to-sequence model of the Hugging Face formats as a reader, kept to what stands in the evidence.

The model writes freely; an answer is only taken when the same characters stand in a sentence of the
evidence (white space, width, case and traditional forms aside), and then it is those characters that are
claimed. What cannot be found is dropped. Knows nothing of any particular model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.errors import SettingsError
from rag.reading.agreeing import agree
from rag.reading.folding import fold
from rag.records import Claim, Evidence, Reading

PROMPT = (
    "Answer the question with a few words copied from the numbered sentences. "
    "If they do not say, answer: unanswerable.\n\n{evidence}\n\nQuestion: {question}\nAnswer:"
)
NEW_TOKENS = 48
THRESHOLD = 0.2
_NOTHING = frozenset(fold(word) for word in ("unanswerable", "unknown", "none", "无法回答", "不知道", "нет ответа"))


class HubReader:
    """A free-form model whose answers are held against the evidence.

    Args:
        model: a transformers sequence-to-sequence model.
        tokenizer: its tokenizer.
        identity: name of the model.
    """

    threshold = THRESHOLD

    def __init__(self, model: Any, tokenizer: Any, identity: str) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self.identity = identity

    def read(self, question: str, evidence: Sequence[Evidence]) -> Reading:
        """Return one claim for each sentence in which the generated answer stands, or none.

        The confidence is the geometric mean of the generated tokens' probabilities.
        """
        if not question.strip() or not evidence:
            return Reading((), 0.0)
        answer, sure = self._generate(question, evidence)
        claims = tuple(
            Claim(index, *span, sure)
            for index, piece in enumerate(evidence)
            if (span := find_grounded(answer, piece.text)) is not None
        )
        return agree(question, evidence, Reading(claims, sure if claims else 0.0))

    def _generate(self, question: str, evidence: Sequence[Evidence]) -> tuple[str, float]:
        """The model's answer and how sure it was, from 0 to 1."""
        import torch

        lines = "\n".join(f"[{number}] {piece.text}" for number, piece in enumerate(evidence, 1))
        prompt = PROMPT.format(evidence=lines, question=question)
        longest = min(int(getattr(self._tokenizer, "model_max_length", 1024)), 4096)
        inputs = self._tokenizer(prompt, return_tensors="pt", truncation=True, max_length=longest)
        with torch.inference_mode():
            made = self._model.generate(
                input_ids=inputs["input_ids"],
                attention_mask=inputs["attention_mask"],
                max_new_tokens=NEW_TOKENS,
                num_beams=1,
                do_sample=False,
                output_scores=True,
                return_dict_in_generate=True,
            )
            scores = self._model.compute_transition_scores(made.sequences, made.scores, normalize_logits=True)
        answer = self._tokenizer.decode(made.sequences[0], skip_special_tokens=True).strip()
        mean = float(scores[0].mean()) if scores.numel() else -30.0
        return answer, math.exp(max(-30.0, min(0.0, mean)))


def find_grounded(answer: str, sentence: str) -> tuple[int, int] | None:
    """Return where ``answer`` stands in ``sentence``, or None.

    White space, width, case, and traditional or simplified forms may differ; nothing else may.

    >>> find_grounded("948 億美元", "去年达到948亿美元。")
    (4, 10)
    """
    wanted = "".join(fold(answer).split()).strip("。.，,；;！!？? ")
    if not wanted or wanted in _NOTHING:
        return None
    places = [place for place, character in enumerate(sentence) if not character.isspace()]
    packed = "".join(fold(sentence)[place] for place in places)
    at = packed.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not (_splits(packed, at) or _splits(packed, end)):
            return places[at], places[end - 1] + 1
        at = packed.find(wanted, at + 1)
    return None


def _splits(text: str, at: int) -> bool:
    """Whether position ``at`` is inside a number: 48 must not be found in 948."""
    return 0 < at < len(text) and text[at - 1].isdigit() and text[at].isdigit()


def load_hub_reader(name: str) -> HubReader:
    """Load a model by folder or hub name; weights from safetensors only, and no code of the model's.

    Raises:
        SettingsError: no such model, or it cannot be loaded as a sequence-to-sequence model.
    """
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    local = Path(name).is_dir()
    try:
        tokenizer = AutoTokenizer.from_pretrained(name, local_files_only=local)
        model = AutoModelForSeq2SeqLM.from_pretrained(name, local_files_only=local, use_safetensors=True)
    except (OSError, ValueError, KeyError, ImportError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise SettingsError(f"The reader {name!r} cannot be loaded: {first}") from error
    return HubReader(model.eval(), tokenizer, name)
