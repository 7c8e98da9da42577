"""Building: documents a second, memory, share of each stage, again unchanged; embedding beside the library's own way.

Run from the repository: python tests/bench/bench_build.py [COUNT]. Nothing here is asserted.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent), str(HERE)]

from generated_forms import make_document, make_documents  # noqa: E402

from graph import open_snapshot  # noqa: E402
from search.build_report import BuildReport  # noqa: E402
from search.embedding import SentenceTransformerEmbedder  # noqa: E402
from search.model_store import LocalModel, default_sources, obtain_model  # noqa: E402
from search.pipeline import build  # noqa: E402

SAMPLE = 1500  # texts on which both ways of embedding are timed


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    model = obtain_model(None, default_sources())
    scratch = Path(tempfile.mkdtemp(prefix="jixiao-bench-"))
    try:
        inputs, snapshots = scratch / "inputs", scratch / "snapshots"
        inputs.mkdir()
        for name, text in make_documents(count):
            (inputs / name).write_text(text, encoding="utf-8")
        first = timed("first build", inputs, snapshots, model, count)
        unchanged = timed("again, all unchanged", inputs, snapshots, model, count)
        print(f"  unchanged is {first / unchanged:.0f} times faster")
        (inputs / "00000.txt").write_text(make_document(count + 1), encoding="utf-8")
        changed = timed("again, one document changed", inputs, snapshots, model, count)
        print(f"  one changed is {first / changed:.1f} times faster")
        compare_embedding(snapshots, model)
    finally:
        shutil.rmtree(scratch)


def timed(label: str, inputs: Path, snapshots: Path, model: LocalModel, count: int) -> float:
    """Seconds of one build; its figures are printed."""
    began = time.perf_counter()
    report = build([inputs], snapshots, embedder=SentenceTransformerEmbedder(model))
    seconds = time.perf_counter() - began
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{label}: {seconds:.2f} s, {count / seconds:.0f} documents/s, peak memory so far {peak / 1024:.0f} MB")
    print_stages(report, seconds)
    return seconds


def print_stages(report: BuildReport, seconds: float) -> None:
    print(
        f"  {report.files} files, {report.projects} projects, {report.citations} citations, "
        f"{len(report.rejected)} rejected, {report.reused} reused, {report.embedded} texts embedded"
    )
    for stage, spent in report.seconds.items():
        print(f"  {stage}: {spent:.2f} s, {spent / seconds:.0%}")


def compare_embedding(snapshots: Path, model: LocalModel) -> None:
    """Our way and the library's own on the same texts in the same process."""
    import torch
    from sentence_transformers import SentenceTransformer

    texts = sorted({passage.text for passage in open_snapshot(snapshots).passages})[:SAMPLE]
    letters = sum(map(len, texts))
    ours = SentenceTransformerEmbedder(model)
    ours.load()
    plain = SentenceTransformer(str(model.folder), device="cpu", local_files_only=True)
    began = time.perf_counter()
    ours.encode_passages(texts)
    spent = time.perf_counter() - began
    torch.set_num_threads(2)
    began = time.perf_counter()
    plain.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
    theirs = time.perf_counter() - began
    print(f"embedding {len(texts)} texts, {letters} letters: ours {spent:.2f} s ({letters / spent:.0f} letters/s)")
    print(
        f"  plain sentence-transformers {theirs:.2f} s ({letters / theirs:.0f} letters/s), ratio {theirs / spent:.2f}"
    )


if __name__ == "__main__":
    main()
