"""Files made to swallow memory or time: refused before they are opened, and nothing is fetched for them."""

from __future__ import annotations

import http.server
import io
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest import document_from_bytes
from ingest.errors import IngestError
from ingest.sources import find_sources
from tests.documents_from_forms import Table, as_docx, as_pdf, as_xlsx

SMALL = ("表", Table((("名称", "道路养护"), ("部门", "甲局"))))
SECONDS = 5.0  # each takes well below one; the machine that runs the tests may be busy
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'haha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{('&' + chr(97 + n) + ';') * 10}'>" for n in range(9)
)


def with_part(data: bytes, part: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != part:
                new.writestr(info.filename, old.read(info))
        new.writestr(part, content)
    return target.getvalue()


def zeros(size: int) -> bytes:
    return bytes(size)


def overlapping() -> bytes:
    """A thousand names in the directory for one and the same megabyte."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", zeros(1 << 20))
        info = package.infolist()[0]
        for number in range(1_000):
            twin = zipfile.ZipInfo(f"word/{number}.xml")
            twin.compress_type, twin.CRC = info.compress_type, info.CRC
            twin.compress_size, twin.file_size, twin.header_offset = info.compress_size, info.file_size, 0
            package.filelist.append(twin)
            package.NameToInfo[twin.filename] = twin
    return target.getvalue()


def lying() -> bytes:
    """A part that says it holds a hundred bytes and inflates to many megabytes."""
    data = bytearray(with_part(as_docx(SMALL), "word/document.xml", zeros(30 << 20)))
    real = struct.pack("<I", 30 << 20)
    at = -1
    while (at := data.find(real, at + 1)) >= 0:
        data[at : at + 4] = struct.pack("<I", 100)
    return bytes(data)


def crowded() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("word/document.xml", "<x/>")
        for number in range(5_000):
            package.writestr(f"{number}", "")
    return target.getvalue()


def pdf(contents: bytes, *, kids: str = "3 0 R", count: int = 1) -> bytes:
    head = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    head += f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {count}>>endobj\n"
    page = "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>endobj\n"
    return (head + page).encode() + contents + b"\ntrailer<</Root 1 0 R>>"


def stream(data: bytes, filters: str) -> bytes:
    return b"4 0 obj<</Filter[%s]/Length %d>>stream\n%s\nendstream endobj" % (filters.encode(), len(data), data)


def deflated_thrice() -> bytes:
    return pdf(
        stream(zlib.compress(zlib.compress(zlib.compress(zeros(200 << 20)))), "/FlateDecode/FlateDecode/FlateDecode")
    )


def deep_pages() -> bytes:
    """A tree of pages, each node the only child of the one above."""
    nodes = "".join(f"{n} 0 obj<</Type/Pages/Kids[{n + 1} 0 R]/Count 1>>endobj\n" for n in range(2, 20_000))
    return f"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n{nodes}trailer<</Root 1 0 R>>".encode()


def wide_picture() -> bytes:
    """A PNG of 60,000 times 60,000 points in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(zeros(1000))) + chunk(b"IEND", b"")
    )


BOMBS: dict[str, Callable[[], bytes]] = {
    "docx-swollen-part": lambda: with_part(as_docx(SMALL), "word/document.xml", zeros(190 << 20)),
    "xlsx-swollen-strings": lambda: with_part(as_xlsx(SMALL), "xl/sharedStrings.xml", zeros(190 << 20)),
    "docx-overlapping-parts": overlapping,
    "docx-lying-sizes": lying,
    "docx-crowded": crowded,
    "docx-laughs": lambda: with_part(
        as_docx(SMALL),
        "word/document.xml",
        f"{LAUGHS}]><w:document {W}><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>".encode(),
    ),
    "xlsx-laughs": lambda: with_part(
        as_xlsx(SMALL), "xl/sharedStrings.xml", f"{LAUGHS}]><sst><si><t>&j;</t></si></sst>".encode()
    ),
    "docx-quadratic": lambda: with_part(
        as_docx(SMALL),
        "word/document.xml",
        f"<!DOCTYPE x [<!ENTITY a '{'x' * 100_000}'>]><w:document {W}>{'&a;' * 50_000}</w:document>".encode(),
    ),
    "docx-deep": lambda: with_part(
        as_docx(SMALL), "word/document.xml", (f"<w:document {W}>" + "<w:p>" * 100_000).encode()
    ),
    "pdf-deflated-thrice": deflated_thrice,
    "pdf-deep-pages": deep_pages,
    "pdf-pages-without-end": lambda: pdf(b"", kids="2 0 R " * 1000, count=2_000_000_000),
    "png-wide": wide_picture,
    "gzip-in-disguise": lambda: b"\x1f\x8b\x08" + zlib.compress(zeros(50 << 20)),
}


@pytest.fixture(scope="module", autouse=True)
def warm_process() -> None:
    document_from_bytes(as_docx(SMALL), name="暖.docx")


@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused_at_once(make: Callable[[], bytes]) -> None:
    data = make()
    start = time.monotonic()
    with pytest.raises(IngestError) as caught:
        document_from_bytes(data, name="炸弹")
    took = time.monotonic() - start
    assert caught.value.reason and caught.value.advice
    assert took < SECONDS
    print(f"{caught.value} ({took:.2f} s)")


