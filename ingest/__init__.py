"""Reading: bytes → Document → Extraction, and citations in any text."""

from __future__ import annotations

from ingest.citations import find_citations
from ingest.documents import document_from_bytes, read_document
from ingest.extraction import extract, extract_bounded
from ingest.numbers import parse_number

__all__ = ["document_from_bytes", "extract", "extract_bounded", "find_citations", "parse_number", "read_document"]
