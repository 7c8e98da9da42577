"""Add, replace, rename and remove files at random; after every step the snapshot must equal a build from scratch.

    python tests/faults/steps.py [--steps 500] [--seed 1] [--model]

Equal means: every byte of every file. Documents come in four layouts and as broken files; some builds are interrupted
first, so that the next one goes on from their unfinished work. `--model` embeds with the real model (slow).
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from search import intake, topic_index  # noqa: E402
from search.embedding import Embedder, HashingEmbedder, Vectors  # noqa: E402
from search.pipeline import build  # noqa: E402
from search.progress import Progress, unwatched  # noqa: E402
from tests.faults.small_builds import bytes_below, served, small_form  # noqa: E402

MOST = 7  # files at once
STAGES = ("读取文件", "构建图谱", "计算向量", "写入快照")


class Counting:
    """An embedder that counts the texts that it is given, each step anew."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.digest = embedder.name, embedder.digest
        self.texts: list[str] = []

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    def encode_passages(self, texts: Sequence[str], *, progress: Progress = unwatched) -> Vectors:
        self.texts += texts
        return self._embedder.encode_passages(texts, progress=progress)

    def encode_query(self, text: str) -> Vectors:
        return self._embedder.encode_query(text)


class Folder:
    """A folder of documents that changes."""

    def __init__(self, path: Path, pick: random.Random) -> None:
        self.path, self.pick = path, pick
        path.mkdir()
        self.add()

    def change(self) -> str:
        """Change something; what was done."""
        files = sorted(self.path.iterdir())
        choices: list[Callable[[], None]] = [self.replace, self.rename, self.touch, self.copy]
        choices += [self.add] * (2 if len(files) < MOST else 0) + [self.remove] * (2 if len(files) > 1 else 0)
        done = self.pick.choice(choices)
        done()
        return done.__name__

    def add(self) -> None:
        suffix = self.pick.choice(("txt", "txt", "md", "html"))
        (self.path / f"{self.pick.randrange(10_000):04d}.{suffix}").write_bytes(self.content(suffix))

    def replace(self) -> None:
        file = self.any()
        file.write_bytes(self.content(file.suffix.lstrip(".")))

    def rename(self) -> None:
        """Another name, and often another suffix, which may make another kind of text of it."""
        file = self.any()
        file.rename(self.path / f"{self.pick.randrange(10_000):04d}.{self.pick.choice(('txt', 'md', 'html', 'pdf'))}")

    def touch(self) -> None:
        file = self.any()
        file.write_bytes(file.read_bytes())

    def copy(self) -> None:
        """The same bytes under two names."""
        file = self.any()
        shutil.copyfile(file, self.path / f"{self.pick.randrange(10_000):04d}{file.suffix}")

    def remove(self) -> None:
        self.any().unlink()

    def any(self) -> Path:
        return self.pick.choice(sorted(self.path.iterdir()))

    def content(self, suffix: str) -> bytes:
        chance = self.pick.random()
        if chance < 0.06:
            return self.pick.choice((b"", b"%PDF-1.7 broken", b"PK\x03\x04 broken"))
        forms = [
            small_form(
                self.pick.randrange(1, 9), year=self.pick.randint(2019, 2021), amount=self.pick.randrange(100, 999)
            )
            for _ in range(self.pick.choice((1, 1, 2)))
        ]
        text = "\n".join(forms)
        if suffix == "html":
            return "<html><body>{}</body></html>".format(
                "".join(f"<p>{line}</p>" for line in text.split("\n"))
            ).encode()
        return text.encode("gb18030" if chance < 0.2 else "utf-8")


def walk(base: Path, *, steps: int, seed: int, embedder: Embedder) -> Counter[str]:
    """What was done how often. Raises AssertionError at the first difference from a build from scratch."""
    pick, done = random.Random(seed), Counter[str]()
    folder, kept, counting = Folder(base / "inputs", pick), base / "kept", Counting(embedder)
    for step in range(steps):
        what = folder.change()
        done[what] += 1
        if not any(path.stat().st_size > 40 for path in folder.path.iterdir()):
            folder.add()
        if pick.random() < 0.15:
            done["interrupted"] += interrupt(folder.path, kept, counting, pick)
        counting.texts.clear()
        known, unchanged = served_texts(kept), served_files(kept, folder.path)
        grown = build([folder.path], kept, embedder=counting, keep=1)
        again = sorted(set(counting.texts) & known)
        fresh = build([folder.path], base / "fresh", embedder=embedder)
        differing = compare(grown.snapshot, fresh.snapshot)
        if differing or grown.rejected != fresh.rejected or grown.warnings != fresh.warnings:
            raise AssertionError(f"step {step} ({what}) differs from a build from scratch: {differing}")
        if again or grown.reused < unchanged:
            raise AssertionError(f"step {step} ({what}): {len(again)} texts and some files were taken in again")
        served(kept)
        done["read"] += grown.files - grown.reused
        done["not read again"] += grown.reused
        done["embedded"] += grown.embedded
        done["embedded from scratch"] += fresh.embedded
        shutil.rmtree(base / "fresh")
    return done


def interrupt(source: Path, directory: Path, embedder: Embedder, pick: random.Random) -> bool:
    """Begin a build and stop it at one of its stages; whether it came so far."""
    stage, after = pick.choice(STAGES), pick.randrange(4)

    def stop(seen: str, at: int, total: int, /) -> None:
        if seen == stage and at >= after:
            raise KeyboardInterrupt

    try:
        build([source], directory, embedder=embedder, progress=stop, keep=1)
    except KeyboardInterrupt:
        return True
    return False


def served_texts(directory: Path) -> set[str]:
    """Texts that the serving snapshot has vectors of."""
    from graph import open_snapshot
    from search.topic_index import load_topic_index

    if not (directory / "CURRENT").exists():
        return set()
    snapshot = open_snapshot(directory)
    words = load_topic_index(snapshot).words
    return {passage.text for passage in snapshot.passages} | set(words.words if words else ())


def served_files(directory: Path, inputs: Path) -> int:
    """How many of `inputs` the serving snapshot holds with the same name and bytes."""
    from graph import open_snapshot

    if not (directory / "CURRENT").exists():
        return 0
    held = {(source.name, source.sha256) for source in open_snapshot(directory).manifest.sources}
    return len(held & set(bytes_below(inputs).items()))


def compare(one: Path, other: Path) -> list[str]:
    """Names of files that are not the same in both folders."""
    first, second = bytes_below(one), bytes_below(other)
    return sorted(name for name in {*first, *second} if first.get(name) != second.get(name))


def real_embedder() -> Embedder:
    from search.embedding import SentenceTransformerEmbedder
    from search.model_store import default_sources, obtain_model

    return SentenceTransformerEmbedder(obtain_model("m3e-small", default_sources()))


def small_parts() -> None:
    """Keep unfinished work after every few files and texts, as large builds do after more."""
    intake.EXTRACTIONS_AT_ONCE = 2
    topic_index.TEXTS_AT_ONCE = 8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", action="store_true")
    chosen = parser.parse_args()
    small_parts()
    embedder = real_embedder() if chosen.model else HashingEmbedder(dimension=16)
    with tempfile.TemporaryDirectory() as folder:
        done = walk(Path(folder), steps=chosen.steps, seed=chosen.seed, embedder=embedder)
    print(f"{chosen.steps} steps, each equal to a build from scratch, byte for byte: {dict(sorted(done.items()))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
