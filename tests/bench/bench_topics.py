"""Topic search on the seeds: thresholds, quality and time. Run from the repository: python tests/bench/bench_topics.py

For each threshold it prints how many topics are still found and how many foreign phrases are let in, on the phrases
used to choose it and on others; then ranks and times. Nothing here is asserted.
"""

from __future__ import annotations

import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from graph import open_snapshot  # noqa: E402
from search.embedding import SentenceTransformerEmbedder, Vectors  # noqa: E402
from search.model_store import default_sources, obtain_model  # noqa: E402
from search.pipeline import build  # noqa: E402
from search.topic_index import load_topic_index  # noqa: E402
from search.topic_words import topic_lexicon  # noqa: E402
from search.topics import TopicSearch  # noqa: E402

Phrases = Mapping[str, Mapping[str, Any]]


class TimedEmbedder(SentenceTransformerEmbedder):
    """Keeps the time spent in encoding queries."""

    seconds = 0.0

    def encode_query(self, text: str) -> Vectors:
        began = time.perf_counter()
        found = super().encode_query(text)
        self.seconds += time.perf_counter() - began
        return found


def main() -> None:
    phrases = tomllib.loads((HERE / "topic_phrases.toml").read_text(encoding="utf-8"))
    embedder = TimedEmbedder(obtain_model(None, default_sources()))
    with tempfile.TemporaryDirectory() as folder:
        build([HERE.parent.parent / "seeds"], Path(folder), embedder=embedder)
        snapshot = open_snapshot(Path(folder))
        index = load_topic_index(snapshot)
        with_model = TopicSearch(snapshot.kg, snapshot.passages, index, embedder_factory=lambda name: embedder)
        words_only = TopicSearch(snapshot.kg, snapshot.passages, index)
        print(f"model {embedder.name}, {len(snapshot.passages)} passages")
        lexicon = topic_lexicon()
        searches = (("with the model", with_model, lexicon.meaning), ("words only", words_only, lexicon.words))
        for name, search, chosen in searches:
            print(f"\n{name}: chosen {chosen}")
            print_thresholds(phrases, search, chosen)
            print_ranks(phrases, search)
        print_times([phrase for part in phrases.values() for phrase, _ in part["about"]], with_model, embedder)


def print_thresholds(phrases: Phrases, search: TopicSearch, chosen: float) -> None:
    strengths = {
        (part, kind): [search.weigh(phrase).strength for phrase in said]
        for part, lists in phrases.items()
        for kind, said in (("about", [phrase for phrase, _ in lists["about"]]), ("foreign", lists["foreign"]))
    }

    def count(part: str, kind: str, threshold: float) -> str:
        values = strengths[part, kind]
        return f"{sum(value >= threshold for value in values)}/{len(values)}"

    for offset in (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3):
        at = chosen + offset
        shown = (f"{part}: found {count(part, 'about', at)}, foreign {count(part, 'foreign', at)}" for part in phrases)
        print(f"  {at:5.2f}   " + "   ".join(shown))


def print_ranks(phrases: Phrases, search: TopicSearch) -> None:
    for part, lists in phrases.items():
        first = third = 0
        for phrase, names in lists["about"]:
            labels = [hit.entity.label for hit in search.find(phrase)]
            first += any(name in label for label in labels[:1] for name in names)
            third += any(name in label for label in labels[:3] for name in names)
        print(f"  {part}: right first {first}, right among three {third} of {len(lists['about'])}")


def print_times(queries: list[str], search: TopicSearch, embedder: TimedEmbedder) -> None:
    timed = measured(lambda query: search.find(query), queries, embedder)
    whole, beyond = [pair[0] for pair in timed], [pair[1] for pair in timed]
    print(f"\ntimes: median {median(whole):.1f} ms a query, {median(beyond):.1f} ms beyond the model's own encoding")
    print(f"       worst {max(whole):.1f} ms, {max(beyond):.1f} ms beyond the model's own encoding")


def measured(find: Callable[[str], object], queries: list[str], embedder: TimedEmbedder) -> list[tuple[float, float]]:
    """Milliseconds of each query, whole and without the model's encoding."""
    timed = []
    for query in queries:
        embedder.seconds, began = 0.0, time.perf_counter()
        find(query)
        spent = time.perf_counter() - began
        timed.append((spent * 1000, (spent - embedder.seconds) * 1000))
    return timed


if __name__ == "__main__":
    main()
