"""The door of reading: kinds by content, and a clear word for everything that cannot be read."""

from __future__ import annotations

import hashlib
import io
import os
import random
import zipfile
from errno import EACCES
from pathlib import Path
from typing import NoReturn

import pytest

from ingest.documents import document_from_bytes, read_document
from ingest.errors import (
    DamagedSource,
    EmptySource,
    EncryptedSource,
    IngestError,
    OversizedSource,
    UnreadableSource,
    UnsupportedSource,
)
from ingest.limits import Limits
from ingest.media import media_type_of
from ingest.model import CellAnchor, Document, MediaType, Span
from tests.documents_from_forms import Table, as_docx, as_html, as_pdf, as_xlsx

FORM = "项目支出绩效目标表\n项目名称：\t道路养护\n"
BLOCKS = ("项目支出绩效目标表", Table((("项目名称：", "道路养护"), ("当年预算（元）：", "1,200,500.00"))))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def test_read_document_names_hashes_and_keeps_the_text(tmp_path: Path) -> None:
    path = tmp_path / "目标表.txt"
    path.write_text(FORM, encoding="utf-8")
    doc = read_document(path)
    assert (doc.name, doc.text, doc.media_type, doc.encoding) == ("目标表.txt", FORM, MediaType.TEXT, "utf-8")
    assert doc.sha256 == hashlib.sha256(FORM.encode()).hexdigest()


@pytest.mark.parametrize(
    ("make", "media_type"),
    [
        pytest.param(as_docx, MediaType.DOCX, id="docx"),
        pytest.param(as_xlsx, MediaType.XLSX, id="xlsx"),
        pytest.param(as_html, MediaType.HTML, id="html"),
        pytest.param(as_pdf, MediaType.PDF, id="pdf"),
    ],
)
@pytest.mark.parametrize("name", ["表.bin", "表.txt", "表"])
def test_document_from_bytes_goes_by_content(make, media_type: MediaType, name: str) -> None:
    doc = document_from_bytes(make(BLOCKS), name=name)
    assert doc.media_type is media_type
    assert [line for line in doc.text.split("\n") if line] == [
        "项目支出绩效目标表",
        "项目名称：\t道路养护",
        "当年预算（元）：\t1,200,500.00",
    ]
    assert {doc.cell_of(a.span) for a in doc.anchors} == {a.address for a in doc.anchors}


@pytest.mark.parametrize("name", ["表.txt", "表.md"])
def test_document_from_bytes_refuses_what_holds_no_sign_that_can_be_read(name: str) -> None:
    with pytest.raises(EmptySource):
        document_from_bytes(b"\x01\x02\n", name=name)


class Looked(tuple[CellAnchor, ...]):
    """Counts how often one of it is looked at."""

    looks = 0

    def __getitem__(self, at):
        Looked.looks += 1
        return super().__getitem__(at)

    def __iter__(self):
        for at in range(len(self)):
            yield self[at]


def test_cell_of_looks_at_a_few_cells_of_many() -> None:
    anchors = Looked(CellAnchor(span=Span(start=at * 5, end=at * 5 + 4), address=f"表!A{at}") for at in range(10_000))
    doc = Document(name="a", sha256="0" * 64, media_type=MediaType.XLSX, text="甲" * 50_000, anchors=anchors)
    Looked.looks = 0
    assert [doc.cell_of(Span(start=at, end=at + 2)) for at in (0, 25_001, 25_003, 49_998)] == [
        "表!A0",
        "表!A5000",
        None,
        None,
    ]
    assert Looked.looks < 100


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        pytest.param(b"%PDF-1.7", "a.txt", MediaType.PDF, id="pdf"),
        pytest.param(b"junk\n%PDF-1.7", "a", MediaType.PDF, id="pdf-after-junk"),
        pytest.param(OLE + "WordDocument".encode("utf-16-le"), "a.txt", MediaType.DOC, id="doc"),
        pytest.param(OLE + "Workbook".encode("utf-16-le"), "a.doc", MediaType.XLS, id="xls"),
        pytest.param(OLE, "a.et", MediaType.XLS, id="et"),
        pytest.param(OLE, "a.wps", MediaType.WPS, id="wps"),
        pytest.param(b"{\\rtf1 x}", "a.doc", MediaType.DOC, id="rtf"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "a.pdf", MediaType.IMAGE, id="png"),
        pytest.param(b"\xff\xd8\xff\xe0", "a", MediaType.IMAGE, id="jpeg"),
        pytest.param(zipped(a=b"1"), "a.docx", MediaType.ZIP, id="zip"),
        pytest.param(zipped(**{"OFD.xml": b"1"}), "a.ofd", None, id="ofd"),
        pytest.param(
            zipped(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b"1"}),
            "a.odt",
            MediaType.DOC,
            id="odt",
        ),
        pytest.param("<p>一</p>说明".encode(), "a.txt", MediaType.TEXT, id="text-with-a-tag"),
        pytest.param("<p>一</p>说明".encode(), "a.html", MediaType.HTML, id="html-fragment-by-name"),
        pytest.param("\ufeff<!DOCTYPE html><p>一".encode(), "a.txt", MediaType.HTML, id="html-with-bom"),
        pytest.param("<html>一".encode("utf-16"), "a.txt", MediaType.HTML, id="html-in-utf16"),
        pytest.param("| 一 | 二 |\n|---|---|\n".encode(), "a.txt", MediaType.MARKDOWN, id="markdown-by-its-table"),
        pytest.param("# 题".encode(), "a.md", MediaType.MARKDOWN, id="markdown-by-name"),
        pytest.param(bytes(range(1, 9)) * 500, "a.txt", None, id="binary"),
    ],
)
def test_media_type_of_looks_inside(data: bytes, name: str, media_type: MediaType | None) -> None:
    assert media_type_of(data, name=name) is media_type


