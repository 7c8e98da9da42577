"""The public question set on the five seeds, with the real model: right answers, proofs, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph import open_snapshot
from graph.snapshot import Snapshot
from search.embedding import SentenceTransformerEmbedder
from search.engine import SearchEngine
from search.errors import ModelUnavailable
from search.evaluation import Evaluation, as_rows, evaluate_questions, read_questions, render_evaluation
from search.model_store import default_sources, obtain_model
from search.pipeline import build

HERE = Path(__file__).parent
FLOOR = 0.88  # share of right answers; only ever raised


def rows_of(name: str) -> list[dict[str, object]]:
    with (HERE / "questions" / name).open(encoding="utf-8") as lines:
        return as_rows(lines)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, SearchEngine]:
    try:
        embedder = SentenceTransformerEmbedder(obtain_model("m3e-small", default_sources()))
    except ModelUnavailable as err:
        pytest.skip(f"the real model cannot be had: {err}")
    folder = tmp_path_factory.mktemp("snapshot")
    build([HERE.parent / "seeds"], folder, embedder=embedder)
    opened = open_snapshot(folder)
    return opened, SearchEngine.open(opened, embedder_factory=lambda name: embedder)


@pytest.fixture(scope="module")
def evaluation(snapshot: tuple[Snapshot, SearchEngine]) -> Evaluation:
    opened, engine = snapshot
    return evaluate_questions(rows_of("answered.jsonl"), engine, text_of=opened.documents.get)


@pytest.mark.parametrize("name", ["answered.jsonl", "refused.jsonl"])
def test_question_files_are_whole(name: str) -> None:
    questions = read_questions(rows_of(name))
    assert len({question.id for question in questions}) == len({question.question for question in questions})
    assert len(questions) >= {"answered.jsonl": 150, "refused.jsonl": 60}[name]


def test_question_types_are_all_asked() -> None:
    assert {question.type for question in read_questions(rows_of("answered.jsonl"))} == set("RCFAKXILMPSEG")


@pytest.mark.model
def test_answers_are_right(evaluation: Evaluation) -> None:
    assert evaluation.score >= FLOOR, render_evaluation(evaluation)


@pytest.mark.model
def test_right_answers_show_their_evidence(evaluation: Evaluation) -> None:
    assert evaluation.proven == evaluation.answered > 0


@pytest.mark.model
def test_figures_and_quotes_of_all_answers_hold(evaluation: Evaluation) -> None:
    assert evaluation.flaws == (), render_evaluation(evaluation)


@pytest.mark.model
def test_nothing_foreign_is_answered(snapshot: tuple[Snapshot, SearchEngine]) -> None:
    refused = evaluate_questions(rows_of("refused.jsonl"), snapshot[1])
    assert refused.score == 1.0, render_evaluation(refused)
