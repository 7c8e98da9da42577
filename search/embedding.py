"""Embedder: text to vectors. Fetches nothing (that is model_store's) and reads no environment.

A vector depends on its text only, never on the texts computed beside it: batches hold texts of one length in tokens, so
that nothing is padded, and are always filled to the same shape. So vectors kept from an earlier build equal those of a
build from scratch, byte for byte.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from search.errors import ModelMismatch, ModelUnavailable
from search.progress import Progress, unwatched

if TYPE_CHECKING:
    from graph.manifest import ModelStamp
    from search.model_store import LocalModel, ModelSources

Vectors = npt.NDArray[np.float32]

STAGE = "计算向量"

_BATCH_TOKENS = 256  # of a batch of short texts
_SHORT = 64  # tokens up to which texts are batched; longer ones fill the processor alone

_log = logging.getLogger(__name__)


class Embedder(Protocol):
    """`name` and `digest` identify the model and cost nothing; the model itself is loaded by the first encoding."""

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode_passages(self, texts: Sequence[str], *, progress: Progress = unwatched) -> Vectors:
        """Vectors of length 1, shape (len(texts), dimension), in the order of `texts`."""
        ...

    def encode_query(self, text: str) -> Vectors:
        """One vector of length 1, shape (dimension,)."""
        ...


class SentenceTransformerEmbedder:
    """A model of sentence-transformers, loaded from a local folder only, when first needed.

    Weights are bfloat16 where the processor computes with it (2.5 times faster, cosine to float32 above 0.9999).
    """

    def __init__(self, model: LocalModel, *, workers: int = 2) -> None:
        self.name = model.name
        self.digest = model.digest
        self._local = model
        self._workers = workers
        self._loaded: Any = None
        self._torch: Any = None
        self._loading = threading.Lock()
        self._reading = threading.Lock()  # the tokenizer must not be used by two threads at once

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension())

    @property
    def _model(self) -> Any:
        with self._loading:
            if self._loaded is None:
                self.load()
        return self._loaded

    def load(self) -> None:
        """Load the model now. Raises ModelUnavailable where its folder is damaged or holds no usable model."""
        import torch  # noqa: PLC0415 - 1.5 s: exact questions must not pay it
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - 3 s
        from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415 - comes with the line above

        from search.model_store import verify_model  # noqa: PLC0415 - the stub needs no store

        verify_model(self._local)
        disable_progress_bar()  # theirs writes to stderr; ours is `progress`
        torch.set_num_threads(
            1
        )  # parallel over batches, not inside one: steady under load and the same bytes each time
        abilities = torch.cpu.get_capabilities()
        fast = abilities.get("avx512_bf16") or abilities.get("amx_bf16")
        try:
            loaded: Any = SentenceTransformer(
                str(self._local.folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"dtype": torch.bfloat16 if fast else torch.float32},
            )
        except (OSError, ValueError, KeyError, RuntimeError) as err:
            raise ModelUnavailable(
                f"语义模型 {self.name} 无法载入（{self._local.folder}）", "请删除该目录后重新执行 jixiao build"
            ) from err
        loaded.eval()
        self._loaded, self._torch = loaded, torch

    def encode_passages(self, texts: Sequence[str], *, progress: Progress = unwatched) -> Vectors:
        """Vectors of `texts`; equal texts are computed once."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        distinct = sorted(set(texts))
        row_of = {text: row for row, text in enumerate(distinct)}
        vectors = np.zeros((len(distinct), self.dimension), dtype=np.float32)
        tokens = [self._tokens(text) for text in distinct]
        batches = list(_batches(tokens))
        done = 0
        with ThreadPoolExecutor(self._workers) as pool:
            filled = ([tokens[row] for row in _filled(rows, size)] for rows, size in batches)
            for (rows, _), found in zip(batches, pool.map(self._encode, filled), strict=True):
                vectors[rows] = found[: len(rows)]
                done += len(rows)
                progress(STAGE, done, len(distinct))
        return vectors[[row_of[text] for text in texts]]

    def encode_query(self, text: str) -> Vectors:
        """The vector of a question, with the model's own prompt before it."""
        found: Vectors = self._encode([self._tokens(self._local.prompt + text)])[0]
        return found

    def _tokens(self, text: str) -> dict[str, list[int]]:
        model = self._model
        with self._reading:
            return dict(model.tokenizer(text, truncation=True, max_length=model.max_seq_length or 512))

    def _encode(self, batch: list[dict[str, list[int]]]) -> Vectors:
        model = self._model
        features = {key: self._torch.tensor([tokens[key] for tokens in batch]) for key in batch[0]}
        with self._torch.inference_mode():
            raw = model.forward(features)["sentence_embedding"].float().numpy()
        return normalised(raw.astype(np.float32))


def _batches(tokens: Sequence[dict[str, list[int]]]) -> Iterator[tuple[list[int], int]]:
    """Rows of one length in tokens, and the size to which their batch is filled; long texts first, alone."""
    by_length = sorted(range(len(tokens)), key=lambda row: (-len(tokens[row]["input_ids"]), row))
    for length, same in groupby(by_length, key=lambda row: len(tokens[row]["input_ids"])):
        rows = list(same)
        size = max(1, _BATCH_TOKENS // max(1, length)) if length <= _SHORT else 1
        for at in range(0, len(rows), size):
            yield rows[at : at + size], size


def _filled(rows: list[int], size: int) -> list[int]:
    return rows + rows[:1] * (size - len(rows))


def embedder_for(stamp: ModelStamp, sources: ModelSources) -> SentenceTransformerEmbedder:
    """The embedder of the model that a snapshot was built with, from this disk; never touches the network.

    Raises ModelUnavailable where the model is not here, ModelMismatch where another one bears its name.
    """
    from search.model_store import find_model  # noqa: PLC0415 - exact questions need no store

    model = find_model(stamp.name, sources)
    if model is None:
        raise ModelUnavailable(f"本机没有快照所用的语义模型 {stamp.name}", "请重新执行 jixiao build 取得模型")
    if model.digest != stamp.digest:
        raise ModelMismatch(
            f"快照是用另一版本的语义模型 {stamp.name} 构建的（快照 {stamp.digest[:12]}，本机 {model.digest[:12]}）",
            "请重新执行 jixiao build",
        )
    return SentenceTransformerEmbedder(model)


class HashingEmbedder:
    """A stub for tests of the plumbing: counts of hashed character pairs. Knows nothing of meaning."""

    name = "hashing-stub"
    digest = hashlib.sha256(b"hashing-stub 1").hexdigest()

    def __init__(self, *, dimension: int = 256) -> None:
        self.dimension = dimension

    def encode_passages(self, texts: Sequence[str], *, progress: Progress = unwatched) -> Vectors:
        """Vectors of `texts`, in order."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.encode_query(text)
            progress(STAGE, row + 1, len(texts))
        return vectors

    def encode_query(self, text: str) -> Vectors:
        """The vector of `text`; texts without a pair of characters share one."""
        counts = np.zeros(self.dimension, dtype=np.float32)
        for pair in [text[at : at + 2] for at in range(len(text) - 1)] or [text]:
            hashed = hashlib.blake2b(pair.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            counts[int.from_bytes(hashed, "big") % self.dimension] += 1
        return normalised(counts)


def normalised(vectors: Vectors) -> Vectors:
    """Each vector (along the last axis) at length 1; zero vectors stay as they are."""
    lengths = np.sqrt(np.sum(vectors.astype(np.float64) ** 2, axis=-1, keepdims=True))
    lengths[lengths == 0] = 1.0
    scaled: Vectors = (vectors / lengths).astype(np.float32)
    return scaled
