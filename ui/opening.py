"""From settings to what the verbs work with: the snapshot, the engine, the embedding model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.settings import Settings

if TYPE_CHECKING:
    from graph.snapshot import Snapshot
    from search.embedding import Embedder
    from search.engine import SearchEngine
    from search.llm_planner import LanguageModelPlanner
    from search.model_store import ModelSources


def model_sources(settings: Settings) -> ModelSources:
    """Where models are looked for, by the settings."""
    from dataclasses import replace  # noqa: PLC0415

    from search.model_store import default_sources  # noqa: PLC0415 (only where a model is needed)

    sources = default_sources(network=not settings.offline)
    if settings.hub_endpoint:
        sources = replace(sources, hub_endpoint=settings.hub_endpoint)
    if settings.model_cache:
        sources = replace(sources, cache=settings.model_cache)
    return sources


def wanted_model(settings: Settings) -> str | None:
    """The model asked for; None lets the program choose."""
    return None if settings.model == "auto" else settings.model


def embedder_factory(settings: Settings, *, notify: Callable[[str], None]) -> Callable[[str | None], Embedder]:
    """A function that loads (and fetches, where it must) the model of that name, or the preferred one for None."""

    def load(name: str | None) -> Embedder:
        from search.embedding import SentenceTransformerEmbedder  # noqa: PLC0415 (torch takes seconds)
        from search.model_store import obtain_model  # noqa: PLC0415

        return SentenceTransformerEmbedder(obtain_model(name, model_sources(settings), notify=notify))

    return load


def open_planner(settings: Settings) -> LanguageModelPlanner | None:
    """The language model that is asked about questions which the parser does not understand; None (usual) for none."""
    if not settings.planner_url:
        return None
    from search.llm_planner import LanguageModelPlanner  # noqa: PLC0415 (few set one)

    key = settings.planner_key.get_secret_value() if settings.planner_key else ""
    return LanguageModelPlanner(endpoint=settings.planner_url, model=settings.planner_model, key=key)


def open_engine(settings: Settings, snapshot: Snapshot, *, notify: Callable[[str], None]) -> SearchEngine:
    """The engine over an opened snapshot; the model is loaded when a topic question first needs it."""
    from search.engine import SearchEngine  # noqa: PLC0415 (verbs that do not ask need no engine)

    return SearchEngine.open(
        snapshot, embedder_factory=embedder_factory(settings, notify=notify), planner=open_planner(settings)
    )
