"""What the terminal shows: answers and reports as plain Chinese text, progress on stderr. Knows no verb."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from graph.explain import place_of
from graph.model import Source
from search.model import Answer, Item

if TYPE_CHECKING:
    from search.progress import Progress


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A rich progress bar on stderr, one line a stage; silent where stderr is no terminal."""
    from rich.console import Console  # noqa: PLC0415 (only long verbs draw)
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, int] = {}

        def advance(stage: str, done: int, total: int, /) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total or None)
            bars.update(tasks[stage], completed=done, total=total or None)  # type: ignore[arg-type]

        yield advance


def _quote_lines(sources: tuple[Source, ...]) -> Iterator[str]:
    for source in sources:
        quote = " ".join(source.quote.split())
        yield f"     〔{place_of(source)}〕{quote if len(quote) <= 300 else quote[:300] + '……'}"


def _item_lines(at: int, item: Item) -> Iterator[str]:
    value = "" if item.value is None else f"　{item.value}{item.unit or ''}"
    year = f"（{item.year}年）" if item.year and str(item.year) not in item.label else ""
    yield f"  {at}. {item.label}{year}{value}"
    yield from _quote_lines(item.sources)


def render_answer(answer: Answer) -> str:
    """The answer as the terminal prints it: how it was read, the answer, items with their proof, caveats, options."""
    lines = [answer.interpretation, "", answer.text]
    if answer.items:
        lines += ["", "明细与出处："]
        for at, item in enumerate(answer.items, start=1):
            lines += _item_lines(at, item)
        if len(answer.items) < answer.total:
            lines.append(f"  ……共 {answer.total} 条，以上列出 {len(answer.items)} 条")
    elif answer.sources:
        lines += ["", "出处：", *_quote_lines(answer.sources)]
    lines += [f"注意：{caveat}" for caveat in answer.caveats if caveat not in answer.text]
    if answer.options:
        lines += ["", "您想问的是："]
        lines += [f"  {at}. {option.label} → {option.question}" for at, option in enumerate(answer.options, start=1)]
    return "\n".join(line for at, line in enumerate(lines) if line or (at and lines[at - 1]))


def say(text: str) -> None:
    """Talk, on stderr."""
    click.echo(text, err=True)
