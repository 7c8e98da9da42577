"""`jixiao` with a stub for the model, run as a process of its own that stops at a stage to be interrupted there.

    python -m tests.faults.stub_command [--stop-at STAGE] VERB …

At the stage it prints "here" and waits a minute.
"""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from search import embedding, model_store, pipeline  # noqa: E402
from search.progress import Progress  # noqa: E402
from ui.cli import main  # noqa: E402

_build = pipeline.build


def _stub(*_: object, **__: object) -> embedding.HashingEmbedder:
    return embedding.HashingEmbedder(dimension=16)


def _stopping(wanted: str, inner: Progress) -> Progress:
    def watch(stage: str, done: int, total: int, /) -> None:
        inner(stage, done, total)
        if stage == wanted and not done:
            os.write(1, b"here\n")
            time.sleep(60)

    return watch


def _stop_at(stage: str, *paths: object, progress: Progress, **options: object) -> object:
    return _build(*paths, progress=_stopping(stage, progress), **options)  # type: ignore[arg-type]


if __name__ == "__main__":
    embedding.SentenceTransformerEmbedder = _stub  # type: ignore[assignment,misc]
    embedding.embedder_for = _stub  # type: ignore[assignment]
    model_store.obtain_model = _stub  # type: ignore[assignment]
    arguments = sys.argv[1:]
    if arguments[:1] == ["--stop-at"]:
        pipeline.build = partial(_stop_at, arguments[1])  # type: ignore[assignment]
        arguments = arguments[2:]
    raise SystemExit(main(arguments))
