"""Building from generated documents: speed, memory, where the time goes, and what a build with nothing new costs.

Run from the repository: python tests/bench/bench_ingest.py [--documents 1000] [--packages] [--no-model]
`--profile FILE` writes a cProfile of one more step: the graph alone, from extractions. Nothing here is asserted; only
ratios within one run say anything, since other work may share the machine.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from graph import build_graph, open_snapshot  # noqa: E402
from search.embedding import Embedder, HashingEmbedder, SentenceTransformerEmbedder  # noqa: E402
from search.model_store import LocalModel, default_sources, obtain_model  # noqa: E402
from search.pipeline import build  # noqa: E402
from tests.generated_documents import write_documents  # noqa: E402

Made = TypeVar("Made")

STAGES = {
    "读取文件": "parsing",
    "构建图谱": "resolution and folding",
    "建立全文索引": "words of the index",
    "计算向量": "embedding",
    "写入快照": "writing",
}


class CpuWatch:
    """A Progress that adds up processor seconds by stage, of this process and of those that it has waited for."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._stage, self._since = "", 0.0

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        if stage != self._stage:
            self.close()
            self._stage, self._since = stage, _processor_seconds()

    def close(self) -> None:
        """Close the stage that is open."""
        if self._stage:
            spent = _processor_seconds() - self._since
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + spent


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


class MemoryWatch:
    """The most memory that this process and all below it held at once, in MB, by the shares the kernel counts."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.5):
            self.peak = max(self.peak, sum(map(_share, _family(os.getpid()))) / 1024)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return [pid]
    return [pid, *(below for child in children for below in _family(int(child)))]


def _share(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--packages", action="store_true", help="two in five as DOCX, XLSX or PDF")
    parser.add_argument("--no-model", action="store_true", help="a hashing stub in place of the model")
    parser.add_argument("--texts", type=int, default=1500, help="texts for the comparison of embedding")
    parser.add_argument("--profile", type=Path)
    chosen = parser.parse_args()
    model = None if chosen.no_model else obtain_model("m3e-small", default_sources())
    with tempfile.TemporaryDirectory() as folder:
        inputs, directory = Path(folder) / "inputs", Path(folder) / "snapshots"
        write_documents(inputs, chosen.documents, seed=chosen.seed, packages=chosen.packages)
        report_builds(inputs, directory, embedder_of(model))
        if model is not None:
            compare_embedding(model, embedded_texts(directory)[: chosen.texts])
        if chosen.profile:
            profile_graph(directory, chosen.profile)


def embedder_of(model: LocalModel | None) -> Embedder:
    return HashingEmbedder() if model is None else SentenceTransformerEmbedder(model)


def report_builds(inputs: Path, directory: Path, embedder: Embedder) -> None:
    cpu = CpuWatch()
    with MemoryWatch() as memory:
        first, seconds = timed(lambda: build([inputs], directory, embedder=embedder, progress=cpu))
    cpu.close()
    size = sum(path.stat().st_size for path in inputs.iterdir())
    whole = sum(first.seconds.values())
    print(f"{first.files} documents, {size / 1e6:.1f} MB, {first.projects} projects, {first.counts['claims']} claims, ")
    print(f"{first.counts['passages']} passages, {first.embedded} texts embedded, {len(first.rejected)} rejected")
    print(f"first build {seconds:.1f} s, {first.files / seconds:.1f} documents a second")
    print(f"peak memory {memory.peak:.0f} MB with all processes, this process {_own():.0f} MB")
    for stage, spent in first.seconds.items():
        used = cpu.seconds.get(stage, 0.0)
        print(f"  {STAGES.get(stage, stage):24} {spent:8.1f} s {spent / whole:6.1%}   processor {used:8.1f} s")
    second, again = timed(lambda: build([inputs], directory, embedder=embedder))
    print(f"again, nothing changed: {again:.2f} s, {seconds / again:.0f} times faster, unchanged={second.unchanged}")
    (inputs / "新增.txt").write_bytes((inputs / "00000.txt").read_bytes().replace("项目".encode(), "项 目".encode()))
    third, grown = timed(lambda: build([inputs], directory, embedder=embedder))
    print(f"one document more: {grown:.2f} s, {seconds / grown:.0f} times faster, {third.reused} reused")
    for stage, spent in third.seconds.items():
        print(f"  {STAGES.get(stage, stage):24} {spent:8.1f} s")


def _own() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def embedded_texts(directory: Path) -> list[str]:
    """Passages of the snapshot, each once, in an order that says nothing of their lengths."""
    texts = {passage.text for passage in open_snapshot(directory).passages}
    return sorted(texts, key=lambda text: text[::-1])


def compare_embedding(model: LocalModel, texts: Sequence[str]) -> None:
    """Ours beside plain sentence-transformers on the same texts, each three times in turn, best of each."""
    import torch
    from sentence_transformers import SentenceTransformer

    threads = len(os.sched_getaffinity(0))
    ours = SentenceTransformerEmbedder(model)
    ours.load()
    plain = {
        "plain sentence-transformers": SentenceTransformer(str(model.folder), device="cpu", local_files_only=True),
        "the same in bfloat16": SentenceTransformer(
            str(model.folder), device="cpu", local_files_only=True, model_kwargs={"dtype": torch.bfloat16}
        ),
    }
    best: dict[str, float] = {}

    def keep(name: str, work: Callable[[], object]) -> None:
        best[name] = min(timed(work)[1], best.get(name, 1e9))

    for _ in range(3):
        torch.set_num_threads(1)  # as ours sets it: parallel over batches
        keep("ours", lambda: ours.encode_passages(texts))
        torch.set_num_threads(threads)
        for name, encoder in plain.items():
            keep(name, lambda encoder=encoder: encoder.encode(list(texts), show_progress_bar=False))
    for name, seconds in best.items():
        print(f"embedding {len(texts)} passages, {name}: {seconds:.1f} s ({seconds / best['ours']:.2f} of ours)")


def profile_graph(directory: Path, path: Path) -> None:
    extractions = open_snapshot(directory).extractions
    profile = cProfile.Profile()
    profile.runcall(build_graph, extractions)
    profile.dump_stats(path)
    print(f"profile of build_graph over {len(extractions)} documents: {path}")


def timed(work: Callable[[], Made]) -> tuple[Made, float]:
    began = time.perf_counter()
    made = work()
    return made, time.perf_counter() - began


if __name__ == "__main__":
    main()