def test_archives_within_archives_stay_closed(tmp_path: Path) -> None:
    data = zlib.compress(zeros(1 << 20))
    for _ in range(3):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as package:
            for number in range(16):
                package.writestr(f"{number}.zip", data)
        data = target.getvalue()
    (tmp_path / "42.zip").write_bytes(data)
    sources = find_sources([tmp_path])
    assert sources.found == () and len(sources.skipped) == 16


@pytest.fixture
def trap() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and every request that reaches it."""
    requests: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", requests
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param('<img src="{url}/a"><p>文', id="picture"),
        pytest.param('<script src="{url}/a"></script><p>文', id="script"),
        pytest.param('<meta http-equiv="refresh" content="0;url={url}/a"><p>文', id="refresh"),
        pytest.param('<base href="{url}/"><link rel="stylesheet" href="a.css"><p>文', id="base-and-style"),
        pytest.param('<iframe src="{url}/a"></iframe><p>文', id="frame"),
        pytest.param("<p onload=\"fetch('{url}/a')\">文", id="handler"),
        pytest.param('<!DOCTYPE html SYSTEM "{url}/a.dtd"><html><p>文', id="declaration"),
        pytest.param('<!DOCTYPE html [<!ENTITY x SYSTEM "{url}/a">]><html><p>文&x;', id="entity"),
        pytest.param(
            '<html xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{url}/a"/><p>文', id="xinclude"
        ),
        pytest.param('<object data="{url}/a"></object><svg><image href="{url}/b"/></svg><p>文', id="object"),
    ],
)
def test_pages_fetch_nothing(trap: tuple[str, list[str]], page: str) -> None:
    url, requests = trap
    text = document_from_bytes(f"<html>{page.format(url=url)}</html>".encode(), name="页.html").text
    assert "文" in text and requests == []


@pytest.mark.parametrize(
    ("make", "part", "content"),
    [
        pytest.param(as_docx, "word/document.xml", '<!DOCTYPE x SYSTEM "{url}/x.dtd"><x/>', id="declaration"),
        pytest.param(
            as_docx, "word/document.xml", '<!DOCTYPE x [<!ENTITY e SYSTEM "{url}/e">]><x>&e;</x>', id="entity"
        ),
        pytest.param(
            as_docx,
            "word/document.xml",
            '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>',
            id="local-file",
        ),
        pytest.param(
            as_xlsx,
            "xl/sharedStrings.xml",
            '<!DOCTYPE x [<!ENTITY % p SYSTEM "{url}/p"> %p;]><x/>',
            id="parameter-entity",
        ),
        pytest.param(as_xlsx, "xl/workbook.xml", '<!DOCTYPE x SYSTEM "{url}/x.dtd"><x/>', id="workbook"),
    ],
)
def test_office_files_fetch_nothing(trap: tuple[str, list[str]], make, part: str, content: str) -> None:
    url, requests = trap
    data = with_part(make(SMALL), part, content.replace("{url}", url).encode())
    with pytest.raises(IngestError, match="实体声明"):
        document_from_bytes(data, name="表")
    assert requests == []


def test_links_to_pictures_and_templates_are_not_followed(trap: tuple[str, list[str]]) -> None:
    url, requests = trap
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kind}/attachedTemplate" Target="{url}/t.dotm" TargetMode="External"/>'
        f'<Relationship Id="r2" Type="{kind}/image" Target="{url}/i.png" TargetMode="External"/></Relationships>'
    )
    data = with_part(as_docx(SMALL), "word/_rels/document.xml.rels", links.encode())
    assert "道路养护" in document_from_bytes(data, name="表.docx").text
    assert requests == []


def test_a_file_that_is_two_things_is_read_as_the_first() -> None:
    data = as_pdf_and_archive()
    assert document_from_bytes(data, name="表.zip").media_type == "application/pdf"


def as_pdf_and_archive() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    return as_pdf(SMALL) + target.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"trailer<</Root 1 0 R/Prev 0>>\nstartxref\n0\n%%EOF", id="xref-loop"),
        pytest.param(b"1 0 obj 1 0 R endobj\ntrailer<</Root 1 0 R>>", id="object-loop"),
        pytest.param(b"1 0 obj<</Length 1 0 R>>stream\nx\nendstream endobj\ntrailer<</Root 1 0 R>>", id="length-loop"),
        pytest.param(b"1 0 obj" + b"[" * 200_000 + b"endobj\ntrailer<</Root 1 0 R>>", id="deep-array"),
        pytest.param(b"1 0 obj" + b"<<" * 200_000 + b"endobj\ntrailer<</Root 1 0 R>>", id="deep-dictionary"),
        pytest.param(b"9" * 500_000 + b" 0 obj endobj trailer<</Root 1 0 R>>", id="giant-number"),
        pytest.param(b"%" + b"\xff" * 1_000_000, id="comment"),
    ],
)
def test_pdf_loops_and_depths_end(body: bytes) -> None:
    start = time.monotonic()
    with pytest.raises(IngestError):
        document_from_bytes(b"%PDF-1.7\n" + body, name="表.pdf")
    assert time.monotonic() - start < SECONDS
