"""A planner by language model for questions that the parser does not understand. Off unless an endpoint is set.

The model writes a plan, as JSON of our schema, and nothing else: every id must be one that it was shown, every figure
and text must stand in the question. Answers and figures come from executing the plan on the graph, as always.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from graph.model import EntityType
from graph.store import Store
from search.columns import as_decimal
from search.errors import PlanRejected
from search.linking import Names
from search.normalise import Folded, key_of
from search.parse_quantities import find_quantities
from search.plan import (
    Compare,
    Contrast,
    Figures,
    Has,
    Keep,
    Number,
    Paths,
    Pick,
    Plan,
    Rank,
    Recall,
    Step,
    Topic,
    Without,
    plan_from_json,
    plan_schema,
    within,
)
from search.plan_checks import check_plan
from search.plan_terms import Column
from search.query import Kind
from search.vocabulary import ColumnType, column_specs, spec_of

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)

MAX_REPLY = 64_000  # bytes of a reply that are read
_MOST_NAMES = 12  # of each kind that the model is shown
_KINDS = {
    Kind.PROJECT: EntityType.PROJECT,
    Kind.POLICY: EntityType.POLICY,
    Kind.UNIT: EntityType.UNIT,
    Kind.TASK: EntityType.TASK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageModelPlanner:
    """Asks an OpenAI-compatible endpoint. `timeout` is seconds for the whole exchange; `key` goes into a header."""

    endpoint: str
    model: str
    key: str = ""
    timeout: float = 20.0

    def write_plan(self, question: Folded, names: Names, store: Store) -> Plan | None:
        """The plan that the model wrote, if it is one that can be trusted; None for every kind of failure."""
        shown = find_candidates(question, names)
        try:
            reply = self._ask(question.text, shown)
            plan = plan_from_json(_json_in(reply))
            check_plan(plan)
            check_honesty(plan, question, shown={i for _, i, _ in shown}, store=store)
        except PlanRejected as err:
            _log.warning("language model's plan refused: %s", err.reason)
            return None
        return plan

    def _ask(self, question: str, shown: list[tuple[str, str, str]]) -> str:
        import httpx  # noqa: PLC0415 (only where an endpoint is set)

        body = {
            "model": self.model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": instructions(shown)},
                {"role": "user", "content": question},
            ],
        }
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        url = f"{self.endpoint.rstrip('/')}/chat/completions"
        deadline = time.monotonic() + self.timeout
        try:
            with (
                httpx.Client(timeout=self.timeout, follow_redirects=False, trust_env=False) as client,
                client.stream("POST", url, json=body, headers=headers) as response,
            ):
                if response.status_code != httpx.codes.OK:
                    raise PlanRejected(f"语言模型服务返回 {response.status_code}", "请检查服务地址和密钥")
                return _content(_read(response, deadline))
        except (httpx.HTTPError, httpx.InvalidURL) as err:
            raise PlanRejected(f"语言模型服务不可用（{type(err).__name__}）", "请检查服务地址") from err


def find_candidates(question: Folded, names: Names) -> list[tuple[str, str, str]]:
    """(kind, id, label) of what the question may name: all that the model is allowed to refer to."""
    found: dict[str, tuple[str, str, str]] = {}
    for kind, entity_type in _KINDS.items():
        for thing in names.suggest(question.folded, kind, limit=_MOST_NAMES):
            for identifier in thing.ids:
                found.setdefault(identifier, (entity_type.value, identifier, thing.label))
    for hit in names.find(question.folded):
        for identifier in hit.mention.ids:
            if ":" in identifier:
                found.setdefault(identifier, (hit.mention.kind.value, identifier, hit.mention.label))
    return list(found.values())


def instructions(shown: Iterable[tuple[str, str, str]]) -> str:
    """What the model is told: the schema, what columns mean, which ids there are."""
    columns = "\n".join(f"{column.value}: {spec.label}" for column, spec in column_specs().items())
    listed = "\n".join(f"{identifier} {kind} {label}" for kind, identifier, label in shown)
    return (
        '把用户的问题改写成一份查询计划，只输出一个 JSON 对象，格式为 {"steps": […]}，不要写任何解释，不要回答问题。'
        '只能使用下列编号；数值和文字只能取自问题本身。无法改写时输出 {"steps": []}。\n'
        f"JSON Schema：{json.dumps(plan_schema(), ensure_ascii=False)}\n字段：\n{columns}\n编号：\n{listed}"
    )


def check_honesty(plan: Plan, question: Folded, *, shown: set[str], store: Store) -> None:
    """Nothing in the plan may be made up.

    Raises PlanRejected where an id was not shown, or a figure or text stands neither in the question nor in the graph.
    """
    numbers = {as_decimal(q.value) for q in find_quantities(question.folded)}
    for step in plan.steps:
        for identifier in _ids_in(step):
            if identifier not in shown:
                raise PlanRejected(f"计划用了没有给出的编号 {identifier[:40]}")
        for text in _texts_in(step):
            if key_of(text) not in question.folded:
                raise PlanRejected(f"计划里的“{text[:40]}”不在问题中")
        for compare in _compares_in(step):
            _check_value(compare, question, numbers, store)
        for figure in _figures_in(step):
            if figure not in numbers and figure not in (Decimal(0), Decimal(1)):
                raise PlanRejected(f"计划里的数 {figure} 不在问题中")


def _check_value(compare: Compare, question: Folded, numbers: set[Decimal | None], store: Store) -> None:
    value = compare.value
    if value is None:
        return
    column = compare.column
    kind = spec_of(column).type
    if kind is ColumnType.BOOLEAN and value in ("true", "false"):
        return
    if kind.numeric or column in (Column.TARGET_VALUE, Column.ACTUAL_VALUE):
        if as_decimal(value) in numbers:
            return
    elif kind is ColumnType.DATE:
        if any(value.startswith(q.value[:7]) for q in find_quantities(question.folded) if q.kind is Kind.DATE):
            return
    elif key_of(value) in question.folded or _is_known(column, value, store):
        return
    raise PlanRejected(f"计划里的值“{value[:40]}”不在问题中")


def _is_known(column: Column, value: str, store: Store) -> bool:
    """The graph has this value of the column: a category, a grade, an indicator's name."""
    short = spec_of(column).type in (ColumnType.TEXT, ColumnType.NAME)
    return short and any(str(e.properties.get(column.key)) == value for e in store.of_type(column.kind))


