"""The tab 问答: question box, answer, table, evidence and the small graph. Callbacks are functions over Knowledge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from urllib.parse import urlencode

import gradio as gr

from graph.model import EntityId
from search.errors import SearchError
from search.model import Answer
from search.plan import plan_from_json, plan_to_json
from search.plan_chips import with_value, without_chip
from ui.addresses import read_plan, spell_plan
from ui.drawing import SEQUENCE, draw_answer, named_in, render_drawing
from ui.examples import example_questions
from ui.markup import Html, element, join
from ui.rendering import EMPTY_TABLE
from ui.rendering_answer import (
    render_answer,
    render_answer_evidence,
    render_entity_evidence,
    render_failure,
    render_item_evidence,
)
from ui.rendering_chips import render_chips
from ui.rendering_table import answer_table
from ui.service import Knowledge, Workspace
from ui.web_boundary import guarded
from ui.web_network import build_functions, draw_start
from ui.web_parts import build_ask, build_network, build_panel, build_table

SMALL = 24  # nodes in the graph beside an answer
FLAT = 2.0  # its window is twice as wide as high
CHAIN = 5  # questions that a follow-up may rest on


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the page remembers of a session: the last answer and the questions that led to it."""

    answer: Answer
    chain: tuple[str, ...]
    changed: bool = False  # conditions were changed by hand: the questions alone no longer lead to the answer
    origin: Asked | None = None  # before they were changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Everything that one question changes on the page."""

    box: dict[str, object]
    card: Html
    table: dict[str, object]
    evidence: Html
    drawing: dict[str, object]
    asked: Asked | None

    def outputs(self) -> tuple[object, ...]:
        """In the order of `AskTab.outputs`."""
        return self.box, self.card, self.table, self.evidence, self.drawing, self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTab:
    """Components of the tab that other tabs listen to."""

    box: gr.HTML
    card: gr.HTML
    table: gr.HTML
    evidence: gr.HTML
    network: gr.HTML
    asked: gr.State

    def outputs(self) -> list[object]:
        """Everything that a question changes."""
        return [self.box, self.card, self.table, self.evidence, self.network, self.asked]


def render_box(
    knowledge: Knowledge, question: str = "", *, link: Sequence[tuple[str, str]] = (), can_follow: bool = False
) -> dict[str, object]:
    """Value of the question box; `link` is what the address is to carry."""
    return {
        "question": question,
        "seq": next(SEQUENCE),
        "chain": [value for name, value in link if name == "q"],
        "plan": [value for name, value in link if name == "plan"],
        "canFollow": can_follow,
        "examples": [list(pair) for pair in example_questions(knowledge)],
    }


def render_welcome() -> Html:
    """What stands there before the first question."""
    return element(
        "section",
        {"class": "jx-welcome"},
        element("h3", {}, "可以问什么"),
        element(
            "p",
            {},
            "可以问谁引用了某份文件、某个项目的依据、金额的合计与排名、指标的目标与完成情况，"
            "也可以直接写一个主题词。每个回答都附原文出处；图谱中没有的，会直说没有。",
        ),
    )


def ask(knowledge: Knowledge, question: str, *, asked: Asked | None = None) -> Shown:
    """Ask and render; `asked` is the answer that a follow-up rests on. Raises what Knowledge.ask raises."""
    answer = knowledge.ask(question, previous=asked.answer if asked else None)
    if asked is not None and asked.changed:  # the questions before do not lead here any more, its own plan does
        return show(knowledge, Asked(answer=answer, chain=(question,), changed=bool(answer.plan)))
    return show(knowledge, Asked(answer=answer, chain=(*(asked.chain if asked else ()), question)[-CHAIN:]))


def ask_changed(knowledge: Knowledge, plan: object, question: str, *, origin: Asked | None = None) -> Shown:
    """Carry out a plan with changed conditions and render. Raises what Knowledge.ask_plan raises."""
    answer = knowledge.ask_plan(plan, question=question)
    return show(knowledge, Asked(answer=answer, chain=(question,), changed=True, origin=origin))


def press_chip(knowledge: Knowledge, asked: Asked, data: Mapping[str, object]) -> Shown:
    """What pressing a condition leads to: away with it, another value, or back to how the question was read.

    Raises PlanRejected where it cannot be.
    """
    origin = asked.origin or asked
    key, question = str(data.get("key", "")), asked.answer.question
    match data.get("do"):
        case "remove":
            plan = without_chip(plan_from_json(asked.answer.plan), key)
        case "change":
            plan = with_value(plan_from_json(asked.answer.plan), key, str(data.get("value", "")))
        case _:
            return show(knowledge, origin)
    return ask_changed(knowledge, plan_to_json(plan), question, origin=origin)


def link_values(asked: Asked) -> list[tuple[str, str]]:
    """Parameters of an address that leads to the same answer; none where they would be too long for one."""
    values = [("q", question) for question in asked.chain]
    if not asked.changed:
        return values
    plan = spell_plan(asked.answer.plan)
    return [*values, ("plan", plan)] if plan else []


def show(knowledge: Knowledge, asked: Asked) -> Shown:
    """Render an answer with everything beside it."""
    answer, link = asked.answer, link_values(asked)
    table = answer_table(answer).to_json()
    if answer.items:
        table["chosen"] = "0"
        if link:
            table["download"] = "kgdata/answer.csv?" + urlencode(link)
        first = render_item_evidence(knowledge, answer.items[0], about=named_in(answer.plan))
        evidence = join([first, render_answer_evidence(knowledge, answer)])
    else:
        evidence = render_answer_evidence(knowledge, answer)
    empty = render_no_evidence() if answer.items else render_quiet_evidence()
    return Shown(
        box=render_box(knowledge, answer.question, link=link, can_follow=True),
        card=render_card(knowledge, asked),
        table=table,
        evidence=evidence or empty,
        drawing=render_drawing(knowledge, draw_answer(knowledge, answer, limit=SMALL), aspect=FLAT),
        asked=asked,
    )


