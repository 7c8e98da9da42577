"""Kill whole builds (reading, resolving, indexing, writing) with signal 9 at random moments, and verify what serves.

    python tests/faults/kills_at_random.py [KILLS] [SEED]

Two sets of files take turns, so that every build has work to do. No embedding model is needed.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from graph import open_snapshot  # noqa: E402
from graph.verifying import verify_snapshot  # noqa: E402

FORM = """财政项目支出绩效目标表
({year}年度)
申报单位名称：上海市甲区建设局
项目名称：\t道路养护{n}\t项目类别：\t经常性项目
计划开始日期：\t{year}-01-01\t计划完成日期：\t{year}-12-31
立项依据：\t根据《城市道路管理条例》（国务院令第198号）和沪府发〔2018〕{n}号的规定。
项目总预算（元）：\t1,200,500\t项目当年预算（元）：\t1,200,500
"""
BUILD = """
from pathlib import Path
from search.pipeline import build
build([Path({source!r})], Path({directory!r}), embedder=None)
"""


def start(source: Path, directory: Path) -> subprocess.Popen[bytes]:
    code = BUILD.format(source=str(source), directory=str(directory))
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def main() -> int:
    """Exit 1 at the first snapshot that is neither the old nor the new one."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    pick = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        directory, sets = base / "snapshot", [base / "a", base / "b"]
        for year, source in enumerate(sets, start=2020):
            source.mkdir()
            for n in range(3):
                (source / f"{n}.txt").write_text(FORM.format(year=year, n=n), encoding="utf-8")
        expected = []
        began = time.monotonic()
        for source in sets:
            if start(source, directory).wait():
                print("the build itself fails")
                return 1
            expected.append(open_snapshot(directory).manifest.digest)
        whole = (time.monotonic() - began) / 2
        ended: Counter[str] = Counter()
        for n in range(kills):
            served = open_snapshot(directory).manifest.digest
            running = start(sets[n % 2], directory)
            time.sleep(pick.uniform(0.2, 1.6) * whole)
            running.send_signal(signal.SIGKILL)
            code = running.wait()
            if code not in (0, -signal.SIGKILL):
                print(f"kill {n}: the build itself fails with {code}")
                return 1
            verify_snapshot(directory)
            found = open_snapshot(directory).manifest.digest
            if found not in expected or (code == 0 and found != expected[n % 2]):
                print(f"kill {n}: serves something else than it should")
                return 1
            ended["killed" if code else "finished first"] += 1
            ended["new snapshot" if found != served else "old snapshot"] += 1
        print(f"{kills} kills of builds of {whole:.1f} s: {dict(sorted(ended.items()))}, 0 lost, 0 corrupt")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
