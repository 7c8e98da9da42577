"""What the reading process and its parent say to each other: frames of JSON, each led by its size.

An empty frame says that the process has started and can read; further ones, that a page of a picture is done.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ingest.contents import Content
from ingest.limits import Limits
from ingest.model import Extraction, MediaType

FRAME = struct.Struct(">Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to read; the bytes follow in a frame of their own. With `extract` they are a Document, as JSON."""

    name: str
    media_type: MediaType
    limits: Limits
    extract: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The content, or what a document says where that was asked, or the name of an IngestError with its words."""

    content: Content | None = None
    extraction: Extraction | None = None
    error: str = ""
    reason: str = ""
    advice: str = ""
