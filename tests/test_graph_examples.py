"""The examples in the docstrings of the graph layer hold."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import graph

MODULES = sorted(path.stem for path in Path(graph.__file__).parent.glob("*.py") if ">>> " in path.read_text("utf-8"))


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    failed, tried = doctest.testmod(import_module(f"graph.{name}"))
    assert tried > 0
    assert failed == 0
