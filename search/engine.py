"""SearchEngine: question → answer, as steps that read aloud. Exact questions load no model, no vectors, no torch."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from graph.model import EntityType
from graph.store import EmbeddedStore, Store
from search.answering import compose
from search.answering_apart import apart_text
from search.answering_refusals import refuse, rejected
from search.claims import confirm, weigh_claim, weigh_contrast
from search.commands import is_command
from search.errors import IndexDamaged, ModelMismatch, ModelUnavailable, PlanRejected, QuestionRejected
from search.execute import Near, execute
from search.faithfulness import find_unkept
from search.followups import previous_items, with_previous
from search.linking import Names
from search.model import Answer, Option, Status
from search.normalise import Folded, normalise_question
from search.parse import parse_question
from search.plan import Plan, Topic
from search.plan_admission import admit_plan
from search.plan_checks import check_plan
from search.planning import Planned, plan_query
from search.planning_rows import Before
from search.query import Query
from search.quoted_topics import require_quoted
from search.refusals import Reason, Refusal
from search.rephrasing import find_rephrasing
from search.understanding import find_refusal

if TYPE_CHECKING:
    from graph.snapshot import Snapshot
    from search.embedding import Embedder
    from search.topics import TopicSearch

_log = logging.getLogger(__name__)


class PlanWriter(Protocol):
    """Writes plans for questions that the parser does not understand; None where it cannot."""

    def write_plan(self, question: Folded, names: Names, store: Store) -> Plan | None: ...


class SearchEngine:
    """Answers questions over one snapshot. Reads only; may be asked by many at once."""

    def __init__(
        self,
        store: Store,
        *,
        text_of: Callable[[str], str | None] = lambda name: None,
        open_topics: Callable[[], TopicSearch | None] = lambda: None,
        planner: PlanWriter | None = None,
    ) -> None:
        self._store = store
        self._text_of = text_of
        self._open_topics = open_topics
        self._planner = planner

    @classmethod
    def open(
        cls,
        snapshot: Snapshot,
        *,
        embedder_factory: Callable[[str], Embedder],
        planner: PlanWriter | None = None,
    ) -> SearchEngine:
        """The engine over an opened snapshot. The model is loaded when a topic question first needs it.

        `planner` is asked about questions that the parser does not understand; None for none.
        """

        def open_topics() -> TopicSearch:
            from search.topics import TopicSearch  # noqa: PLC0415 (numpy and the indexes: topic questions only)

            return TopicSearch.open(snapshot, embedder_factory=embedder_factory)

        store = EmbeddedStore(snapshot.kg, lambda: snapshot.passages)
        return cls(store, text_of=lambda name: snapshot.documents.get(name), open_topics=open_topics, planner=planner)

    def ask(self, question: str, *, previous: Answer | None = None) -> Answer:
        """The answer. `previous` is the answer before, for follow-ups.

        Raises QuestionRejected where the question is empty, too long or unreadable, ModelUnavailable or ModelMismatch
        where a topic question needs the model and it cannot be had.
        """
        started = perf_counter()
        folded = normalise_question(question)
        before = previous_items(previous)
        query = parse_question(folded, self._names)
        if previous is not None:
            query = with_previous(query, previous, self._names)
        if query.outside and query.topic and self._topics is not None and self._topics.holds_words(query.topic):
            query = replace(query, outside=())
        planned = self._plan(query, folded, before)
        if isinstance(planned, Refusal):
            planned = self._plan_otherwise(folded, planned)
        if is_command(question) and (isinstance(planned, Refusal) or isinstance(planned.plan.steps[0], Topic)):
            planned = Refusal(status=Status.UNANSWERABLE, reason=Reason.READ_ONLY)
        if isinstance(planned, Refusal):
            answer = refuse(question, self._with_rephrasing(question, planned), self._store)
        else:
            answer = self._carry_out(question, self._with_quoted(planned, folded))
        _log.info("asked status=%s items=%d ms=%.1f", answer.status, answer.total, (perf_counter() - started) * 1e3)
        return answer

    def _plan(self, query: Query, question: Folded, before: Before | None) -> Planned | Refusal:
        """The plan, or why there can be none."""
        refusal = find_refusal(query, question, names=self._names, store=self._store, has_previous=before is not None)
        if refusal is not None:
            return refusal
        try:
            planned = plan_query(query, store=self._store, names=self._names, before=before)
            shape = check_plan(planned.plan)
        except PlanRejected:
            return Refusal(status=Status.UNANSWERABLE, reason=Reason.NO_PLAN)
        if unkept := find_unkept(planned.query, planned.plan, shape):
            return Refusal(status=Status.UNANSWERABLE, reason=Reason.UNKEPT, words=unkept)
        return planned

    def _with_rephrasing(self, question: str, refusal: Refusal) -> Refusal:
        """The refusal with a near question that can be answered, where leaving out what is unread gives one."""
        if refusal.reason is not Reason.NOT_UNDERSTOOD:
            return refusal

        def is_askable(text: str) -> bool:
            folded = normalise_question(text)
            planned = self._plan(parse_question(folded, self._names), folded, None)
            return isinstance(planned, Planned) and not isinstance(planned.plan.steps[0], Topic)

        askable = find_rephrasing(question, refusal.words, is_askable)
        if askable is None:
            return refusal
        return replace(refusal, askable=askable, options=(Option(label=askable, question=askable),))

    def _plan_otherwise(self, question: Folded, refusal: Refusal) -> Planned | Refusal:
        """The plan of the language model, where there is one and the parser did not understand."""
        if self._planner is None or refusal.reason not in (Reason.NOT_UNDERSTOOD, Reason.UNKEPT, Reason.NO_PLAN):
            return refusal
        plan = self._planner.write_plan(question, self._names, self._store)
        if plan is None:
            return refusal
        note = "问题由语言模型改写为查询计划；数据和证据都来自图谱"
        return Planned(plan=plan, query=Query(), notes=(note,))

    def _with_quoted(self, planned: Planned, question: Folded) -> Planned:
        """The plan that wants a quoted name of a topic to the letter, where the documents have it."""
        plan, note = require_quoted(
            planned.plan, question, lambda name, kind: bool(self._find_topic(name, kind, 1, True))
        )
        return replace(planned, plan=plan, notes=(*planned.notes, note) if note else planned.notes)

    def _carry_out(self, question: str, planned: Planned) -> Answer:
        """Execute the plan and put the result into words."""
        result = execute(planned.plan, self._store, find_topic=self._find_topic)
        claim = planned.query.claim
        decision = (
            weigh_claim(claim, planned.plan, result, self._store)
            if claim is not None
            else weigh_contrast(planned.query, result)
        )
        result = decision.result if decision is not None else result
        other = execute(planned.alternative, self._store) if planned.alternative else None
        answer = compose(
            question,
            planned.plan,
            result,
            store=self._store,
            text_of=self._text_of,
            signed=planned.query.signed,
            notes=(*planned.notes, *self._topic_notes(planned.plan)),
            alternative=other,
            yes_no=planned.query.yes_no,
            verdict=planned.verdict,
        )
        if decision is not None:
            return confirm(answer, decision)
        apart = apart_text(planned.query, result, self._store) if answer.items and not answer.unit else ""
        return replace(answer, text=f"{apart}{answer.text}") if apart else answer

    def ask_plan(self, plan: object, *, question: str) -> Answer:
        """The answer to a plan (as JSON values) that a reader changed; `question` is only said back.

        Raises PlanRejected where the plan cannot be carried out on this snapshot, QuestionRejected and failures of
        the model as `ask` does.
        """
        normalise_question(question)
        note = "条件经手工改动，结果以上面的理解为准，与问题原文可能不同"
        return self._carry_out(question, Planned(plan=admit_plan(plan, self._store), query=Query(), notes=(note,)))

    def ask_safely(self, question: str, *, previous: Answer | None = None) -> Answer:
        """As `ask`, but a question that is rejected, or a model that cannot be had, is said in the answer."""
        try:
            return self.ask(question, previous=previous)
        except (QuestionRejected, ModelUnavailable, ModelMismatch, IndexDamaged) as err:
            return rejected(question, err.reason, err.advice)

    @cached_property
    def _names(self) -> Names:
        return Names(self._store)

    @cached_property
    def _topics(self) -> TopicSearch | None:
        return self._open_topics()

    def _topic_notes(self, plan: Plan) -> tuple[str, ...]:
        """What a topic search had to do without."""
        note = self._topics.note if isinstance(plan.steps[0], Topic) and self._topics is not None else ""
        return (note if note.endswith("。") else f"{note}。",) if note else ()

    def _find_topic(self, text: str, kind: EntityType, limit: int, literal: bool) -> tuple[Near, ...]:
        if self._topics is None:
            return ()
        hits = self._topics.find(text, kind=kind, limit=limit, literal=literal)
        return tuple(Near(entity=hit.entity.id, passage=hit.passage) for hit in hits)
