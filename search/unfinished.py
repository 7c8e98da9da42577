"""Unfinished: what an interrupted build had read and embedded, kept for the next one. Quick builds keep nothing.

A file bears the hash of its content in its name: what a dying build left half written is passed over. Only contents
that depend on nothing but a file's bytes, or on a text and the model, are kept, so nothing can come out differently.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np

from graph.durable import write_file
from ingest.model import Extraction
from search.embedding import Vectors

_log = logging.getLogger(__name__)

EXTRACTIONS_AT_ONCE = 64
SECONDS_AT_ONCE = 20.0  # pages that are pictures take seconds each: no more than this is lost
TEXTS_AT_ONCE = 4096


class Unfinished:
    """The work of an interrupted build in `folder`, for one version of reading and one model (its digest, or "")."""

    def __init__(self, folder: Path, *, reader: str, model: str) -> None:
        self._folder = folder
        self._reader = f"read-{reader}"
        self._model = f"embedded-{model[:16]}"

    def extractions(self) -> dict[str, Extraction]:
        """Extractions by the SHA-256 of their file."""
        found: dict[str, Extraction] = {}
        for data in self._contents(self._reader):
            try:
                read = msgspec.json.Decoder(Extraction).decode_lines(data)
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
            found.update((extraction.document.sha256, extraction) for extraction in read)
        return found

    def vectors(self) -> dict[str, Vectors]:
        """Vectors by their text."""
        found: dict[str, Vectors] = {}
        for data in self._contents(self._model):
            try:
                with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                    texts, rows = json.loads(arrays["texts"].tobytes()), arrays["vectors"]
            except (OSError, ValueError, KeyError, zipfile.BadZipFile):
                continue
            found.update(zip(texts, rows, strict=True))
        return found

    def keep_extractions(self, extractions: Sequence[Extraction]) -> None:
        """Keep what was read."""
        self._write(self._reader, msgspec.json.Encoder().encode_lines(extractions))

    def keep_vectors(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Keep what was embedded."""
        buffer = io.BytesIO()
        said = np.frombuffer(json.dumps(list(texts), ensure_ascii=False).encode(), dtype=np.uint8)
        np.savez(buffer, texts=said, vectors=vectors)
        self._write(self._model, buffer.getvalue())

    def clear(self) -> None:
        """Forget it all: a snapshot holds it now."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self, kind: str, data: bytes) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_file(self._folder / f"{kind}-{hashlib.sha256(data).hexdigest()}", data)
        except OSError as err:  # only a convenience: the build itself goes on
            _log.warning("cannot keep unfinished work: %s", err)

    def _contents(self, kind: str) -> Iterator[bytes]:
        if not self._folder.is_dir():
            return
        for path in sorted(self._folder.glob(f"{kind}-*")):
            try:
                data = path.read_bytes()
            except OSError as err:
                _log.warning("cannot read unfinished work: %s", err)
                continue
            if hashlib.sha256(data).hexdigest() == path.name.rpartition("-")[2]:
                yield data
