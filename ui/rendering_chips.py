"""The conditions of an answer as chips: each with a sign to take it away and, where it has a value, a box to change it.

A pressed chip names its place in the plan only; the plan itself stays on the server.
"""

from __future__ import annotations

from collections.abc import Sequence

from search.plan_chips import Chip
from ui.markup import NOTHING, Html, element
from ui.rendering import visible

MAX_CHIPS = 40


def render_chips(chips: Sequence[Chip], *, changed: bool = False, failure: str = "") -> Html:
    """The row under the reading; `changed` offers the way back, `failure` says why the last change was refused."""
    if not chips and not changed and not failure:
        return NOTHING
    restore = element(
        "button", {"type": "button", "class": "jx-link", "data-act": "chip", "data-do": "restore"}, "恢复原来的条件"
    )
    return element(
        "div",
        {
            "class": "jx-conditions",
            "role": "group",
            "aria-label": "条件（可修改或去掉，随即重新查询）",
            "tabindex": "-1",
        },
        element("span", {"class": "jx-quiet"}, "条件") if chips else NOTHING,
        *map(_chip, chips[:MAX_CHIPS]),
        element("span", {"class": "jx-quiet"}, f"等 {len(chips)} 项") if len(chips) > MAX_CHIPS else NOTHING,
        restore if changed else NOTHING,
        element("p", {"class": "jx-note", "role": "alert"}, visible(failure)) if failure else NOTHING,
    )


def _chip(chip: Chip) -> Html:
    label = visible(chip.label)
    body = element("span", {"class": "jx-condition-text"}, label)
    if chip.value is not None:
        unit = chip.value.unit
        said = f"新的值（{unit}）" if unit else "新的值"
        box = {"type": "text", "value": chip.value.text, "aria-label": said, "maxlength": "30", "autocomplete": "off"}
        body = element(
            "details",
            {"class": "jx-change"},
            element("summary", {"title": "点击修改"}, label),
            element(
                "span",
                {"class": "jx-change-box"},
                element("input", box),
                element("span", {}, unit) if unit else NOTHING,
                element(
                    "button",
                    {"class": "jx-button", **_press(chip, "change"), "aria-label": f"按新值重新查询：{label}"},
                    "重新查询",
                ),
            ),
        )
    away = {"class": "jx-away", **_press(chip, "remove"), "aria-label": f"去掉条件：{label}", "title": "去掉这个条件"}
    return element("span", {"class": "jx-condition"}, body, element("button", away, "✕") if chip.removable else NOTHING)


def _press(chip: Chip, do: str) -> dict[str, str]:
    return {"type": "button", "data-act": "chip", "data-do": do, "data-key": chip.key}
