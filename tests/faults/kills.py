"""Kill a build with signal 9 at every system call that it makes, and check what serves after each.

python tests/faults/kills.py
"""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.test_graph_publishing_faults import budget_served, kill_at, publish


def main() -> int:
    """Kill at 1, 2, 3 … until the build gets through; exit 1 where anything but old or new serves."""
    at = old = new = 0
    while True:
        at += 1
        with tempfile.TemporaryDirectory() as folder:
            directory = Path(folder)
            publish(directory, "1")
            ended = kill_at(directory, at)
            served = budget_served(directory)
            if served not in {"1", "2"}:
                print(f"kill at call {at}: serves {served!r}")
                return 1
            old, new = old + (served == "1"), new + (served == "2")
            if ended.returncode != -signal.SIGKILL:
                break
    print(f"{at - 1} kills, one at each call: {old} left the old snapshot, {new - 1} the new one, 0 lost, 0 corrupt")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
