"""Html, a piece of markup that is safe by construction: whatever is not Html already is escaped when it is put in.

The only place of the interface that writes angle brackets. Text of documents is never markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

VOID = frozenset({"br", "hr", "img", "input", "wbr"})


class Html(str):
    """Text that is markup of ours. Made by `element` and `join` only."""

    __slots__ = ()


def element(name: str, attributes: Mapping[str, str] | None = None, *children: str) -> Html:
    """One element; attribute values and children that are not Html are escaped.

    >>> element("p", {"class": "quote"}, "a < b")
    '<p class="quote">a &lt; b</p>'
    """
    opening = "".join(f' {key}="{escape(value)}"' for key, value in (attributes or {}).items())
    if name in VOID:
        return Html(f"<{name}{opening}>")
    return Html(f"<{name}{opening}>{join(children)}</{name}>")


def join(children: Iterable[str], separator: str = "") -> Html:
    """The children one after the other; those that are not Html are escaped, and so is the separator."""
    glue = separator if isinstance(separator, Html) else escape(separator)
    return Html(glue.join(child if isinstance(child, Html) else escape(child) for child in children))


NOTHING = Html("")
