"""TopicIndex: what topic search keeps beside the graph in a snapshot. Built here, saved and loaded here.

Rows of the vectors and of the lexical index are the snapshot's passages, in their order. Without a model there are no
vectors and only words count.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from search.segmentation import Segmenter
from search.topic_words import is_word
from search.unfinished import TEXTS_AT_ONCE, Unfinished
from search.vectors import VectorIndex, load_vectors, to_npy
from search.word_index import WordIndex

VECTORS = "index/vectors.npy"
LEXICAL = "index/lexical.npz"
WORDS = "index/words.json"
WORD_VECTORS = "index/words.npy"

STAGE = "建立全文索引"

_REBUILD = "请重新执行 jixiao build"
_LONGEST_WORD = 8  # characters; longer terms are names, which their parts represent
_NAMED = (EntityType.PROJECT, EntityType.POLICY, EntityType.UNIT, EntityType.TASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicIndex:
    """`vectors`, `words` and `model` are None where the snapshot was built without a model."""

    lexical: LexicalIndex
    vectors: VectorIndex | None = None
    words: WordIndex | None = None
    model: ModelStamp | None = None

    def files(self) -> dict[str, bytes]:
        """The index's files, by their names in the snapshot."""
        files = {LEXICAL: self.lexical.to_npz()}
        if self.vectors is not None and self.words is not None:
            files[VECTORS] = to_npy(self.vectors.vectors)
            files[WORDS] = self.words.words_as_json()
            files[WORD_VECTORS] = to_npy(self.words.vectors.vectors)
        return files


def build_topic_index(
    kg: KnowledgeGraph,
    passages: Sequence[Passage],
    embedder: Embedder | None,
    *,
    kept: Mapping[str, Vectors],
    unfinished: Unfinished | None = None,
    progress: Progress = unwatched,
) -> tuple[TopicIndex, int]:
    """The index of `passages`, and how many texts were embedded for it; `kept` are this model's vectors by text.

    What is embedded is handed to `unfinished` on the way, where there is much of it.
    """
    texts = [passage.text for passage in passages]
    progress(STAGE, 0, 1)
    names = [name for kind in _NAMED for entity in kg.of_type(kind) for name in _names(entity)]
    segmenter = Segmenter(names)
    cuts = [segmenter.cut(text) for text in texts]
    lexical = LexicalIndex.from_terms([cut.terms for cut in cuts])
    progress(STAGE, 1, 1)
    if embedder is None:
        return TopicIndex(lexical=lexical), 0
    said = {word for cut in cuts for word in cut.words}
    words = sorted(word for word in said if is_word(word) and len(word) <= _LONGEST_WORD)
    fresh = sorted({*texts, *words} - kept.keys(), key=lambda text: (-len(text), text))
    vector_of = {**kept, **_embed(fresh, embedder, unfinished, progress)}
    dimension = len(next(iter(vector_of.values()))) if vector_of else embedder.dimension
    index = TopicIndex(
        lexical=lexical,
        vectors=VectorIndex(_stack(texts, vector_of, dimension)),
        words=WordIndex(words, _stack(words, vector_of, dimension)),
        model=ModelStamp(name=embedder.name, digest=embedder.digest, dimension=dimension),
    )
    return index, len(fresh)


def _embed(
    texts: Sequence[str], embedder: Embedder, unfinished: Unfinished | None, progress: Progress
) -> dict[str, Vectors]:
    """Vectors by text, computed part by part."""
    progress(EMBEDDING, 0, len(texts))
    found: dict[str, Vectors] = {}
    for start in range(0, len(texts), TEXTS_AT_ONCE):

        def advance(stage: str, done: int, total: int, /, start: int = start) -> None:
            progress(stage, start + done, len(texts))

        part = texts[start : start + TEXTS_AT_ONCE]
        vectors = embedder.encode_passages(part, progress=advance)
        found.update(zip(part, vectors, strict=True))
        if unfinished is not None and start + TEXTS_AT_ONCE < len(texts):
            unfinished.keep_vectors(part, vectors)
    return found


def _stack(texts: Sequence[str], vector_of: Mapping[str, Vectors], dimension: int) -> Vectors:
    if not texts:
        return np.zeros((0, dimension), dtype=np.float32)
    return np.stack([vector_of[text] for text in texts])


def load_topic_index(snapshot: Snapshot) -> TopicIndex:
    """The index in a snapshot. Raises IndexDamaged where it does not fit the snapshot's passages."""
    try:
        lexical = LexicalIndex.load(snapshot.file(LEXICAL))
        model = snapshot.manifest.model
        if len(lexical) != len(snapshot.passages):
            raise IndexDamaged("全文索引与快照对不上", _REBUILD)
        if model is None:
            return TopicIndex(lexical=lexical)
        vectors = VectorIndex(load_vectors(snapshot.file(VECTORS)))
        words = WordIndex(_load_words(snapshot), load_vectors(snapshot.file(WORD_VECTORS)))
    except SnapshotDamaged as err:
        raise IndexDamaged("快照里没有检索用的索引", _REBUILD) from err
    if len(vectors) != len(lexical) or not vectors.dimension == words.vectors.dimension == model.dimension:
        raise IndexDamaged("向量与快照对不上", _REBUILD)
    return TopicIndex(lexical=lexical, vectors=vectors, words=words, model=model)


def kept_vectors(snapshot: Snapshot | None, embedder: Embedder | None) -> dict[str, Vectors]:
    """Vectors of an earlier snapshot by their text; {} where it has none of this model."""
    model = snapshot.manifest.model if snapshot is not None else None
    if snapshot is None or model is None or embedder is None or model.digest != embedder.digest:
        return {}
    try:
        index = load_topic_index(snapshot)
    except IndexDamaged:
        return {}
    if index.vectors is None or index.words is None:
        return {}
    texts = [passage.text for passage in snapshot.passages]
    return {
        **dict(zip(index.words.words, index.words.vectors.vectors, strict=True)),
        **dict(zip(texts, index.vectors.vectors, strict=True)),
    }


def _load_words(snapshot: Snapshot) -> list[str]:
    try:
        words = json.loads(snapshot.file(WORDS).read_bytes())
    except ValueError as err:
        raise IndexDamaged("词语表读不出来", _REBUILD) from err
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise IndexDamaged("词语表的内容不合规", _REBUILD)
    return words


def _names(entity: Entity) -> tuple[str, ...]:
    aliases = entity.properties.get("aliases")
    return (entity.label, *aliases) if isinstance(aliases, tuple) else (entity.label,)
