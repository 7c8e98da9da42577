"""Reading in several processes: all answers come, a process that dies costs one source, none outlives its work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from search.reading_pool import read_together

ROOT = Path(__file__).parent.parent


def double(number: int) -> tuple[int, int]:
    return number, os.getpid()


def die_on_three(number: int) -> tuple[int, int]:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2, os.getpid()


def die_once(place: Path) -> str:
    """Ends the process the first time, leaving a mark."""
    if not place.exists():
        place.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return place.name


def sleep_long(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def gone(pid: int) -> bool:
    """Whether a process is no more, within a while."""
    for _ in range(200):
        if not Path(f"/proc/{pid}").exists() or "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text(
            encoding="ascii"
        ):
            return True
        time.sleep(0.05)
    return False


def test_read_together_answers_everything_in_some_order() -> None:
    answers = list(read_together(double, range(20), workers=2, give_up=lambda n: (-n, 0)))
    assert sorted(number for number, _ in answers) == list(range(20))
    workers = {pid for _, pid in answers}
    assert os.getpid() not in workers and len(workers) <= 2
    assert all(map(gone, workers))


def test_read_together_gives_up_only_what_kills_its_process() -> None:
    answers = read_together(die_on_three, range(6), workers=2, give_up=lambda n: (-n, 0))
    assert sorted(number for number, _ in answers) == [-3, 0, 2, 4, 8, 10]


def test_read_together_reads_again_after_a_death(tmp_path: Path) -> None:
    asked = [tmp_path / name for name in "甲乙丙"]
    answers = read_together(die_once, asked, workers=2, give_up=lambda place: f"given up: {place.name}")
    assert sorted(answers) == sorted("甲乙丙")


def test_read_together_left_early_kills_its_processes() -> None:
    answers = read_together(sleep_long, [0.0, 600.0, 600.0], workers=2, give_up=lambda n: n)
    assert next(answers) == 0.0
    began = time.monotonic()
    answers.close()
    assert time.monotonic() - began < 60


ORPHANS = """
import sys
sys.path.insert(0, {root!r})
from tests.test_search_reading_pool import report_and_sleep
from search.reading_pool import read_together
if __name__ == "__main__":
    list(read_together(report_and_sleep, [1, 2], workers=2, give_up=lambda n: n))
"""


def report_and_sleep(number: int) -> int:
    print(os.getpid(), flush=True)
    time.sleep(600)
    return number


def test_processes_end_with_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS.format(root=str(ROOT)), encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    workers = [int(parent.stdout.readline()) for _ in range(2)]
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert all(map(gone, workers))
