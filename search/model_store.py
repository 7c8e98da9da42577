"""Where embedding models come from: a folder, the user's cache, the hub, or a wheel on PyPI.

Every model ends up as a folder in the user's cache that holds safetensors and JSON only, with a digest; nothing is ever
unpickled but the weights of a pinned download, once, with weights_only. A model in the cache needs no network.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from search.errors import ModelUnavailable
from search.model_catalogue import KnownModel, Origin, known_model, known_models
from search.model_download import download_hub_files, download_wheel, unpack_wheel
from search.progress import Progress, unwatched

_log = logging.getLogger(__name__)

RECORD = "jixiao-model.json"
WEIGHTS = "model.safetensors"
PICKLED_WEIGHTS = "pytorch_model.bin"
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
_DIGEST_FILES = frozenset({".json", ".txt", ".safetensors", ".model"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalModel:
    """A model that lies on this disk. `digest` is over its files; `prompt` stands before every query.

    `notice` is a sentence on its licence that people must see once; empty where there is nothing to say.
    """

    name: str
    folder: Path
    digest: str
    prompt: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSources:
    """Where to look. `cache` is the user's cache folder; `hub_cache` that of the hub's own library.

    `hub_endpoint` is the address of the hub or a mirror. `network` False forbids every download.
    """

    cache: Path
    hub_cache: Path
    hub_endpoint: str = "https://huggingface.co"
    network: bool = True


def default_sources(*, hub_endpoint: str = "https://huggingface.co", network: bool = True) -> ModelSources:
    """The usual folders of this user."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - only where a model is needed

    return ModelSources(
        cache=user_cache_path("jixiao", appauthor=False) / "models",
        hub_cache=Path.home() / ".cache" / "huggingface" / "hub",
        hub_endpoint=hub_endpoint,
        network=network,
    )


def find_model(wanted: str | None, sources: ModelSources) -> LocalModel | None:
    """The model as it lies on this disk, without any network; None where it is not there.

    `wanted` is a folder, a name, or None for the first known model that is there.
    """
    if wanted is None:
        found = (find_model(known.name, sources) for known in known_models())
        return next((model for model in found if model is not None), None)
    if _names_folder(wanted):
        return _read_model(_existing_folder(wanted))
    folder = sources.cache / _folder_name(wanted)
    if (folder / RECORD).is_file():
        return _read_model(folder)
    from_hub = _find_in_hub_cache(wanted, sources.hub_cache)
    return _install(wanted, from_hub, sources.cache) if from_hub else None


def obtain_model(
    wanted: str | None,
    sources: ModelSources,
    *,
    progress: Progress = unwatched,
    notify: Callable[[str], None] = _log.info,
) -> LocalModel:
    """The model, fetched where it is not on this disk yet.

    By default (`wanted` None) the first of the known models that is there, then the first that can be fetched: once a
    model has been had, neither the network nor the choice of model is touched again. `notify` hears the licence notice
    of a model when it is installed. Raises ModelUnavailable.
    """
    model = find_model(wanted, sources)
    if model is not None:
        return model
    tried: list[str] = []
    for name in [wanted] if wanted else [known.name for known in known_models()]:
        try:
            model = _fetch(name, sources, progress=progress)
        except ModelUnavailable as err:
            _log.info("model unavailable name=%s reason=%s", name, err.reason)
            tried.append(f"{name}：{err.reason}")
            continue
        if model.notice:
            notify(model.notice)
        return model
    raise ModelUnavailable(
        "取不到语义模型（" + "；".join(tried) + "）", "请检查网络或镜像设置后重试，或用设置 model 指定本机上的模型目录"
    )


def verify_model(model: LocalModel) -> None:
    """Check that the files are those that the digest was made of. Raises ModelUnavailable."""
    if folder_digest(model.folder) != model.digest:
        raise ModelUnavailable(
            f"语义模型 {model.name} 的文件已损坏或被改动（{model.folder}）", "请删除该目录后重新执行 jixiao build"
        )


