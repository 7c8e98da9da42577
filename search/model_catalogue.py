"""The embedding models known by name: lexicon/models.toml, validated."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from search.errors import SearchError

_CATALOGUE = Path(__file__).with_name("lexicon") / "models.toml"


class Origin(StrEnum):
    HUB = "hub"
    WHEEL = "wheel"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownModel:
    """`sha256` and `size` (bytes) are those of the wheel, `folder` the model's place in it."""

    name: str
    origin: Origin
    prompt: str
    pooling: str
    notice: str
    revision: str = "main"
    requirement: str = ""
    sha256: str = ""
    size: int = 0
    folder: str = ""


@cache
def known_models() -> tuple[KnownModel, ...]:
    """All known models, the preferred one first."""
    entries = tomllib.loads(_CATALOGUE.read_text(encoding="utf-8")).get("model", [])
    models = tuple(_validated(entry) for entry in entries)
    if len({model.name for model in models}) != len(models) or not models:
        raise SearchError(f"{_CATALOGUE.name} 没有模型或有重名")
    return models


def known_model(name: str) -> KnownModel | None:
    """The known model of that name, or None."""
    return next((model for model in known_models() if model.name == name), None)


def _validated(entry: dict[str, object]) -> KnownModel:
    try:
        model = KnownModel(**{**entry, "origin": Origin(str(entry["origin"]))})  # type: ignore[arg-type]
    except (TypeError, KeyError, ValueError) as err:
        raise SearchError(f"{_CATALOGUE.name} 里的条目不合规：{entry.get('name')}") from err
    wheel = model.requirement and len(model.sha256) == 64 and model.size and model.folder
    if model.pooling not in ("cls", "mean") or (model.origin is Origin.WHEEL and not wheel):
        raise SearchError(f"{_CATALOGUE.name} 里的条目不全：{model.name}")
    return model
