"""Old office files: through LibreOffice where it is installed, a clear word where it is not."""

from __future__ import annotations

import pytest

from ingest import readers_office
from ingest.documents import document_from_bytes
from ingest.errors import DamagedSource, EncryptedSource, UnsupportedSource
from ingest.limits import Limits
from ingest.model import MediaType
from ingest.readers_office import read_office
from tests.documents_from_forms import Table, as_docx, as_xlsx, installed, printed_by_libreoffice

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
ROWS = (("项目名称", "道路养护", ""), ("产出", "数量", "1,200.50"), ("", "质量", "90.5%"))
needs_libreoffice = pytest.mark.skipif(installed("soffice") is None, reason="needs LibreOffice")


@needs_libreoffice
@pytest.mark.parametrize(
    ("make", "suffix", "to", "media_type"),
    [
        pytest.param(as_docx, "docx", "doc", MediaType.DOC, id="doc"),
        pytest.param(as_docx, "docx", "rtf", MediaType.DOC, id="rtf"),
        pytest.param(as_xlsx, "xlsx", "xls", MediaType.XLS, id="xls"),
    ],
)
def test_old_formats_read_like_new_ones(make, suffix: str, to: str, media_type: MediaType) -> None:
    data = printed_by_libreoffice(make((Table(ROWS),)), suffix=suffix, to=to)
    doc = document_from_bytes(data, name=f"表.{to}")
    assert doc.media_type is media_type
    assert [[*line.split("\t"), "", ""][:3] for line in doc.text.strip("\n").split("\n")] == [list(row) for row in ROWS]


@needs_libreoffice
def test_read_office_says_that_a_file_is_damaged() -> None:
    with pytest.raises(DamagedSource, match="LibreOffice"):
        document_from_bytes(OLE + b"\xff" * 2000, name="坏.doc")


def test_read_office_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers_office, "_PLACES", ("/nowhere",))
    with pytest.raises(UnsupportedSource) as caught:
        read_office(OLE, name="旧.doc")
    assert "LibreOffice" in caught.value.advice and "DOCX" in caught.value.advice


def test_read_office_asks_for_a_password() -> None:
    with pytest.raises(EncryptedSource, match="密码"):
        read_office(OLE + "EncryptionInfo".encode("utf-16-le"), name="密.docx", limits=Limits())
