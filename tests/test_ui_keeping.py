"""Things made once for each snapshot go with it."""

from __future__ import annotations

import gc
import weakref

import pytest

from ui.examples import example_questions
from ui.keeping import kept_with_knowledge


@pytest.mark.filterwarnings("default")
def test_nothing_keeps_a_snapshot_that_serves_no_more(sample):
    from ui.web_network import render_everything  # imports gradio, which warns

    knowledge = sample.make_knowledge()
    assert example_questions(knowledge)
    assert render_everything(knowledge)
    gone = weakref.ref(knowledge)
    del knowledge
    gc.collect()
    assert gone() is None


def test_kept_things_are_made_once_for_each_knowledge(sample):
    asked = []

    @kept_with_knowledge
    def find(knowledge):
        asked.append(knowledge.info())

    first, second = sample.make_knowledge(), sample.make_knowledge()
    for knowledge in (first, second, first, second):
        assert find(knowledge) is None
    assert len(asked) == 2
