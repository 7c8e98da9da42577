"""Flip single bits in a published snapshot: each must be found when it is opened, and the file named.

    python tests/faults/bit_flips.py [--flips 1000] [--seed 1]

All files of a whole build take turns, the manifest and the pointer too. Then a fifth as many are cut short, and
each is removed once.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from graph import open_snapshot  # noqa: E402
from graph.errors import SnapshotError  # noqa: E402
from graph.publishing import roll_back  # noqa: E402
from graph.snapshot import find_snapshot  # noqa: E402
from tests.faults.small_builds import build_small, served, write_set  # noqa: E402


def damage(base: Path, *, flips: int, seed: int) -> Counter[str]:
    """How often a file was damaged which way. Raises AssertionError at the first damage not found and named."""
    pick, hurt, directory = random.Random(seed), Counter[str](), base / "snapshot"
    build_small(write_set(base / "old", 0), directory)
    old = served(directory)
    build_small(write_set(base / "new", 1), directory)
    new, path = served(directory), find_snapshot(directory)
    files = [file for file in sorted(path.rglob("*")) if file.is_file() and file.stat().st_size]
    files.append(directory / "CURRENT")
    whole = {file: file.read_bytes() for file in files}
    for number in range(flips + flips // 5):
        file = files[number % len(files)]
        data = bytearray(whole[file])
        at = pick.randrange(len(data) - (file.name == "CURRENT"))  # its line end may be any white space
        if number < flips:
            data[at] ^= 1 << pick.randrange(8)
        else:
            del data[at:]
        file.write_bytes(data)
        check(directory, file, f"damage {number} at {at}")
        file.write_bytes(whole[file])
        hurt["flipped" if number < flips else "cut short"] += 1
    for file in files:
        file.unlink()
        check(directory, file, "removal")
        file.write_bytes(whole[file])
        hurt["removed"] += 1
    if served(directory) != new:
        raise AssertionError("undamaged, it does not serve")
    (path / "index" / "vectors.npy").write_bytes(b"")
    roll_back(directory)
    if served(directory) != old:
        raise AssertionError("the one before does not serve after rollback")
    return hurt


def check(directory: Path, file: Path, note: str) -> None:
    try:
        open_snapshot(directory)
    except SnapshotError as err:
        if file.name not in str(err):
            raise AssertionError(f"{note} of {file.name}: another file is named: {err}") from err
        if "jixiao" not in err.advice:
            raise AssertionError(f"{note} of {file.name}: nothing is said to do: {err}") from err
        return
    raise AssertionError(f"{note} of {file.name}: not found")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        hurt = damage(Path(folder), flips=chosen.flips, seed=chosen.seed)
    print(f"bits flipped {hurt['flipped']}, files cut short {hurt['cut short']}, files removed {hurt['removed']}: ")
    print(
        "all found when the snapshot was opened, the file named, what to do said; the one before serves after rollback"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
