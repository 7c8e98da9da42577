"""The text of what ranks first in each year or each kind: one line for each."""

from __future__ import annotations

from search.phrasing import label_of, name_project, say_cell
from search.plan import Rank
from search.plan_terms import Column
from search.rows import Result


def each_text(result: Result, rank: Rank) -> str:
    """Each value of the column that the places were counted by, with what stands there and its figure."""
    if rank.column is None or rank.each is None:
        return ""
    groups: dict[str, list[str]] = {}
    for row in result.rows:
        cell = row.cell(rank.column)
        if row.entity is None or cell is None:
            continue
        value = str(row.entity.properties.get(rank.each.key, ""))
        key = f"{value}年" if rank.each is Column.YEAR else value
        groups.setdefault(key, []).append(f"{name_project(row.entity)}，{label_of(rank.column)}{say_cell(cell)}")
    lines = [f"· {key}：{'；'.join(said)}" for key, said in groups.items()]
    return f"按{label_of(rank.each)}分别列出：\n" + "；\n".join(lines) + "。"
