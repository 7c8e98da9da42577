"""Twenty users ask while builds publish: no error, and each answer is that of exactly one snapshot.

    python tests/faults/readers_during_builds.py [--users 20] [--seconds 60]

Snapshots come from this process (as uploads on the page do) and from other processes (as the command line does), in
turn. Afterwards every snapshot is opened afresh and asked the same: answers must be equal to the last sign.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from graph import open_snapshot  # noqa: E402
from graph.snapshot import Snapshot, list_snapshots  # noqa: E402
from search import answer_to_json  # noqa: E402
from search.build_report import BuildReport  # noqa: E402
from search.embedding import HashingEmbedder  # noqa: E402
from search.engine import SearchEngine  # noqa: E402
from search.pipeline import build  # noqa: E402
from search.progress import Progress  # noqa: E402
from tests.faults.small_builds import build_small, served, small_form, write_set  # noqa: E402
from ui.workspace import SnapshotWorkspace  # noqa: E402

QUESTIONS = (
    "东港市建设局申报了哪些项目？",
    "道路养护第0期的总预算是多少？",
    "哪些项目引用了东府发〔2018〕8号？",
    "一共有多少个项目？",
    "总预算最高的项目是哪个？",
    "与河道有关的项目有哪些？",
)
KEPT = 10_000  # snapshots: all stay, to be asked afterwards


def engine_of(snapshot: Snapshot) -> SearchEngine:
    return SearchEngine.open(snapshot, embedder_factory=lambda name: HashingEmbedder(dimension=16))


def ask_during_builds(base: Path, *, users: int, seconds: float) -> Counter[str]:
    """How many answers, snapshots and builds there were. Raises AssertionError at any error or foreign answer."""
    directory, source = base / "snapshot", write_set(base / "inputs", 0)
    build_small(source, directory)
    tally, answers, failures = Counter[str](), defaultdict[tuple[str, str], set[str]](set), list[str]()
    guard, until = threading.Lock(), time.monotonic() + seconds

    def builder(folder: Path, progress: Progress) -> BuildReport:
        return build((folder,), directory, embedder=HashingEmbedder(dimension=16), keep=KEPT, progress=progress)

    workspace = SnapshotWorkspace(
        directory, inputs=source, engine=engine_of, builder=builder, corrections=base / "corrections.toml"
    )

    def use(number: int) -> None:
        turn = number
        while time.monotonic() < until:
            question, turn = QUESTIONS[turn % len(QUESTIONS)], turn + 1
            try:
                knowledge = workspace.current()
                said = json.dumps(answer_to_json(knowledge.ask(question)), ensure_ascii=False, sort_keys=True)
                with guard:
                    answers[knowledge.info().version, question].add(said)
                    tally["answers"] += 1
            except Exception as err:  # noqa: BLE001 (whatever a user meets is what we look for)
                with guard:
                    failures.append(f"{question}: {err!r}")

    threads = [threading.Thread(target=use, args=(number,)) for number in range(users)]
    for thread in threads:
        thread.start()
    while time.monotonic() < until:
        tally["builds"] += 1
        publish(workspace, source, directory, tally["builds"])
    for thread in threads:
        thread.join()
    workspace.wait()
    if failures:
        raise AssertionError(f"{len(failures)} failures, first: {failures[0]}")
    served(directory)
    check(directory, answers)
    tally["snapshots that answered"] = len({version for version, _ in answers})
    return tally


def publish(workspace: SnapshotWorkspace, source: Path, directory: Path, number: int) -> None:
    """Another snapshot, by this process or by another one."""
    form = small_form(number % 5, year=2019 + number % 4, amount=100 + number)
    if number % 2:
        workspace.add(f"{number % 3}.txt", form.encode())
        workspace.wait()
        return
    (source / f"{number % 3}.txt").write_text(form, encoding="utf-8")
    command = [sys.executable, "-m", "tests.faults.small_builds", str(source), str(directory), str(KEPT)]
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def check(directory: Path, answers: dict[tuple[str, str], set[str]]) -> None:
    engines = {}
    for path in list_snapshots(directory):
        number, _, digest = path.name.partition("-")
        engines[f"{int(number)}-{digest[:8]}"] = engine_of(open_snapshot(path))
    for (version, question), said in answers.items():
        expected = answer_to_json(engines[version].ask(question))
        if said != {json.dumps(expected, ensure_ascii=False, sort_keys=True)}:
            raise AssertionError(f"{version} said {len(said)} different things to {question}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = ask_during_builds(Path(folder), users=chosen.users, seconds=chosen.seconds)
    print(f"{chosen.users} users, {chosen.seconds:.0f} s: {dict(sorted(tally.items()))}, 0 errors, 0 mixed answers")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
