"""A name in quotes within a topic is wanted to the letter, where the documents have it."""

from __future__ import annotations

import pytest

from graph.model import EntityType
from search.normalise import normalise_question
from search.plan import Plan, Show, Topic
from search.quoted_topics import require_quoted


def topic(text: str) -> Plan:
    return Plan(steps=(Topic(kind=EntityType.PROJECT, text=text), Show()))


@pytest.mark.parametrize(
    ("question", "text", "wanted", "literal"),
    [
        ("哪个项目办过“疏浚面对面”活动", "疏浚面对面活动", "疏浚面对面", True),
        ("与《清河手册》有关的项目", "清河手册", "清河手册", True),
        ("哪个项目办过疏浚面对面活动", "疏浚面对面活动", "疏浚面对面活动", False),
        ("“2021年”与疏浚有关的项目", "疏浚", "疏浚", False),
    ],
    ids=["quotes", "title", "plain", "elsewhere"],
)
def test_a_quoted_name_is_required(question: str, text: str, wanted: str, literal: bool) -> None:
    plan, note = require_quoted(topic(text), normalise_question(question), lambda name, kind: True)
    first = plan.steps[0]
    assert isinstance(first, Topic) and (first.text, first.literal, note) == (wanted, literal, "")


def test_a_quoted_name_that_stands_nowhere_is_said_and_what_is_like_it_sought() -> None:
    question = normalise_question("与“人才引进”有关的项目")
    plan, note = require_quoted(topic("人才引进"), question, lambda name, kind: False)
    assert plan == topic("人才引进") and note == "原文中没有原样出现“人才引进”"