@pytest.mark.parametrize(
    ("data", "error", "word"),
    [
        pytest.param(b"", EmptySource, "空", id="no-bytes"),
        pytest.param(b"\0", EmptySource, "空", id="one-nul"),
        pytest.param(b" \n\t\r\n", EmptySource, "空", id="white-space"),
        pytest.param("\u3000\u3000".encode(), EmptySource, "没有文字", id="wide-spaces"),
        pytest.param(as_docx(()), EmptySource, "没有文字", id="empty-docx"),
        pytest.param(b"<html><body></body></html>", EmptySource, "没有文字", id="empty-html"),
        pytest.param(bytes(range(1, 9)) * 500, UnsupportedSource, "格式", id="binary"),
        pytest.param(zipped(a=b"1"), UnsupportedSource, "压缩包", id="zip"),
        pytest.param(b"Rar!\x1a\x07\0" + bytes(50), UnsupportedSource, "RAR", id="rar"),
        pytest.param(zipped(**{"OFD.xml": b"1"}), UnsupportedSource, "OFD", id="ofd"),
        pytest.param(b"\0\0\0\x18ftypheic" + bytes(500), UnsupportedSource, "HEIC 照片", id="heic"),
        pytest.param(b"\0\0\0\x18ftypisom" + bytes(500), UnsupportedSource, "视频", id="mp4"),
        pytest.param(random.Random(1).randbytes(3000), UnsupportedSource, "", id="noise"),
        pytest.param(as_pdf(BLOCKS)[:200], DamagedSource, "损坏", id="cut-pdf"),
        pytest.param(as_docx(BLOCKS)[:2000], DamagedSource, "损坏", id="cut-docx"),
        pytest.param(as_xlsx(BLOCKS)[:2000], DamagedSource, "损坏", id="cut-xlsx"),
        pytest.param(OLE + "EncryptedPackage".encode("utf-16-le"), EncryptedSource, "密码", id="encrypted-office"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 50, DamagedSource, "图片", id="broken-picture"),
    ],
)
def test_document_from_bytes_says_what_is_wrong_and_what_to_do(
    data: bytes, error: type[IngestError], word: str
) -> None:
    with pytest.raises(error) as caught:
        document_from_bytes(data, name="坏文件.dat")
    assert caught.value.source == "坏文件.dat"
    assert word in caught.value.reason and caught.value.advice
    assert str(caught.value).startswith("坏文件.dat：")


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        pytest.param(b"Rar!\x1a\x07\0" + bytes(50), "解压", id="archive"),
        pytest.param(b"\0\0\0\x18ftypheic" + bytes(500), "JPG", id="photograph"),
        pytest.param(b"ID3\x03" + bytes(500), "不必导入", id="sound"),
        pytest.param(zipped(**{"ppt/presentation.xml": b"1"}), "PDF", id="slides"),
    ],
)
def test_advice_on_a_kind_that_is_not_read_fits_it(data: bytes, advice: str) -> None:
    with pytest.raises(UnsupportedSource) as caught:
        document_from_bytes(data, name="别的.dat")
    assert advice in caught.value.advice


def test_document_from_bytes_bounds_size_and_text() -> None:
    with pytest.raises(OversizedSource, match="上限"):
        document_from_bytes(FORM.encode(), name="大.txt", limits=Limits(size=10))
    with pytest.raises(OversizedSource, match="万字"):
        document_from_bytes(FORM.encode(), name="大.txt", limits=Limits(text=10))


def test_read_document_names_a_missing_path(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="找不到"):
        read_document(tmp_path / "没有.txt")


def test_read_document_refuses_folders_and_pipes(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="文件夹"):
        read_document(tmp_path)
    os.mkfifo(tmp_path / "管道")
    with pytest.raises(UnreadableSource, match="普通文件"):
        read_document(tmp_path / "管道")
    with pytest.raises(UnreadableSource, match="普通文件"):
        read_document(Path("/dev/zero"))


def test_read_document_names_a_missing_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "密.txt"
    path.write_text(FORM, encoding="utf-8")
    path.chmod(0)
    if os.geteuid() == 0:  # root may read everything, so the kernel's word is put into its mouth

        def refuse(self: Path, *_: object) -> NoReturn:
            raise PermissionError(EACCES, "Permission denied", str(self))

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableSource, match="权限"):
        read_document(path)


def test_read_document_does_not_read_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(4 << 30)
    with pytest.raises(OversizedSource, match="4096 MB"):
        read_document(path)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_document_text_is_the_same_for_any_line_ends(ends: str) -> None:
    assert document_from_bytes(FORM.replace("\n", ends).encode(), name="表.txt").text == FORM


def test_document_pages_follow_form_feeds() -> None:
    doc = document_from_bytes("一\n\f二\n\f".encode(), name="表.txt")
    assert doc.page_starts == (0, 3)
