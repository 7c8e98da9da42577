"""The dictionary of Chinese words that comes with jieba, loaded once when a text needs it. Knows nothing of forms.

Never by `jieba.initialize`: that reads and writes a marshalled file in the system's temporary folder, where anybody may
have put one, and marshal is made for nobody's files but our own.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def dictionary() -> Any:
    """jieba's tokenizer with its own word list; 0.7 s.

    >>> bool(dictionary().FREQ.get("管理")), bool(dictionary().FREQ.get("理管"))
    (True, False)
    """
    import jieba  # noqa: PLC0415 - few documents and no exact question need it

    tokenizer: Any = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer
