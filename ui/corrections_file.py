"""Adding what a reader says is wrong to corrections.toml, which graph.corrections reads and people may edit by hand."""

from __future__ import annotations

import json
from pathlib import Path

from graph.corrections import load_corrections
from graph.model import Edge, Entity
from ui.errors import UiError
from ui.rendering import visible
from ui.wording import failure_word, relation_word


def note_wrong_edge(path: Path, edge: Edge, source: Entity | None, target: Entity | None) -> None:
    """Append a [[wrong_edge]]; the whole file is checked before it takes the old one's place.

    Raises CorrectionsError where the file was malformed before, UiError where it cannot be written.
    """
    names = [visible(entity.label) if entity else "" for entity in (source, target)]
    said = f"网页反馈：{names[0]} —{relation_word(edge.type)}→ {names[1]}"
    lines = ["[[wrong_edge]]"]
    lines += [
        f"{key} = {quoted(value)}"
        for key, value in (
            ("type", edge.type.value),
            ("source", edge.source),
            ("target", edge.target),
            ("reason", said),
        )
    ]
    known = load_corrections(path)
    if any((e.type, e.source, e.target) == (edge.type, edge.source, edge.target) for e in known.wrong_edges):
        return
    aside = path.with_name(path.name + ".part")
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        gap = "\n" if before.strip() else ""
        aside.write_text(
            before.rstrip("\n") + ("\n" if before.strip() else "") + gap + "\n".join(lines) + "\n", encoding="utf-8"
        )
        load_corrections(aside)
        aside.replace(path)
    except OSError as err:
        raise UiError(f"写不了 {path.name}：{failure_word(err)}", "请核对文件与目录的权限") from err
    finally:
        aside.unlink(missing_ok=True)


def quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's too; DEL alone needs one more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
