"""TopicSearch: what a phrase is about → projects (or another kind), each with its best passage, or nothing.

Three channels over all passages: the words themselves, words of like meaning, and likeness of the whole. What they find
is accepted or refused as a whole, so that a phrase foreign to these documents finds nothing. Asks the graph only which
entity a passage belongs to.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np
import numpy.typing as npt

from graph.kg import KnowledgeGraph
from graph.model import EdgeType, Entity, EntityId, EntityType, Passage
from graph.snapshot import Snapshot
from search.embedding import Embedder
from search.errors import ModelMismatch, ModelUnavailable
from search.segmentation import fold
from search.topic_evidence import Evidence, weigh_meaning, weigh_words
from search.topic_index import TopicIndex, load_topic_index
from search.topic_words import find_topic_words, topic_lexicon
from search.vectors import CentredIndex

_log = logging.getLogger(__name__)

_ROLES = {EntityType.INDICATOR: EdgeType.HAS_INDICATOR, EntityType.TASK: EdgeType.HAS_TASK}
_EXACT = 3.0  # more than all channels together can give
_WORTH = 0.4  # of the best score: what is below is not shown
_SHARE = 0.5  # of the best coverage: likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicHit:
    """An entity that the topic fits, and the passage that shows it best.

    `score` only ranks, higher is better. `why` is a Chinese phrase: the words found, or those of like meaning.
    """

    entity: Entity
    passage: Passage
    score: float
    why: str


class TopicSearch:
    """Topic search over one snapshot. The model is loaded by the first search that needs it.

    `note` is a Chinese sentence where searches have to do without the model.
    """

    def __init__(
        self,
        kg: KnowledgeGraph,
        passages: Sequence[Passage],
        index: TopicIndex,
        *,
        embedder_factory: Callable[[str], Embedder] | None = None,
    ) -> None:
        self._kg = kg
        self._passages = passages
        self._index = index
        self._factory = embedder_factory if index.model is not None else None
        self._embedder: Embedder | None = None
        self._loading = Lock()
        self.note = "" if index.model is not None else "快照没有语义向量，只按字词查找主题"

    @classmethod
    def open(cls, snapshot: Snapshot, *, embedder_factory: Callable[[str], Embedder]) -> TopicSearch:
        """Topic search over an opened snapshot; the factory is given the model's name. Raises IndexDamaged."""
        index = load_topic_index(snapshot)
        return cls(snapshot.kg, snapshot.passages, index, embedder_factory=embedder_factory)

    def find(
        self, query: str, *, kind: EntityType | None = None, limit: int = 10, literal: bool = False
    ) -> tuple[TopicHit, ...]:
        """At most `limit` entities of `kind` (projects where none is given) that `query` is about, best first.

        () where the documents do not speak of it. `literal` wants the phrase itself in the passage.
        Raises ModelMismatch where the model at hand is not the one that the snapshot was built with.
        """
        phrase = fold(query)
        exact = self._rows_with(phrase)
        if literal:
            held = exact.astype(np.float64)
            likeness = self._index.lexical.match(query).scores.astype(np.float64)
            ranked = held * (1.0 + likeness / (2.0 * max(1.0, float(likeness.max(initial=0.0)))))
            evidence = Evidence(scores=ranked, shares=held, strength=1.0, needed=0.0, explain=_holds(query))
            return self._roll_up(evidence, kind, limit)
        evidence = self.weigh(query)
        if exact.any():
            evidence = _with_exact(evidence, exact, self._rows_with_words(query), query)
        return self._roll_up(evidence, kind, limit) if evidence.accepted else ()

    def holds_words(self, query: str) -> bool:
        """Some passage holds every word of the query, wherever they stand; one word alone tells nothing."""
        return len(self._words(query)) > 1 and bool(self._rows_with_words(query).any())

    def weigh(self, query: str) -> Evidence:
        """What speaks for each passage, whether it is enough or not; for `find` and for choosing thresholds."""
        lexicon = topic_lexicon()
        index = self._index
        embedder = self._load()
        words = self._words(query)
        if embedder is None or index.words is None or self._whole is None:
            return weigh_words(query, words, index.lexical, needed=lexicon.words)
        return weigh_meaning(query, words, index.lexical, index.words, self._whole, embedder, needed=lexicon.meaning)

    def _words(self, query: str) -> tuple[str, ...]:
        known = self._index.words if self._index.words is not None else frozenset(self._index.lexical.terms)
        return find_topic_words(query, known)

    def _rows_with_words(self, query: str) -> npt.NDArray[np.bool_]:
        """Passages that hold every word of the query, wherever they stand."""
        words = self._words(query)
        held = np.full(len(self._passages), bool(words))
        for word in words:
            has = np.zeros(len(self._passages), dtype=np.bool_)
            has[self._index.lexical.postings(word)[0]] = True
            held &= has
        return held

    def _load(self) -> Embedder | None:
        """The snapshot's model; None (and a note) where it cannot be had."""
        model = self._index.model
        with self._loading:
            if self._embedder is None and self._factory is not None and model is not None:
                try:
                    embedder = self._factory(model.name)
                    embedder.encode_query(model.name)  # the weights are read by the first encoding
                except ModelUnavailable as err:
                    _log.warning("topic search without the model: %s", err)
                    self.note = f"{err.reason}，只按字词查找主题"
                    self._factory = None
                    return None
                if embedder.digest != model.digest:
                    raise ModelMismatch(
                        f"快照是用另一版本的语义模型 {model.name} 构建的", "请重新执行 jixiao build，或改回原来的模型"
                    )
                self._embedder = embedder
            return self._embedder

    def _rows_with(self, phrase: str) -> npt.NDArray[np.bool_]:
        if len(phrase) < 2 or not any(sign.isalnum() for sign in phrase):
            return np.zeros(len(self._passages), dtype=np.bool_)
        return np.fromiter((phrase in text for text in self._folded), dtype=np.bool_, count=len(self._passages))

    @cached_property
    def _whole(self) -> CentredIndex | None:
        return CentredIndex(self._index.vectors.vectors) if self._index.vectors is not None else None

    @cached_property
    def _folded(self) -> list[str]:
        return [fold(passage.text) for passage in self._passages]

    def _roll_up(self, evidence: Evidence, kind: EntityType | None, limit: int) -> tuple[TopicHit, ...]:
        """The best passage of each entity of the kind."""
        wanted = kind or EntityType.PROJECT
        best: dict[EntityId, tuple[float, int]] = {}
        least = _WORTH * float(evidence.scores.max(initial=0.0))
        share = _SHARE * float(evidence.shares.max(initial=0.0))
        worthy = (evidence.scores > least) & (evidence.shares >= share)
        for row in map(int, np.flatnonzero(worthy if evidence.kept is None else evidence.kept)):
            score = float(evidence.scores[row])
            for owner in self._owners(self._passages[row], wanted):
                if owner not in best or score > best[owner][0]:
                    best[owner] = (score, row)
        ranked = sorted(best.items(), key=lambda entry: (-entry[1][0], entry[0]))[:limit]
        return tuple(
            TopicHit(
                entity=self._kg.entity(owner),
                passage=self._passages[row],
                score=round(score, 4),
                why=evidence.explain(row),
            )
            for owner, (score, row) in ranked
        )

    def _owners(self, passage: Passage, wanted: EntityType) -> list[EntityId]:
        entity = self._kg.entity(passage.entity)
        if entity.type is wanted:
            return [entity.id]
        role = _ROLES.get(entity.type)
        if role is None or wanted is not EntityType.PROJECT:
            return []
        return [origin.id for origin in self._kg.origins(entity.id, role)]


def _with_exact(
    evidence: Evidence, exact: npt.NDArray[np.bool_], all_words: npt.NDArray[np.bool_], query: str
) -> Evidence:
    """Passages that hold the very phrase come first and decide that something was found.

    Of the others those stay that have all its words and weigh as much: 档案规范化整理 beside 档案整理.
    """
    holds = _holds(query)
    worth = _WORTH * float(evidence.scores.max(initial=0.0))
    return Evidence(
        scores=np.where(exact, _EXACT + evidence.scores, evidence.scores if evidence.accepted else 0.0),
        kept=exact | (evidence.accepted & all_words & (evidence.scores > worth)),
        shares=np.where(exact, 1.0, evidence.shares),
        strength=evidence.strength,
        needed=0.0,
        explain=lambda row: holds(row) if exact[row] else evidence.explain(row),
    )


def _holds(query: str) -> Callable[[int], str]:
    return lambda row: f"原文含“{query.strip()}”"