def render_card(knowledge: Knowledge, asked: Asked, *, failure: str = "") -> Html:
    """The answer with its conditions; `failure` says why a change was refused."""
    chips = render_chips(knowledge.chips(asked.answer.plan), changed=asked.origin is not None, failure=failure)
    return render_answer(asked.answer, conditions=chips)


def ask_guarded(knowledge: Knowledge, question: str, *, asked: Asked | None = None) -> Shown:
    """`ask`, with failures said on the page."""
    return guarded(lambda card: empty_page(knowledge, card, question))(ask)(knowledge, question, asked=asked)


def press_guarded(knowledge: Knowledge, asked: Asked | None, data: Mapping[str, object]) -> Shown | Html:
    """`press_chip`; where the change is refused, the card alone, with the reason under its conditions."""
    if asked is None:
        return render_failure("页面停留过久，已不记得上一个回答", "请重新提问")

    def press() -> Shown | Html:
        try:
            return press_chip(knowledge, asked, data)
        except SearchError as err:
            return render_card(knowledge, asked, failure="。".join(filter(None, (err.reason, err.advice))))

    def fail(card: Html) -> Shown | Html:
        return card

    return guarded(fail)(press)()


def open_plan(knowledge: Knowledge, question: str, text: str) -> Shown:
    """The answer to a plan that a link carries, with failures said on the page."""

    def open_it() -> Shown:
        return ask_changed(knowledge, read_plan(text), question)

    return guarded(lambda card: empty_page(knowledge, card, question))(open_it)()


def render_no_evidence() -> Html:
    """What stands for the evidence while there is none to show."""
    return element(
        "p", {"class": "jx-empty"}, "提问之后，这里显示每一行答案的原文出处；点击表格的行或图中的节点、连线可以切换。"
    )


def render_quiet_evidence() -> Html:
    """For an answer that lists nothing."""
    return element("p", {"class": "jx-empty"}, "这个回答没有可显示的出处。")


def render_small_start(knowledge: Knowledge) -> dict[str, object]:
    """The picture on the tab before the first question."""
    note = "图中是被引用最多的文件和引用它的项目；点击节点展开。"
    return render_drawing(knowledge, draw_start(knowledge), note=note, aspect=FLAT)


def empty_page(knowledge: Knowledge, card: Html, question: str = "") -> Shown:
    """The page without an answer: `card` says why."""
    return Shown(
        box=render_box(knowledge, question),
        card=card,
        table=EMPTY_TABLE.to_json(),
        evidence=render_no_evidence(),
        drawing=render_small_start(knowledge),
        asked=None,
    )


def build_ask_tab(workspace: Workspace) -> AskTab:
    """Lay out the tab and wire what concerns it alone."""
    knowledge = workspace.current()
    functions = build_functions(workspace)
    box = build_ask(value=render_box(knowledge))
    with gr.Row(elem_classes="jx-columns"):
        with gr.Column(scale=6, min_width=460):
            card = build_panel("jx-card", value=render_welcome())
            table = build_table("jx-items")
            network = build_network(
                "jx-small", compact=True, functions=functions.all(), value=render_small_start(knowledge)
            )
        with gr.Column(scale=5, min_width=400):
            calls = [functions.context, *functions.changes]
            evidence = build_panel("jx-evidence", value=render_no_evidence(), label="原文证据", functions=calls)
    tab = AskTab(box=box, card=card, table=table, evidence=evidence, network=network, asked=gr.State(None))

    def on_ask(asked: Asked | None, event: gr.EventData) -> tuple[object, ...]:
        question = str(event._data.get("question", ""))
        base = asked if event._data.get("follow") else None
        return ask_guarded(workspace.current(), question, asked=base).outputs()

    def on_chip(asked: Asked | None, event: gr.EventData) -> tuple[object, ...]:
        now = press_guarded(workspace.current(), asked, event._data)
        if isinstance(now, Shown):
            return now.outputs()
        return tuple(now if field.name == "card" else gr.skip() for field in fields(Shown))

    def on_pick(asked: Asked | None, event: gr.EventData) -> Html:
        now = workspace.current()

        def show() -> Html:
            at = int(str(event._data.get("key", "")))
            if asked is None or not 0 <= at < len(asked.answer.items):
                return element("p", {"class": "jx-quiet"}, "请重新提问后再查看出处。")
            return render_item_evidence(now, asked.answer.items[at], about=named_in(asked.answer.plan))

        return guarded(lambda card: card)(show)()

    def on_node(event: gr.EventData) -> Html:
        now = workspace.current()

        def show() -> Html:
            entity = now.entity(EntityId(str(event._data.get("id", ""))))
            return render_entity_evidence(now, entity) if entity else render_no_evidence()

        return guarded(lambda card: card)(show)()

    def on_edge(event: gr.EventData) -> Html:
        now = workspace.current()

        def show() -> Html:
            edge = now.edge(str(event._data.get("id", "")))
            return functions.render_edge(now, edge) if edge else render_no_evidence()

        return guarded(lambda card: card)(show)()

    quiet = {"api_visibility": "private", "show_progress": "hidden"}
    box.ask(on_ask, [tab.asked], tab.outputs(), **quiet)
    card.chip(on_chip, [tab.asked], tab.outputs(), **quiet)
    table.pick(on_pick, [tab.asked], [evidence], **quiet)
    network.node(on_node, None, [evidence], **quiet)
    network.edge(on_edge, None, [evidence], **quiet)
    return tab
