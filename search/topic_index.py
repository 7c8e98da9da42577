"""TopicIndex: what topic search keeps beside the graph in a snapshot. Built here, saved and loaded here.

Rows of the vectors and of the lexical index are the snapshot's passages, in their order. Without a model there are no
vectors and only words count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graph.errors import SnapshotDamaged
from graph.kg import KnowledgeGraph
from graph.manifest import ModelStamp
from graph.model import Entity, EntityType, Passage
from graph.snapshot import Snapshot
from search.embedding import STAGE as EMBEDDING
from search.embedding import Embedder, Vectors
from search.errors import IndexDamaged
from search.lexical import LexicalIndex
from search.progress import Progress, unwatched
from search.vectors import VectorIndex, load_vectors, save_vectors

VECTORS = "index/vectors.npy"
LEXICAL = "index/lexical.npz"

STAGE = "建立全文索引"

_NAMED = (EntityType.PROJECT, EntityType.POLICY, EntityType.UNIT, EntityType.TASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicIndex:
    """`vectors` is None where the snapshot was built without a model."""

    lexical: LexicalIndex
    vectors: VectorIndex | None
    model: ModelStamp | None

    def files(self) -> dict[str, Callable[[Path], None]]:
        """Writers of the index's files, by their names in the snapshot."""
        files: dict[str, Callable[[Path], None]] = {LEXICAL: self.lexical.save}
        if self.vectors is not None:
            vectors = self.vectors.vectors
            files[VECTORS] = lambda path: save_vectors(vectors, path)
        return files


def build_topic_index(
    kg: KnowledgeGraph,
    passages: Sequence[Passage],
    embedder: Embedder | None,
    *,
    kept: Mapping[str, Vectors],
    progress: Progress = unwatched,
) -> tuple[TopicIndex, int]:
    """The index of `passages`, and how many texts were embedded for it; `kept` are this model's vectors by text."""
    texts = [passage.text for passage in passages]
    vectors, model, embedded = None, None, 0
    if embedder is not None:
        fresh = sorted(set(texts) - kept.keys())
        progress(EMBEDDING, 0, len(fresh))
        computed = dict(zip(fresh, embedder.encode_passages(fresh, progress=progress), strict=True)) if fresh else {}
        vector_of = {**kept, **computed}
        dimension = len(next(iter(vector_of.values()))) if vector_of else embedder.dimension
        rows = [vector_of[text] for text in texts]
        vectors = VectorIndex(np.stack(rows) if rows else np.zeros((0, dimension), dtype=np.float32))
        model = ModelStamp(name=embedder.name, digest=embedder.digest, dimension=dimension)
        embedded = len(fresh)
    progress(STAGE, 0, 1)
    names = [name for kind in _NAMED for entity in kg.of_type(kind) for name in _names(entity)]
    lexical = LexicalIndex.from_texts(texts, names=names)
    progress(STAGE, 1, 1)
    return TopicIndex(lexical=lexical, vectors=vectors, model=model), embedded


def load_topic_index(snapshot: Snapshot) -> TopicIndex:
    """The index in a snapshot. Raises IndexDamaged where it does not fit the snapshot's passages."""
    try:
        lexical = LexicalIndex.load(snapshot.file(LEXICAL))
        model = snapshot.manifest.model
        vectors = VectorIndex(load_vectors(snapshot.file(VECTORS))) if model is not None else None
    except SnapshotDamaged as err:
        raise IndexDamaged("快照里没有检索用的索引", "请重新执行 jixiao build") from err
    fits = len(lexical) == len(snapshot.passages) and (vectors is None or len(vectors) == len(lexical))
    if not fits or (vectors is not None and model is not None and vectors.dimension != model.dimension):
        raise IndexDamaged("检索用的索引与快照对不上", "请重新执行 jixiao build")
    return TopicIndex(lexical=lexical, vectors=vectors, model=model)


def kept_vectors(snapshot: Snapshot | None, embedder: Embedder | None) -> dict[str, Vectors]:
    """Vectors of an earlier snapshot by their text; {} where it has none of this model."""
    model = snapshot.manifest.model if snapshot is not None else None
    if snapshot is None or model is None or embedder is None or model.digest != embedder.digest:
        return {}
    try:
        rows = load_vectors(snapshot.file(VECTORS))
    except (IndexDamaged, SnapshotDamaged):
        return {}
    texts = [passage.text for passage in snapshot.passages]
    return dict(zip(texts, rows, strict=True)) if len(texts) == len(rows) else {}


def _names(entity: Entity) -> tuple[str, ...]:
    aliases = entity.properties.get("aliases")
    return (entity.label, *aliases) if isinstance(aliases, tuple) else (entity.label,)
