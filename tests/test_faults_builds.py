"""Short versions of `tests/faults`: whole builds killed, failing, cut off, in little room, watched and repeated.

The long versions and their figures are in `tests/faults/README.md`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from search import intake, topic_index
from search.embedding import HashingEmbedder
from tests.faults.bit_flips import damage
from tests.faults.builds_at_once import crowd
from tests.faults.disk_full import build_in_little_room
from tests.faults.injected import CALLS, Stage, fail_every_call
from tests.faults.kills_at_random import kill_builds
from tests.faults.power_loss import lose_first, lose_power
from tests.faults.readers_during_builds import ask_during_builds
from tests.faults.steps import walk
from tests.generated_documents import generate, write_documents


def test_kills_leave_the_old_or_the_new_snapshot(tmp_path: Path) -> None:
    tally = kill_builds(tmp_path, kills=3, files=3, seed=7)
    assert (tally.kills, tally.orphans) == (3, 0)
    assert tally.old + tally.new == 3


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("stage"))


@pytest.mark.parametrize("call", CALLS)
def test_error_in_any_call_is_said_and_leaves_old_or_new(stage: Stage, call: str) -> None:
    often = call in ("write", "fsync", "open", "close")
    tally = fail_every_call(stage, call, step=4 if often else 1)
    assert tally.failed > 0
    assert tally.old + tally.new == tally.failed + tally.survived


def test_power_lost_at_any_step_leaves_old_or_new(tmp_path: Path) -> None:
    times, old, new = lose_power(tmp_path)
    assert old and new and old + new == times


def test_first_snapshot_outlives_a_loss_of_power(tmp_path: Path) -> None:
    Stage(tmp_path)
    lose_first(tmp_path)


def test_little_room_is_said_and_the_old_snapshot_serves(stage: Stage) -> None:
    tally = build_in_little_room(stage, sizes=6)
    assert tally.failed > 2
    assert tally.survived == 1


def test_flipped_bits_cut_and_lost_files_are_found_and_named(tmp_path: Path) -> None:
    hurt = damage(tmp_path, flips=120, seed=2)
    assert (hurt["flipped"], hurt["cut short"]) == (120, 24)


@pytest.mark.parametrize("seed", [1, 2])
def test_any_steps_equal_a_build_from_scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(intake, "EXTRACTIONS_AT_ONCE", 2)
    monkeypatch.setattr(topic_index, "TEXTS_AT_ONCE", 8)
    done = walk(tmp_path, steps=8, seed=seed, embedder=HashingEmbedder(dimension=16))
    assert done["not read again"] > done["read"]
    assert done["embedded"] < done["embedded from scratch"]


def test_of_builds_at_once_one_works(tmp_path: Path) -> None:
    ended = crowd(tmp_path, rounds=1, builds=3)
    assert ended == {"built": 1, "locked out, naming the one that works": 2}


def test_users_during_builds_get_answers_of_one_snapshot(tmp_path: Path) -> None:
    tally = ask_during_builds(tmp_path, users=20, seconds=3)
    assert tally["answers"] > 20
    assert tally["builds"] > 0


def test_generated_documents_are_functions_of_seed_and_number(tmp_path: Path) -> None:
    paths = write_documents(tmp_path / "a", 10)
    again = write_documents(tmp_path / "b", 10)
    assert [path.read_bytes() for path in paths] == [path.read_bytes() for path in again]
    assert len({generate(number) for number in range(10)}) == 10
    assert generate(3, seed=1) != generate(3, seed=2)
