"""Damaged inputs: each is read or rejected with a reason.

10,000 by hand: `python -m tests.faults.mutated_inputs 10000`.
"""

from __future__ import annotations

import pytest

from tests.faults.mutated_inputs import try_variants


@pytest.mark.timeout(900)
def test_mutated_inputs_are_read_or_rejected_with_a_reason() -> None:
    report = try_variants(1_000, seed=2)
    assert report.failures == [], str(report)
    assert report.total == 1_000 and report.read > 200 and report.rejected.total() > 200
