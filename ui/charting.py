"""Bar charts as SVG made on the server: bars begin at 0, series differ by hatching, figures stand beside the bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ui.markup import NOTHING, Html, element, join
from ui.rendering import visible

WIDTH = 680
LABEL_WIDTH = 210
VALUE_WIDTH = 120
BAR = 17
GAP = 11
LABEL_SIGNS = 15
# fills that stay apart in black and white: solid dark, hatched, dotted
FILLS = ("#1d4f91", "url(#jx-hatch)", "url(#jx-dots)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of a chart: a label and one figure per series (None where there is none), with the text shown."""

    label: str
    values: tuple[Decimal | None, ...]
    texts: tuple[str, ...]


def render_bars(title: str, bars: Sequence[Bar], *, series: Sequence[str] = (), name: str) -> Html:
    """Horizontal bars; `name` makes ids unique on the page. Screen readers get the title and each bar's figures."""
    if not bars:
        return element("p", {"class": "jx-quiet"}, "没有可画的数据。")
    most = max((v for bar in bars for v in bar.values if v is not None), default=Decimal(0))
    room = Decimal(WIDTH - LABEL_WIDTH - VALUE_WIDTH)
    lines = max(len(bar.values) for bar in bars)
    step = lines * BAR + GAP
    head = 26 if len(series) > 1 else 4
    height = head + step * len(bars) + 8
    parts: list[Html] = [_patterns(name), _legend(series, name) if len(series) > 1 else NOTHING]
    for row, bar in enumerate(bars):
        y = head + row * step
        parts.append(_text(LABEL_WIDTH - 8, y + lines * BAR / 2 + 5, _cut(bar.label), anchor="end", full=bar.label))
        for at, (value, text) in enumerate(zip(bar.values, bar.texts, strict=True)):
            if value is None:
                continue
            length = float(room * max(value, Decimal(0)) / most) if most > 0 else 0.0
            top = y + at * BAR
            parts.append(
                element(
                    "rect",
                    {
                        "x": str(LABEL_WIDTH),
                        "y": f"{top + 2:.1f}",
                        "width": f"{max(length, 1):.1f}",
                        "height": str(BAR - 4),
                        "fill": _fill(at, name),
                        "stroke": "#1d4f91",
                        "stroke-width": "0.8",
                    },
                )
            )
            parts.append(_text(LABEL_WIDTH + length + 6, top + 13, text, anchor="start", size=12))
    axis = {"x1": str(LABEL_WIDTH), "x2": str(LABEL_WIDTH), "y1": str(head), "y2": str(height - 8), "stroke": "#5b6470"}
    parts.append(element("line", axis))
    described = "；".join(f"{bar.label} {'，'.join(t for t in bar.texts if t)}" for bar in bars)
    return element(
        "svg",
        {"viewBox": f"0 0 {WIDTH} {height}", "role": "img", "aria-label": visible(f"{title}：{described}")},
        join(parts),
    )


def _fill(at: int, name: str) -> str:
    return FILLS[at % len(FILLS)].replace("(#jx-", f"(#{name}-")


def _cut(label: str) -> str:
    """As much of a label as fits; a Latin letter takes half the room of a Chinese sign."""
    room = float(LABEL_SIGNS)
    for at, sign in enumerate(label):
        room -= 0.55 if sign.isascii() else 1
        if room < 0:
            return label[: max(at - 1, 1)] + "…"
    return label


def _text(x: float, y: float, text: str, *, anchor: str, size: int = 13, full: str = "") -> Html:
    title = element("title", {}, visible(full)) if full and full != text else NOTHING
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "font-size": str(size)}
    return element("text", place, title, visible(text))


def _patterns(name: str) -> Html:
    box = {"patternUnits": "userSpaceOnUse"}
    hatch = element(
        "pattern",
        {"id": f"{name}-hatch", **box, "width": "6", "height": "6", "patternTransform": "rotate(45)"},
        element("rect", {"width": "6", "height": "6", "fill": "#ffffff"}),
        element("rect", {"width": "2.4", "height": "6", "fill": "#1d4f91"}),
    )
    dots = element(
        "pattern",
        {"id": f"{name}-dots", **box, "width": "5", "height": "5"},
        element("rect", {"width": "5", "height": "5", "fill": "#ffffff"}),
        element("circle", {"cx": "2.5", "cy": "2.5", "r": "1.1", "fill": "#1d4f91"}),
    )
    return element("defs", {}, hatch, dots)


def _legend(series: Sequence[str], name: str) -> Html:
    parts: list[Html] = []
    x = float(LABEL_WIDTH)
    for at, word in enumerate(series):
        box = {"x": f"{x:.1f}", "y": "3", "width": "16", "height": "12", "fill": _fill(at, name), "stroke": "#1d4f91"}
        parts += [element("rect", box), _text(x + 22, 14, word, anchor="start", size=12)]
        x += 36 + 13 * len(word)
    return join(parts)
