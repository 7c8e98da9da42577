"""Captions: the level names beside the rows of an indicator table, as the cells of one column spell them.

Puts cells to names (`ingest.levels` knows those) and keeps where they stand; which rows they cover is told in
`ingest.blocks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.levels import LabelGroup, Level, group_labels, is_level_name, is_piece, seconds_between
from ingest.model import Span
from ingest.placement import Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """A level name and the rows (indices, both included) on which its pieces stand.

    `inferred`: the name is not printed; only one can stand between its neighbours.
    """

    name: str
    printed: str
    spans: tuple[Span, ...]
    first: int
    last: int
    known: bool
    mended: bool
    weight_note: str | None
    inferred: bool = False

    @property
    def is_tall(self) -> bool:
        """Whether all its lines stand in one cell of one row."""
        return len(self.spans) == 1 and self.spans[0].end - self.spans[0].start > len(self.printed) + 1


def read_captions(cells: Sequence[tuple[Piece, ...]], level: Level) -> list[Caption]:
    tokens: list[tuple[int, Piece]] = []
    ends: set[int] = set()
    for at, pieces in enumerate(cells):
        for piece in pieces:
            parts = _parts(piece, level)
            if len(parts) > 1:
                ends.add(len(tokens))
            tokens.extend((at, part) for part in parts)
    texts = [part.text for _, part in tokens]
    groups = group_labels(texts, level, suffixed=_is_suffixed(texts, level))
    used = {number for group in groups for number in range(group.first, group.last + 1)}
    captions = [_caption(group, tokens) for group in groups]
    captions += [_unreadable(*tokens[number]) for number in ends - used]
    return sorted(captions, key=lambda caption: (caption.first, caption.spans[0].start))


def complete_firsts(firsts: Sequence[Caption], seconds: Sequence[Caption]) -> list[Caption]:
    """`firsts` with the lost second line 指标, where every second level has one and names are cut into lines."""
    cut = any(caption.is_tall or len(caption.spans) > 1 for caption in (*firsts, *seconds))
    if not cut or not all(caption.name.endswith("指标") for caption in seconds):
        return list(firsts)
    return [
        replace(caption, name=caption.name + "指标", mended=True)
        if caption.known and not caption.name.endswith("指标") and is_level_name(caption.name + "指标", Level.FIRST)
        else caption
        for caption in firsts
    ]


def name_lost(seconds: Sequence[Caption]) -> list[Caption]:
    """`seconds`, where a name of which only the end is left is told by the names above and below it.

    Only where the order of the framework leaves one name, and that one is printed nowhere else in the table.
    """
    printed = {caption.name for caption in seconds}
    named: list[Caption] = []
    for at, caption in enumerate(seconds):
        if not caption.name and at + 1 < len(seconds):
            before = seconds[at - 1].name if at else None
            fitting = [name for name in seconds_between(before, seconds[at + 1].name) if name not in printed]
            if len(fitting) == 1:
                caption = replace(caption, name=fitting[0], known=True, inferred=True)
        named.append(caption)
    return named


def _unreadable(at: int, piece: Piece) -> Caption:
    """A name of which only the end is left, in one cell with the start of the next: it stands over rows as well."""
    return Caption(
        name="",
        printed=piece.text,
        spans=(piece.span,),
        first=at,
        last=at,
        known=False,
        mended=False,
        weight_note=None,
    )


def _caption(group: LabelGroup, tokens: Sequence[tuple[int, Piece]]) -> Caption:
    own = tokens[group.first : group.last + 1]
    return Caption(
        name=group.label.name,
        printed=group.printed,
        spans=tuple(piece.span for _, piece in own),
        first=own[0][0],
        last=own[-1][0],
        known=group.label.known,
        mended=group.label.mended,
        weight_note=group.label.weight_note,
    )


def _parts(piece: Piece, level: Level) -> list[Piece]:
    """`piece`, or two where the end of one name and the start of the next fell into one cell (`指标社会`)."""
    rest = piece.text.removeprefix("指标")
    if rest != piece.text and len(rest) >= 2 and is_piece(rest, level):
        cut = piece.span.start + 2
        if piece.span.end - piece.span.start == len(piece.text):
            return [
                Piece(text="指标", span=Span(start=piece.span.start, end=cut), column=piece.column),
                Piece(text=rest, span=Span(start=cut, end=piece.span.end), column=piece.column),
            ]
    return [piece]


def _is_suffixed(texts: Sequence[str], level: Level) -> bool:
    ended = sum(1 for text in texts if text.rstrip("0123456789.()（）分").endswith(("指标", "标")))
    bare = sum(1 for text in texts if is_level_name(text, level) and not text.endswith(("指标", "目标")))
    return ended * 2 >= bare and ended > 0
