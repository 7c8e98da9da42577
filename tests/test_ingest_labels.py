"""Labels of forms: every wording of the lexicon is found, alone, cut, spaced and damaged."""

from __future__ import annotations

from collections.abc import ItemsView

import pytest

from ingest.grid import find_rows
from ingest.labels import Wordings, find_damaged, find_labels, fold, wordings
from ingest.model import Document, FormKind, MediaType
from ingest.wordlists import table_of

KINDS = {FormKind.TARGET: ("head", "units", "money"), FormKind.SELF_EVALUATION: ("head", "units", "result")}
WORDS = [
    pytest.param(kind, group, name, word, id=f"{kind.value}-{word}")
    for kind, groups in KINDS.items()
    for group in groups
    for name, words in table_of("forms", group).items()
    for word in words
]


def document(line: str) -> Document:
    return Document(name="表.txt", sha256="0" * 64, media_type=MediaType.TEXT, text=line.replace("⇥", "\t"))


def labels(line: str, kind: FormKind = FormKind.SELF_EVALUATION) -> list[tuple[str, str]]:
    doc = document(line)
    found = find_labels(doc, find_rows(doc)[0], wordings(kind))
    return [(label.key, label.rest.text if label.rest else "") for label in found]


@pytest.mark.parametrize(("kind", "group", "name", "word"), WORDS)
def test_every_wording_is_a_label(kind: FormKind, group: str, name: str, word: str) -> None:
    key = wordings(kind)[fold(word)]
    assert key.partition(".")[0] in (group, "money", "result", "sections")
    assert labels(f"{word}*：⇥值", kind) == [(key, "")]
    assert labels(" ".join(word) + "⇥值", kind) == [(key, "")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("项目名称：河道保洁", [("head.name", "河道保洁")]),
        ("项目名称 河道保洁", [("head.name", "河道保洁")]),
        ("项目⇥名称⇥⇥河道保洁", [("head.name", "")]),
        ("主 管 部 门⇥甲局", [("units.supervises", "")]),
        ("实施单⇥位⇥甲中心", [("units.implements", "")]),
        (
            "分数 执行率(%)⇥得分",
            [("columns.execution_weight", ""), ("columns.execution_rate", ""), ("columns.execution_score", "")],
        ),
        ("评分等⇥= 4B⇥⇥", [("result.grade", "")]),
        ("项目名称⇥项目名称⇥甲⇥甲", [("head.name", "")]),
        ("绩效类型：⇥其他", [("head.performance_type", "")]),
        ("立项依据充分性⇥充分", []),
        ("项目名称规范⇥规范", []),
        ("预算执行情况良好", []),
    ],
    ids=[
        "colon",
        "space",
        "cut",
        "letters-apart",
        "cut-late",
        "two-in-a-cell",
        "last-letter-lost",
        "merged-cell",
        "value-like-a-label",
        "indicator",
        "longer-word",
        "sentence",
    ],
)
def test_find_labels(line: str, expected: list[tuple[str, str]]) -> None:
    assert labels(line) == expected


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("⇥⇥页期目标⇥⇥实际完成情况", ["sections.expected_goals", "sections.actual_completion"]),
        ("⇥期目标⇥⇥际完成情", ["sections.expected_goals", "sections.actual_completion"]),
        ("⇥陈完成情况", ["sections.actual_completion"]),
        ("⇥· 陈完成情⇥ f况", ["sections.actual_completion"]),
        ("⇥完全无关⇥其他文字", []),
    ],
    ids=["half-letter", "clipped", "letter-before", "letter-before-a-rest", "none"],
)
def test_find_damaged(line: str, keys: list[str]) -> None:
    doc = document(line)
    found = find_damaged(find_rows(doc)[0], wordings(FormKind.SELF_EVALUATION), "sections.")
    assert [label.key for label in found] == keys


class Walked(Wordings):
    """Counts how often all wordings are gone through."""

    walks = 0

    def items(self) -> ItemsView[str, str]:
        self.walks += 1
        return super().items()


def test_find_labels_compares_rows_with_an_index_not_with_every_wording() -> None:
    vocabulary = Walked(wordings(FormKind.SELF_EVALUATION))
    doc = document("总分 100\n1、甲乙丙\n评分等\n" * 50)
    found = [find_labels(doc, row, vocabulary) for row in find_rows(doc)]
    assert [[label.key for label in labels] for labels in found[2:3]] == [["result.grade"]]
    assert len(found) == 150
    assert vocabulary.walks == 1