def folder_digest(folder: Path) -> str:
    """SHA-256 over names and contents of the files that a model is made of."""
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in _DIGEST_FILES and path.name != RECORD
    )
    digest = hashlib.sha256()
    for name in names:
        with (folder / PurePosixPath(name)).open("rb") as file:
            digest.update(f"{name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()


def _names_folder(wanted: str) -> bool:
    return known_model(wanted) is None and (Path(wanted).is_dir() or not _HUB_NAME.fullmatch(wanted))


def _existing_folder(wanted: str) -> Path:
    folder = Path(wanted).expanduser()
    if not folder.is_dir():
        raise ModelUnavailable(f"没有模型目录 {wanted}", "请检查设置 model")
    return folder


def _folder_name(name: str) -> str:
    return name.replace("/", "--")


def _find_in_hub_cache(name: str, hub_cache: Path) -> Path | None:
    """The newest complete copy that the hub's own library left behind."""
    snapshots = hub_cache / f"models--{_folder_name(name)}" / "snapshots"
    folders = sorted(snapshots.iterdir()) if snapshots.is_dir() else []
    known = known_model(name)
    folders.sort(key=lambda folder: known is not None and folder.name == known.revision)
    complete = [f for f in folders if (f / "config.json").is_file() and _weights_of(f) is not None]
    return complete[-1] if complete else None


def _weights_of(folder: Path) -> Path | None:
    return next((folder / name for name in (WEIGHTS, PICKLED_WEIGHTS) if (folder / name).is_file()), None)


def _read_model(folder: Path) -> LocalModel:
    """The model in a folder: ours by its record, any other folder of sentence-transformers by its files."""
    record = folder / RECORD
    if record.is_file():
        try:
            said = json.loads(record.read_text(encoding="utf-8"))
            return LocalModel(
                name=str(said["name"]),
                folder=folder,
                digest=str(said["digest"]),
                prompt=str(said["prompt"]),
                notice=str(said["notice"]),
            )
        except (ValueError, KeyError, TypeError) as err:
            raise ModelUnavailable(f"模型记录 {record} 已损坏", "请删除该目录后重新执行 jixiao build") from err
    if not (folder / WEIGHTS).is_file() or not (folder / "config.json").is_file():
        raise ModelUnavailable(
            f"目录 {folder} 不是可用的模型", f"目录里须有 config.json 和 {WEIGHTS}（不接受 pickle 格式的权重）"
        )
    known = next((k for k in known_models() if folder.name in (k.name, k.name.rpartition("/")[2])), None)
    return LocalModel(
        name=known.name if known else folder.name,
        folder=folder,
        digest=folder_digest(folder),
        prompt=known.prompt if known else _own_prompt(folder),
        notice=known.notice if known else "",
    )


def _own_prompt(folder: Path) -> str:
    """The query prompt that a folder of sentence-transformers brings along, or none."""
    config = folder / "config_sentence_transformers.json"
    if not config.is_file():
        return ""
    prompts = json.loads(config.read_text(encoding="utf-8")).get("prompts") or {}
    return str(prompts.get("query") or "")


def _fetch(name: str, sources: ModelSources, *, progress: Progress) -> LocalModel:
    if not sources.network:
        raise ModelUnavailable("本机没有，而设置为不联网")
    known = known_model(name)
    with tempfile.TemporaryDirectory(prefix="jixiao-model-") as scratch:
        fetched = Path(scratch) / "model"
        if known is not None and known.origin is Origin.WHEEL:
            wheel = download_wheel(known, Path(scratch), progress=progress)
            unpack_wheel(wheel, known, fetched)
        else:
            revision = known.revision if known else "main"
            download_hub_files(name, fetched, endpoint=sources.hub_endpoint, revision=revision, progress=progress)
        return _install(name, fetched, sources.cache)


def _install(name: str, source: Path, cache: Path) -> LocalModel:
    """Put a model into the cache: safetensors and JSON, a record, moved into place in one step."""
    known = known_model(name)
    target = cache / _folder_name(name)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".partial-", dir=cache) as scratch:
        folder = Path(scratch) / "model"
        folder.mkdir()
        for path in sorted(source.rglob("*")):
            if path.is_file() and path.suffix in (".json", ".txt"):
                copy = folder / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
        _write_weights(source, folder)
        if known is not None:
            _write_modules(folder, known)
        digest = folder_digest(folder)
        record = {
            "name": name,
            "digest": digest,
            "prompt": known.prompt if known else _own_prompt(folder),
            "notice": known.notice if known else "",
        }
        (folder / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        try:
            folder.replace(target)
        except OSError as err:  # another process installed it meanwhile: the same model, take theirs
            if not (target / RECORD).is_file():
                raise ModelUnavailable(f"无法写入模型目录 {target}（{err.strerror}）", "请检查权限和磁盘空间") from err
    return _read_model(target)


def _write_weights(source: Path, folder: Path) -> None:
    """Weights as safetensors; pickled ones are read with weights_only and rewritten."""
    weights = _weights_of(source)
    if weights is None:
        raise ModelUnavailable("模型里没有权重文件")
    if weights.name == WEIGHTS:
        shutil.copyfile(weights, folder / WEIGHTS)
        return
    import torch  # noqa: PLC0415 - only where weights must be rewritten, once
    from safetensors.torch import save_file  # noqa: PLC0415

    tensors = torch.load(weights, map_location="cpu", weights_only=True)
    floats = {key: value.contiguous() for key, value in tensors.items() if value.is_floating_point()}
    save_file(floats, folder / WEIGHTS, metadata={"format": "pt"})


def _write_modules(folder: Path, known: KnownModel) -> None:
    """Say to sentence-transformers how the known model pools, where the folder itself does not."""
    if (folder / "modules.json").is_file():
        return
    dimension = json.loads((folder / "config.json").read_text(encoding="utf-8"))["hidden_size"]
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules) + "\n", encoding="utf-8")
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 512}\n', encoding="utf-8")
    pooling = {"word_embedding_dimension": dimension, f"pooling_mode_{known.pooling}_token": True}
    if known.pooling == "mean":
        pooling = {"word_embedding_dimension": dimension, "pooling_mode_mean_tokens": True}
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling) + "\n", encoding="utf-8")
