"""How fast citations are found, beside one compiled alternation over the same text.

Run: python tests/bench/bench_citations.py. Both run on the seeds, one core, best of several runs; UTF-8 megabytes.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 15
HAN = "[\u4e00-\u9fff]"
ALTERNATION = re.compile(
    rf"(?P<number>{HAN}{{2,12}}\s*[〔\[【（(［﹝]\s*(?:19|20)\d\d\s*[〕\]】）)］﹞]\s*第?\s*\d+\s*号)"
    rf"|(?P<order>{HAN}{{2,20}}令\s*第?\s*\d+\s*号|{HAN}{{2,20}}第?\s*\d+\s*号令)"
    rf"|(?P<announcement>{HAN}{{2,20}}公告\s*\d{{4}}\s*年\s*第\s*\d+\s*号)"
    r"|(?P<standard>(?:GB|DB|DA|JR|HJ)(?:/T)?\s*\d+(?:\.\d+)?[-—]\d{2,4})"
    r"|《(?P<title>[^《》]{2,200})》"
)


def best(work: Callable[[], int]) -> tuple[float, int]:
    """Least CPU seconds of several runs, and what the work counted."""
    times = []
    count = 0
    for _ in range(RUNS):
        start = time.process_time()
        count = work()
        times.append(time.process_time() - start)
    return min(times), count


def main() -> None:
    from ingest.citations import find_citations

    texts = [path.read_bytes().decode("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    size = sum(len(text.encode("utf-8")) for text in texts) / 1e6
    for name, work in {
        "find_citations": lambda: sum(len(find_citations(text)) for text in texts),
        "one alternation": lambda: sum(1 for text in texts for _ in ALTERNATION.finditer(text)),
    }.items():
        seconds, count = best(work)
        print(f"{name:16} {size / seconds:6.1f} MB/s  {count} hits")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
