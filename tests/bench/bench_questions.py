"""Exact questions, warm, beside the least that could answer the same thing: a dictionary and a networkx traversal.

    python tests/bench/bench_questions.py [SNAPSHOT]      (default .jixiao; build it first with `jixiao build`)

Prints medians in milliseconds and ratios of one run. Times are of this machine and moment; only ratios carry over.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import networkx as nx

from graph import open_snapshot
from graph.kg import KnowledgeGraph
from graph.model import EdgeType, EntityType
from search.embedding import Embedder
from search.engine import SearchEngine

ROUNDS = 30


def timed(work: Callable[[], object]) -> float:
    """Median milliseconds of `work`, after one warm-up."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    return median(times)


def questions(kg: KnowledgeGraph) -> dict[str, str]:
    """One question of each exact type, from what the graph holds."""
    policies = sorted(kg.of_type(EntityType.POLICY), key=lambda e: (-len(kg.edges_to(e.id, EdgeType.CITES)), e.id))
    cited = next(e for e in policies if "number" in e.properties)
    project = max(kg.of_type(EntityType.PROJECT), key=lambda e: (len(kg.edges_from(e.id)), e.id))
    year = project.properties["year"]
    return {
        "reverse lookup": f"哪些项目引用了{cited.properties['number']}？",
        "forward lookup": f"{project.label}引用了哪些文件？",
        "filter": f"{year}年预算超过100万元的项目有哪些？",
        "count": f"{year}年有多少个项目？",
        "sum": f"{year}年项目预算合计多少？",
        "ranking": f"{year}年预算最大的三个项目是哪些？",
        "group": "各单位的项目数",
        "indicators": f"{project.label}有哪些绩效指标？",
    }


def refuse(name: str) -> Embedder:
    """Exact questions load no model."""
    raise RuntimeError(f"an exact question asked for the model {name}")


def main(directory: Path) -> None:
    """Measure and print."""
    snapshot = open_snapshot(directory)
    kg = snapshot.kg
    engine = SearchEngine.open(snapshot, embedder_factory=refuse)
    asked = questions(kg)
    number = asked["reverse lookup"].removeprefix("哪些项目引用了").removesuffix("？")
    target = next(e for e in kg.of_type(EntityType.POLICY) if e.properties.get("number") == number)

    lookup: dict[str, list[str]] = {}
    for edge in kg.edges.values():
        if edge.type is EdgeType.CITES:
            for written in (kg.entity(edge.target).properties.get("number"),):
                lookup.setdefault(str(written), []).append(kg.entity(edge.source).label)
    plain = nx.MultiDiGraph()
    for edge in kg.edges.values():
        plain.add_edge(edge.source, edge.target, kind=edge.type)

    def traverse() -> list[str]:
        rows = plain.in_edges(target.id, data=True)
        return sorted(kg.entity(a).label for a, _, data in rows if data["kind"] is EdgeType.CITES)

    by_lookup, by_traversal = timed(lambda: sorted(lookup[number])), timed(traverse)
    print(f"dictionary lookup of the answer   {by_lookup:9.4f} ms")
    print(f"networkx traversal to the answer  {by_traversal:9.4f} ms")
    worst = 0.0
    for name, question in asked.items():
        taken = timed(lambda question=question: engine.ask(question))  # type: ignore[misc]
        worst = max(worst, taken)
        print(f"{name:<16} {taken:9.2f} ms   {taken / by_traversal:9.0f} × traversal   {question}")
    print(f"slowest median {worst:.2f} ms; heavy modules loaded: {sorted({'torch', 'faiss'} & set(sys.modules))}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".jixiao"))
