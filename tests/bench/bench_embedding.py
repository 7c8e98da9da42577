"""Embedding beside plain sentence-transformers, on the same texts in the same process: letters a second and likeness.

Run from the repository: python tests/bench/bench_embedding.py. Whole builds are measured by bench_ingest.py.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from graph import open_snapshot  # noqa: E402
from search.embedding import SentenceTransformerEmbedder, Vectors  # noqa: E402
from search.model_store import default_sources, obtain_model  # noqa: E402
from search.pipeline import build  # noqa: E402
from search.topic_index import load_topic_index  # noqa: E402


def main() -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    model = obtain_model(None, default_sources())
    with tempfile.TemporaryDirectory() as folder:
        build([HERE.parent.parent / "seeds"], Path(folder), embedder=SentenceTransformerEmbedder(model))
        snapshot = open_snapshot(Path(folder))
        words = load_topic_index(snapshot).words
        passages = sorted({passage.text for passage in snapshot.passages})
    texts = [*passages, *(words.words if words is not None else ())]
    ours = SentenceTransformerEmbedder(model)
    ours.load()
    plain = SentenceTransformer(str(model.folder), device="cpu", local_files_only=True)

    def theirs(some: list[str]) -> Vectors:
        torch.set_num_threads(2)
        found: Vectors = plain.encode(some, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
        torch.set_num_threads(1)
        return found

    for label, some in (("passages", passages), ("passages and words", texts)):
        seconds, expected = timed(lambda some=some: theirs(some))
        spent, vectors = timed(lambda some=some: ours.encode_passages(some))
        letters = sum(map(len, some))
        print(f"{label}: {len(some)} texts, {letters} letters, model {model.name}")
        print(f"  plain sentence-transformers, 2 threads: {seconds:.2f} s, {letters / seconds:.0f} letters/s")
        print(f"  ours, 2 workers: {spent:.2f} s, {letters / spent:.0f} letters/s, {seconds / spent:.2f} times as fast")
        print(f"  least cosine between the two: {(vectors * expected).sum(axis=1).min():.6f}")
    times = [timed(lambda text=text: ours.encode_query(text))[0] * 1000 for text in passages[:200:4]]
    print(f"one question: median {median(times):.1f} ms")


def timed(work: Callable[[], Vectors]) -> tuple[float, Vectors]:
    """Seconds that `work` took, and what it returned."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


if __name__ == "__main__":
    main()
