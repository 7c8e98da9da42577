"""The seeds lie here byte for byte as they were given."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"


def test_seeds_match_their_recorded_hashes() -> None:
    rows = re.findall(r"`(\S+\.txt)`.*`([0-9a-f]{64})`", (SEEDS / "README.md").read_text(encoding="utf-8"))
    found = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in SEEDS.glob("*.txt")}
    assert found == dict(rows)
    assert len(rows) == 5
