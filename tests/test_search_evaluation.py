"""evaluate_questions: counts by type, what is wrong and why, and what is no question file."""

from __future__ import annotations

import pytest

from graph.model import Source
from search.errors import QuestionFileRejected
from search.evaluation import as_rows, evaluate_questions, read_questions, render_evaluation
from search.model import Answer, Item, Status

SOURCE = Source(document="甲.txt", start=0, end=4, quote="道路养护")
ROWS = as_rows(
    [
        '{"id": "F1", "type": "F", "question": "有哪些", "gold": {"items": [{"names": ["道路养护"], "year": 2021}]}}',
        "",
        '{"id": "U1", "type": "U", "question": "写诗", "gold": {"status": ["no_match"], "items": []}}',
    ]
)


class OneAnswer:
    """Knows one project and refuses the rest."""

    def __init__(self, label: str = "道路养护", text: str = "共1个项目：道路养护（2021年）。") -> None:
        self.label, self.text = label, text

    def ask_safely(self, question: str) -> Answer:
        if question == "写诗":
            return Answer(question=question, status=Status.NO_MATCH, interpretation="", text="没有")
        item = Item(label=self.label, type="Project", year=2021, sources=(SOURCE,))
        return Answer(
            question=question, status=Status.ANSWERED, interpretation="", text=self.text, items=(item,), total=1
        )


def test_evaluate_questions_counts_by_type() -> None:
    evaluation = evaluate_questions(ROWS, OneAnswer(), text_of={"甲.txt": "道路养护"}.get)
    assert (evaluation.right, evaluation.asked) == ({"F": 1, "U": 1}, {"F": 1, "U": 1})
    assert (evaluation.proven, evaluation.answered, evaluation.score) == (1, 1, 1.0)
    assert evaluation.faults == evaluation.flaws == ()
    assert "答对 2/2" in render_evaluation(evaluation)
    assert evaluation.to_json()["score"] == 1.0


def test_evaluate_questions_says_what_is_wrong_and_why() -> None:
    evaluation = evaluate_questions(ROWS, OneAnswer(label="绿化补种"))
    assert [(fault.id, fault.why) for fault in evaluation.faults] == [("F1", "缺 道路养护（2021）；多 绿化补种")]
    assert "缺 道路养护" in render_evaluation(evaluation)


def test_evaluate_questions_tells_wrong_answers_from_refusals() -> None:
    refused = {"id": "F2", "type": "F", "question": "写诗", "gold": ROWS[0]["gold"]}
    evaluation = evaluate_questions([*ROWS, refused], OneAnswer(label="绿化补种"))
    assert (len(evaluation.faults), evaluation.misleading) == (2, 1)
    assert evaluation.to_json()["misleading"] == 1
    assert "没有答对的题中 1 题答错，1 题没有作答" in render_evaluation(evaluation)


def test_evaluate_questions_finds_false_quotes_and_stray_figures() -> None:
    answerer = OneAnswer(text="共1个项目，预算500万元。")
    flaws = evaluate_questions(ROWS, answerer, text_of={"甲.txt": "另一份文件"}.get).flaws
    assert [flaw.why for flaw in flaws] == ["回答里的数字 500 不在查询结果中", "甲.txt 里没有引文“道路养护”"]
    assert "缺陷 F1" in render_evaluation(evaluate_questions(ROWS, answerer))


def test_evaluate_questions_of_none() -> None:
    assert evaluate_questions([], OneAnswer()).score == 1.0


@pytest.mark.parametrize(
    "row",
    [{"question": "x"}, {"gold": {}}, {"question": "x", "gold": {"items": [3]}}, {"question": "x", "gold": []}],
    ids=["no-gold", "no-question", "items-not-objects", "gold-not-an-object"],
)
def test_read_questions_names_the_line(row: dict[str, object]) -> None:
    with pytest.raises(QuestionFileRejected, match="第 2 行"):
        read_questions([ROWS[0], row])