def _ids_in(step: Step) -> Iterable[str]:
    match step:
        case Pick(ids=ids) | Recall(ids=ids) | Without(ids=ids):
            yield from ids
        case Paths(starts=starts, ends=ends):
            yield from (*starts, *ends)
        case Contrast(parts=parts):
            for part in parts:
                for inner in part.steps:
                    yield from _ids_in(inner)
        case Keep(condition=condition):
            for found in within(condition):
                if isinstance(found, Has):
                    yield from found.ids


def _texts_in(step: Step) -> Iterable[str]:
    match step:
        case Topic(text=text):
            yield text
        case Contrast(parts=parts):
            for part in parts:
                for inner in part.steps:
                    yield from _texts_in(inner)


def _compares_in(step: Step) -> Iterable[Compare]:
    match step:
        case Keep(condition=condition):
            yield from (found for found in within(condition) if isinstance(found, Compare))
        case Contrast(parts=parts):
            for part in parts:
                for inner in part.steps:
                    yield from _compares_in(inner)


def _figures_in(step: Step) -> Iterable[Decimal]:
    match step:
        case Rank(first=first, last=last):
            yield from (Decimal(n) for n in (first, last) if n is not None)
        case Figures(value=value):
            yield as_decimal(value) or Decimal("NaN")
        case Keep(condition=condition):
            yield from (Decimal(found.count) for found in within(condition) if isinstance(found, Number))
        case Contrast(parts=parts):
            for part in parts:
                for inner in part.steps:
                    yield from _figures_in(inner)


def _read(response: httpx.Response, deadline: float) -> bytes:
    """The reply's bytes, at most MAX_REPLY of them and not past the deadline."""
    data = b""
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > MAX_REPLY:
            raise PlanRejected("语言模型的回复过长")
        if time.monotonic() > deadline:
            raise PlanRejected("语言模型超时")
    return data


def _content(data: bytes) -> str:
    """What the model said, out of the endpoint's envelope."""
    try:
        said = json.loads(data)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as err:
        raise PlanRejected("语言模型的回复不是约定的格式") from err
    if not isinstance(said, str):
        raise PlanRejected("语言模型的回复不是文字")
    return said


def _json_in(text: str) -> object:
    """The JSON object in the text, which models like to wrap in fences."""
    start, end = text.find("{"), text.rfind("}")
    try:
        return json.loads(text[start : end + 1]) if 0 <= start < end else None
    except (ValueError, RecursionError) as err:
        raise PlanRejected("语言模型写的不是 JSON") from err
