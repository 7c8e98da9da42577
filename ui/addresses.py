"""What an address of the page carries beside the question: the plan, where conditions were changed by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping

from search.errors import PlanRejected

MAX_PLAN = 3_000  # signs of a plan in an address


def spell_plan(plan: Mapping[str, object]) -> str:
    """The plan for an address; none where it is too long for one."""
    text = json.dumps(plan, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= MAX_PLAN else ""


def read_plan(text: str) -> object:
    """The JSON values that an address carries as a plan. Raises PlanRejected."""
    if len(text) > MAX_PLAN:
        raise PlanRejected("链接里的条件过长", "请重新提问")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as err:
        raise PlanRejected("链接里的条件读不出来", "请重新提问") from err
