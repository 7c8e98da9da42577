"""The word lists of the graph layer are sound, and unsound ones are named."""

from __future__ import annotations

from importlib.resources import files

import pytest

from graph import lexicon
from graph.errors import LexiconDamaged
from graph.lexicon import load_lexicon, pairs_of, table_of, words_of


def test_load_lexicon_reads_every_file() -> None:
    names = [
        entry.name.removesuffix(".toml")
        for entry in files("graph").joinpath("lexicon").iterdir()
        if entry.name.endswith(".toml")
    ]
    assert {"titles", "places", "organisations", "programmes"} <= set(names)
    assert all(load_lexicon(name) for name in names)


@pytest.mark.parametrize("value", [None, [], ["a", ""], ["a", "a"], "a", [1]])
def test_words_of_names_an_unsound_list(monkeypatch: pytest.MonkeyPatch, value: object) -> None:
    monkeypatch.setattr(lexicon, "load_lexicon", lambda _: {"words": value})
    with pytest.raises(LexiconDamaged, match="words"):
        words_of.__wrapped__("bad", "words")


@pytest.mark.parametrize("value", [None, [], [["a"]], [["a", 1]]])
def test_pairs_of_names_an_unsound_list(monkeypatch: pytest.MonkeyPatch, value: object) -> None:
    monkeypatch.setattr(lexicon, "load_lexicon", lambda _: {"pairs": value})
    with pytest.raises(LexiconDamaged, match="pairs"):
        pairs_of.__wrapped__("bad", "pairs")


@pytest.mark.parametrize("value", [None, {}, {"a": ""}, {"a": 1}])
def test_table_of_names_an_unsound_table(monkeypatch: pytest.MonkeyPatch, value: object) -> None:
    monkeypatch.setattr(lexicon, "load_lexicon", lambda _: {"table": value})
    with pytest.raises(LexiconDamaged, match="table"):
        table_of.__wrapped__("bad", "table")


def test_load_lexicon_names_a_missing_file() -> None:
    with pytest.raises(LexiconDamaged, match="nothing"):
        load_lexicon("nothing")
