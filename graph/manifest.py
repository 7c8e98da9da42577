"""The manifest of a snapshot: every file with its hash, the model, counts, sources. Its own hash names the snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import msgspec

from graph.errors import SnapshotDamaged, SnapshotVersion

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStamp:
    """The embedding model of the vectors. `digest` is the SHA-256 of its weights, `dimension` the vectors' length."""

    name: str
    digest: str
    dimension: int
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStamp:
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStamp:
    """A source document that the snapshot holds."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`reader` is the version of reading whose extractions may be used again; `files` are relative names."""

    format: int = FORMAT
    reader: str = ""
    model: ModelStamp | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    sources: tuple[SourceStamp, ...] = ()
    files: Mapping[str, FileStamp] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """The same bytes for the same content."""
        return msgspec.json.format(msgspec.json.encode(self, order="sorted"), indent=1) + b"\n"

    @classmethod
    def from_json(cls, data: bytes, *, source: str) -> Manifest:
        """Raises SnapshotVersion for another format, SnapshotDamaged for what is no manifest."""
        try:
            loose = msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError) as err:
            raise SnapshotDamaged(source, "清单无法读取", "请运行 jixiao rollback 或重新构建") from err
        found = loose.get("format") if isinstance(loose, dict) else None
        if found != FORMAT:
            newer = isinstance(found, int) and found > FORMAT
            advice = "请用 jixiao build 重新构建快照" + ("，或升级本程序" if newer else "")
            raise SnapshotVersion(source, f"快照格式为 {found}，本程序读写格式 {FORMAT}", advice)
        try:
            return msgspec.convert(loose, cls)
        except msgspec.ValidationError as err:
            raise SnapshotDamaged(source, f"清单内容不合规（{err}）", "请运行 jixiao rollback 或重新构建") from err

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest, and so of everything in the snapshot."""
        return sha256(self.to_json()).hexdigest()
