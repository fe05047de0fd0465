"""The built-in reader: the copy networks, what chooses among their spans, and its calibration, read from one folder.

The folder holds ``config.json`` and ``model.safetensors`` (transformers' format), further members of the
committee in ``member-2.safetensors`` and so on, ``ranker.safetensors`` (`rag.reading.ranking`), ``vocabulary.json``
and ``reader.json`` (format, steps of closeness, calibration, threshold, and how they were fitted).
Every claim is a run of units of one sentence: nothing else can come out. Knows evidence, not where it
came from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rag.errors import SettingsError
from rag.reading.agreeing import (
    asks_for_several,
    asks_of_a_time,
    comparable,
    completed,
    fitness,
)
from rag.reading.committee import Committee, member_files
from rag.reading.confidence import SIGNALS, Calibration, signals
from rag.reading.decoding import Decoded, decode
from rag.reading.features import Table, build_table
from rag.reading.glossing import in_chinese
from rag.reading.kinds import KINDS, question_kind
from rag.reading.meanings import TokenVectors, WordMeanings
from rag.reading.network import use_one_blas_thread
from rag.reading.ranking import MOST, Span, Trees, likeness, span_features
from rag.reading.selecting import told_scores
from rag.reading.vocabulary import Vocabulary
from rag.records import Claim, Evidence, Reading

FORMAT = 2
RANKER = "ranker.safetensors"
MOST_CLAIMS = 5
# How much words shared with the question weigh in the choice of the sentence, beside the network; where there
# are none (another script), how much its coverage by meaning does. Chosen on development questions: model card.
LEXICAL_PRIOR = 4.0
COVERAGE_PRIOR = 2.0
# Why and how may take several sentences: those whose probability reaches this share of the best one's.
FURTHER_SHARE = 0.25
MOST_FURTHER = 3
RIVAL_SHARE = 0.7  # another article differs when it answers with this share of the best answer's confidence
_LEAST = 1e-3  # trees may expect less than nothing of a span
_LONG_KINDS = frozenset({"why", "how"})
_PAIRS = dict(zip("”’」』》〉）)]】", "“‘「『《〈（([【", strict=True))
_OPENERS = {opener: closer for closer, opener in _PAIRS.items()}


@dataclass(frozen=True, slots=True)
class Weighed:
    """Claims, best first, the `signals` of the best, and the `further` sentences of its answer."""

    claims: tuple[Claim, ...]
    signals: tuple[float, ...]
    further: tuple[Claim, ...]


class CopyReader:
    """Answers with a span of the evidence, or with nothing.

    Args:
        network: the networks.
        vocabulary: the reader's vocabulary.
        edges: cosines at which the steps of closeness begin (`rag.reading.meanings`).
        calibration: from signals to confidence.
        identity: name and hash of the weights.
        encoder: token vectors for questions in another script than the evidence.
        sentences: at most so many sentences are read, those that meet the question best.
        ranker: says how right each likely span is; without it its probability does.
    """

    def __init__(
        self,
        network: Committee,
        vocabulary: Vocabulary,
        edges: Sequence[float],
        calibration: Calibration,
        identity: str,
        encoder: TokenVectors | None = None,
        sentences: int = 16,
        ranker: Trees | None = None,
    ) -> None:
        self.network = network
        self.vocabulary = vocabulary
        self.edges = edges
        self.calibration = calibration
        self.identity = identity
        self.sentences = sentences
        self.ranker = ranker
        vectors = network.word_codes.astype(np.float32) * network.word_scale
        self.meanings = WordMeanings(vocabulary, vectors, edges, encoder)

    @property
    def threshold(self) -> float:
        """The confidence under which an answer should be withheld, as fitted."""
        return self.calibration.threshold

    def read(self, question: str, evidence: Sequence[Evidence]) -> Reading:
        """Return what the evidence says to the question: claims best first, and how sure the best one is.

        Args:
            question: the standalone question.
            evidence: sentences in reading order; those that meet the question worst are left unread
                when there are too many.
        """
        found = self.weigh(question, evidence)
        if found is None:
            return Reading((), 0.0)
        confidence = self.calibration.confidence(found.signals)
        rivals = self._rivals(question, evidence, found.claims[0], confidence)
        return Reading(found.claims, confidence, found.further, rivals)

    def weigh(self, question: str, evidence: Sequence[Evidence]) -> Weighed | None:
        """Return what a reading is made of, but for the confidence; None when nothing can be read."""
        if not any(map(str.isalnum, question)) or not any(piece.text.strip() for piece in evidence):
            return None
        asked = in_chinese(question, [piece.text for piece in evidence])
        table, decoded, chosen = self.examine(asked, evidence)
        if not decoded.spans:
            return None
        texts = [piece.text for piece in evidence]
        spans = whole_spans(asked, texts, table, decoded, chosen)
        chances = dict(zip(chosen, decoded.sentences, strict=False))
        worth = self._worth(asked, texts, spans, chances, decoded.none)
        fits = [fitness(asked, evidence[span.index], span.start, span.end) for span in spans]
        merits = [max(expected, _LEAST) * fit for expected, fit in zip(worth, fits, strict=True)]
        claims = _claims(spans, merits, fits)
        expected = worth[merits.index(max(merits))]
        values = signals(question, asked, evidence, spans, claims[0], expected, decoded.opinions, self.vocabulary)
        return Weighed(tuple(claims), values, further(asked, evidence, claims[0], chances))

    def _rivals(self, question: str, evidence: Sequence[Evidence], best: Claim, confidence: float) -> tuple[Claim, ...]:
        """What the other articles answer when they are read without that of ``best``: nothing, or one claim.

        Read together, sentences compete, and a likelier one hides another that answers as well. Only what can
        contradict the best claim counts: a figure in its unit or a date, of the same year when one is asked about.
        """
        home, timed = evidence[best.index].passage, asks_of_a_time(question)
        answer = evidence[best.index].text[best.start : best.end]
        if confidence < self.threshold or not comparable(question, answer, answer):
            return ()
        elsewhere = [
            index
            for index, piece in enumerate(evidence)
            if (piece.passage.document, piece.passage.article) != (home.document, home.article)
            and not (timed and (piece.passage.date or "")[:4] != (home.date or "")[:4])
        ]
        ranks = sorted({evidence[index].rank for index in elsewhere} - {0})
        places = {0: 0, **{rank: place for place, rank in enumerate(ranks, 1)}}  # found best once that article is gone
        pieces = [replace(evidence[index], rank=places[evidence[index].rank]) for index in elsewhere]
        found = self.weigh(question, pieces)
        if found is None:
            return ()
        claim, sure = found.claims[0], self.calibration.confidence(found.signals)
        other = pieces[claim.index].text[claim.start : claim.end]
        if sure < max(self.threshold, RIVAL_SHARE * confidence) or not comparable(question, answer, other):
            return ()
        return (Claim(elsewhere[claim.index], claim.start, claim.end, sure),)

    def _worth(
        self, question: str, texts: Sequence[str], spans: Sequence[Span], chances: Mapping[int, float], none: float
    ) -> list[float]:
        """How right each span is expected to be, whatever its kind; without a ranker, its probability."""
        if self.ranker is not None:
            rows = span_features(question, texts, spans, chances, none, self.vocabulary, self.meanings)
            return [float(worth) for worth in self.ranker.predict(rows)]
        return [span.probability for span in spans]

    def examine(self, question: str, evidence: Sequence[Evidence]) -> tuple[Table, Decoded, list[int]]:
        """Return the table that was read, what was decoded, and which evidence the table's sentences are."""
        chosen = list(range(len(evidence)))
        if len(evidence) > self.sentences:
            wide = self._table(question, evidence, 4096)
            chosen = sorted(sorted(chosen, key=lambda i: -wide.coverage[i])[: self.sentences])
        table = self._table(question, [evidence[index] for index in chosen], 640)
        lexical = told_scores(question, [evidence[index] for index in chosen])
        prior = [LEXICAL_PRIOR * score for score in lexical]
        if not any(prior):
            prior = [COVERAGE_PRIOR * covered for covered in table.coverage]
        return table, decode(self.network, table, prior), chosen

    def _table(self, question: str, evidence: Sequence[Evidence], total: int) -> Table:
        texts = [piece.text for piece in evidence]
        ranks = [piece.rank for piece in evidence]
        return build_table(question, texts, ranks, self.vocabulary, self.meanings, total)


