"""The word lists of questions hold together: columns, kinds of tokens, distinct words."""

from __future__ import annotations

from typing import Any

import pytest

from search.normalise import key_of
from search.plan_terms import Column, Relation
from search.query import Kind
from search.vocabulary import ColumnType, LexiconDamaged, column_specs, load_lexicon, spec_of, table_of, words_of

FILES = ("words", "fields", "names", "quantities", "signs", "outcomes", "traditional")


def lists_in(value: Any, *path: str) -> list[tuple[str, list[Any]]]:
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in lists_in(inner, *path, key)]
    return [(".".join(path), value)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", FILES)
def test_lists_hold_distinct_words(name: str) -> None:
    for path, words in lists_in(load_lexicon(name), name):
        plain = [word for word in words if isinstance(word, str)]
        assert len(plain) == len(set(plain)), path
        assert all(word for word in plain), path


def test_every_table_of_words_is_a_kind_of_token() -> None:
    tables = load_lexicon("words")
    known = {kind.value for kind in Kind}
    assert set(tables["plain"]) <= known
    assert {name for name in tables if name not in ("plain", "measure_words", "grade_lead")} <= known


def test_no_word_stands_for_nothing_after_folding() -> None:
    for path, words in lists_in(load_lexicon("words"), "words"):
        empty = [word for word in words if not key_of(word) and word not in "<>/~-><=≥≤"]
        assert empty == [], path


def test_column_specs_cover_every_column_once() -> None:
    specs = column_specs()
    assert set(specs) == set(Column)
    for column, spec in specs.items():
        assert spec.stands_in is None or spec.stands_in.kind is column.kind
        assert spec.weight is None or (spec.weight.kind is column.kind and spec_of(spec.weight).type.numeric)


def test_stand_ins_are_of_the_same_type() -> None:
    for spec in column_specs().values():
        if spec.stands_in is not None:
            assert spec_of(spec.stands_in).type is spec.type
            assert spec.type in (ColumnType.MONEY, ColumnType.SECTION)


def test_relations_start_and_end_at_kinds_that_their_edges_join() -> None:
    for relation in Relation:
        assert relation.edges
        assert relation.starts is not None and relation.ends is not None


@pytest.mark.parametrize(
    "path", [("words", "plain", "nothing"), ("words", "forms", "别的"), ("fields", "project.name")]
)
def test_words_of_refuses_what_is_no_list(path: tuple[str, ...]) -> None:
    with pytest.raises(LexiconDamaged, match=r"toml"):
        words_of(*path)


def test_load_lexicon_names_the_missing_file() -> None:
    with pytest.raises(LexiconDamaged, match="没有这份"):
        load_lexicon("没有这份")
    with pytest.raises(LexiconDamaged):
        table_of("words", "plain", "filler")
