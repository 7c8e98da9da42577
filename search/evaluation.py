"""Evaluation: a file of questions with gold → how many are answered right, by type, and what is wrong and why.

Beside the gold it checks what holds for every answer: figures of the text stem from what was found, quotes stand in
their files, answers show their evidence. Asks the engine; knows no gold of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from search.answer_checks import find_false_quotes, find_stray_figures
from search.answering import answer_to_json
from search.errors import QuestionFileRejected
from search.model import Answer, Status
from search.verdicts import AnswerJson, Gold, has_evidence, judge


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a question file."""

    question: str
    gold: Gold
    id: str = ""
    type: str = ""


class Asker(Protocol):
    """What answers questions; a question that it cannot take is said in the answer."""

    def ask_safely(self, question: str) -> Answer: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with one answer; `why` in Chinese. `claimed`: it was given as an answer, not refused."""

    id: str
    question: str
    why: str
    claimed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """`right` and `asked` count by type of question. `faults` are wrong answers, `flaws` breaches of what always holds.

    `proven` counts right answers that show their evidence, of `answered` right answers that should.
    """

    right: Mapping[str, int]
    asked: Mapping[str, int]
    proven: int
    answered: int
    faults: tuple[Fault, ...]
    flaws: tuple[Fault, ...]

    @property
    def score(self) -> float:
        """Share of right answers, 0..1; 1 where nothing was asked."""
        asked = sum(self.asked.values())
        return sum(self.right.values()) / asked if asked else 1.0

    @property
    def misleading(self) -> int:
        """How many wrong answers were given as answers: these cost more than refusals."""
        return sum(fault.claimed for fault in self.faults)

    def to_json(self) -> dict[str, object]:
        """The evaluation for programs."""
        return {
            "score": round(self.score, 4),
            "right": sum(self.right.values()),
            "asked": sum(self.asked.values()),
            "types": {kind: {"right": self.right.get(kind, 0), "asked": n} for kind, n in self.asked.items()},
            "proven": self.proven,
            "answered": self.answered,
            "misleading": self.misleading,
            "faults": [{"id": f.id, "question": f.question, "why": f.why} for f in self.faults],
            "flaws": [{"id": f.id, "question": f.question, "why": f.why} for f in self.flaws],
        }


def evaluate_questions(
    rows: Iterable[Mapping[str, object]], engine: Asker, *, text_of: Callable[[str], str | None] | None = None
) -> Evaluation:
    """Ask every question of `rows` (objects with `question` and `gold`) and judge the answers.

    `text_of` gives a document's text by its name: then every quote is looked up there. Raises QuestionFileRejected.
    """
    questions = read_questions(rows)
    return judge_answers(questions, [answer_to_json(engine.ask_safely(q.question)) for q in questions], text_of=text_of)


def read_questions(rows: Iterable[Mapping[str, object]]) -> tuple[Question, ...]:
    """Questions with their gold. Raises QuestionFileRejected, naming the line."""
    questions = []
    for number, row in enumerate(rows, start=1):
        try:
            questions.append(msgspec.convert(row, Question, strict=False))
        except msgspec.ValidationError as err:
            raise QuestionFileRejected(
                f"问题集第 {number} 行的标准答案不合规（{err}）", "写法见 docs/evaluation.md"
            ) from err
    return tuple(questions)


def judge_answers(
    questions: Sequence[Question],
    answers: Sequence[AnswerJson],
    *,
    text_of: Callable[[str], str | None] | None = None,
) -> Evaluation:
    """Judge answers given in the order of the questions."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    faults: list[Fault] = []
    flaws: list[Fault] = []
    proven = answered = 0
    for question, answer in zip(questions, answers, strict=True):
        asked[question.type] += 1
        verdict = judge(question.gold, answer)
        claimed = answer.get("status") == Status.ANSWERED
        if verdict.right:
            right[question.type] += 1
            if claimed:
                answered += 1
                proven += has_evidence(answer)
        else:
            faults.append(Fault(id=question.id, question=question.question, why=verdict.why, claimed=claimed))
        for why in _flaws(answer, text_of):
            flaws.append(Fault(id=question.id, question=question.question, why=why, claimed=claimed))
    kinds = sorted(asked)
    return Evaluation(
        right={kind: right[kind] for kind in kinds},
        asked={kind: asked[kind] for kind in kinds},
        proven=proven,
        answered=answered,
        faults=tuple(faults),
        flaws=tuple(flaws),
    )


def render_evaluation(evaluation: Evaluation) -> str:
    """The evaluation for people: what is wrong and why, then the table by type."""
    lines = [f"答错 {fault.id} {fault.question}\n     {fault.why}" for fault in evaluation.faults]
    lines += [f"缺陷 {flaw.id} {flaw.question}\n     {flaw.why}" for flaw in evaluation.flaws]
    shares = (f"{kind or '未分类'} {evaluation.right[kind]}/{n}" for kind, n in evaluation.asked.items())
    right, asked = sum(evaluation.right.values()), sum(evaluation.asked.values())
    lines.append("各题型：" + "，".join(shares))
    lines.append(f"答对 {right}/{asked}（{evaluation.score:.3f}）")
    if evaluation.faults:
        refused = len(evaluation.faults) - evaluation.misleading
        lines.append(f"没有答对的题中 {evaluation.misleading} 题答错，{refused} 题没有作答")
    lines.append(f"答对的回答中 {evaluation.proven}/{evaluation.answered} 附有原文证据")
    return "\n".join(lines)


def _flaws(answer: AnswerJson, text_of: Callable[[str], str | None] | None) -> list[str]:
    flaws = [f"回答里的数字 {figure} 不在查询结果中" for figure in find_stray_figures(answer)]
    if text_of is not None:
        flaws += [f"{name} 里没有引文“{quote[:40]}”" for name, quote in find_false_quotes(answer, text_of)]
    return flaws


def as_rows(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Objects of JSON lines; blank lines are passed over."""
    return [msgspec.json.decode(line, type=dict[str, Any]) for line in lines if line.strip()]