def further(
    question: str, evidence: Sequence[Evidence], best: Claim, chances: Mapping[int, float]
) -> tuple[Claim, ...]:
    """Return the whole sentences that answer with ``best``, likeliest first; only why and how take more than one.

    Args:
        question: the standalone question.
        evidence: the sentences that were offered.
        best: the best claim.
        chances: the probability of each sentence that was read, by its place in ``evidence``.
    """
    if KINDS[question_kind(question)] not in _LONG_KINDS:
        return ()
    home = evidence[best.index].passage
    least = FURTHER_SHARE * chances.get(best.index, 0.0)
    likely = [
        Claim(index, 0, len(evidence[index].text), chance)
        for index, chance in chances.items()
        if index != best.index
        and chance >= max(least, 1e-9)
        and (evidence[index].passage.document, evidence[index].passage.article) == (home.document, home.article)
    ]
    return tuple(sorted(likely, key=lambda claim: -claim.score)[:MOST_FURTHER])


def tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without a quote or bracket at its edge whose other half is outside.

    >>> tidy("主题是“共建家园”。", 4, 9)
    (4, 8)
    """
    while end - start > 1:
        inside = text[start:end]
        if inside[-1] in _PAIRS and _PAIRS[inside[-1]] not in inside:
            end -= 1
        elif inside[0] in _OPENERS and _OPENERS[inside[0]] not in inside:
            start += 1
        else:
            break
    return start, end


def whole_spans(
    question: str, texts: Sequence[str], table: Table, decoded: Decoded, chosen: Sequence[int]
) -> list[Span]:
    """Return the decoded spans made whole (`rag.reading.agreeing.completed`), those that became one added up.

    Args:
        question: the question.
        texts: the evidence.
        table: what was read.
        decoded: the spans found in it, at least one.
        chosen: which of ``texts`` the table's sentences are.
    """
    kind, several = KINDS[question_kind(question)], asks_for_several(question)
    beliefs: dict[tuple[int, int, int], float] = {}
    for span in decoded.spans:
        units, index = table.spans[span.sentence], chosen[span.sentence]
        start, end = tidy(texts[index], units[span.first][0], units[span.last][1])
        place = (index, *completed(texts[index], start, end, kind, several))
        beliefs[place] = beliefs.get(place, 0.0) + span.probability
    best = sorted(beliefs.items(), key=lambda pair: -pair[1])[:MOST]
    return [Span(index, start, end, belief) for (index, start, end), belief in best]


def _claims(spans: Sequence[Span], merits: Sequence[float], fits: Sequence[float]) -> list[Claim]:
    """The span of most merit, then its rivals by score; no two overlap.

    A claim's score is the belief of all spans like it, less where it is not of the kind asked for.
    """
    kept: list[int] = []
    for number in sorted(range(len(spans)), key=lambda number: -merits[number]):
        if not any(likeness(spans[number], spans[other]) for other in kept):
            kept.append(number)
    claims = []
    for number in kept[:MOST_CLAIMS]:
        span = spans[number]
        belief = sum(other.probability * likeness(span, other) for other in spans)
        claims.append(Claim(span.index, span.start, span.end, belief * fits[number]))
    return [*claims[:1], *sorted(claims[1:], key=lambda claim: -claim.score)]


def load_copy_reader(folder: Path, encoder: TokenVectors | None) -> CopyReader:
    """Load a reader that `rag.reading.model.save_copy_reader` wrote.

    Raises:
        SettingsError: a file is missing or made for another version.
    """
    use_one_blas_thread()
    try:
        record = json.loads((folder / "reader.json").read_text("utf-8"))
        vocabulary = Vocabulary.load(folder / "vocabulary.json")
        network = Committee.load(folder)
        ranker = Trees.load(folder / RANKER) if (folder / RANKER).exists() else None
        weights = hashlib.sha256()
        for path in (folder / "model.safetensors", *member_files(folder), *folder.glob(RANKER)):
            weights.update(path.read_bytes())
    except (OSError, ValueError, KeyError) as error:
        raise SettingsError(f"{folder} is not a usable reader: {error}") from error
    if record.get("format") != FORMAT or tuple(record["calibration"]["signals"]) != SIGNALS:
        raise SettingsError(f"{folder}: this reader was made for another version of Yinju.")
    calibration = Calibration(tuple(record["calibration"]["weights"]), record["calibration"]["threshold"])
    return CopyReader(
        network,
        vocabulary,
        record["edges"],
        calibration,
        f"{folder.name}@{weights.hexdigest()[:16]}",
        encoder,
        record["sentences"],
        ranker,
    )
