"""Reading: bytes → Document → Extraction, and citations in any text."""

from __future__ import annotations

from ingest.documents import document_from_bytes, read_document
from ingest.extraction import extract

__all__ = ["document_from_bytes", "extract", "read_document"]
