"""Pictures: read where recognition is installed, a clear word where it is not."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from ingest import document_from_bytes, readers_image, readers_pdf
from ingest.errors import DamagedSource, OversizedSource, UnsupportedSource
from ingest.limits import Limits
from ingest.model import Span, WarningCode
from ingest.readers_image import read_image, recogniser_missing
from ingest.readers_pdf import read_pdf
from tests.documents_from_forms import Table, as_pdf, as_picture, installed

ROWS = (("Name", "Road 2021", ""), ("Budget", "1,200,500.00", "86.5"), ("", "Total", "93.92"))
needs_recognition = pytest.mark.skipif(recogniser_missing(), reason="needs pip install 'jixiao[ocr]'")


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def scanned(*pages: Image.Image) -> bytes:
    """A PDF whose pages are pictures."""
    return saved(pages[0], "PDF", save_all=True, append_images=pages[1:], resolution=200)


@pytest.fixture
def picture() -> Image.Image:
    return Image.open(io.BytesIO(as_picture(as_pdf((Table(ROWS),)))))


@needs_recognition
def test_read_image_rebuilds_the_table(picture: Image.Image) -> None:
    content = read_image(saved(picture), name="扫描.png")
    assert content.text.replace(" ", "") == "".join("\t".join(row) + "\n" for row in ROWS).replace(" ", "")
    assert [warning.code for warning in content.warnings] == [WarningCode.OCR]
    assert content.page_starts == (0,)
    assert content.anchors[-1].address == "表1 第3行第3列（文字识别）"


@needs_recognition
def test_evidence_from_a_picture_says_that_it_was_recognised() -> None:
    printed = as_pdf(("Expenditure performance report of the district", Table(ROWS)))
    doc = document_from_bytes(as_picture(printed), name="扫描.png")
    at = doc.text.index("performance")
    assert doc.cell_of(Span(start=at, end=at + 11)) == "文字识别"
    assert {anchor.address[-6:] for anchor in doc.anchors[1:]} == {"（文字识别）"}


@needs_recognition
def test_read_image_reads_every_page_of_a_tiff(picture: Image.Image) -> None:
    data = saved(picture, "TIFF", save_all=True, append_images=[picture])
    content = read_image(data, name="扫描.tiff")
    assert content.text.count("1,200,500.00") == 2 and len(content.page_starts) == 2
    assert [warning.code for warning in content.warnings] == [WarningCode.OCR] * 2


@needs_recognition
def test_read_pdf_recognises_pages_that_are_pictures(picture: Image.Image) -> None:
    content = read_pdf(scanned(picture), name="扫描.pdf")
    assert "Budget\t1,200,500.00\t86.5" in content.text
    (warning,) = content.warnings
    assert warning.code is WarningCode.OCR and "第 1 页" in warning.message
    assert content.text[warning.spans[0].start : warning.spans[0].end] == content.text


@needs_recognition
@pytest.mark.skipif(installed("fc-list") is None, reason="needs fonts of the system")
def test_read_image_reads_chinese() -> None:
    from PIL import ImageFont

    fonts = [
        f
        for f in (
            "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
            "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
        )
        if _exists(f)
    ]
    if not fonts:
        pytest.skip("no Chinese font on this machine (apt install fonts-noto-cjk)")
    image = Image.new("L", (900, 200), 255)
    ImageDraw.Draw(image).text((40, 60), "项目支出绩效目标表", font=ImageFont.truetype(fonts[0], 48), fill=0)
    assert "".join(read_image(saved(image), name="扫描.png").text.split()) == "项目支出绩效目标表"


def _exists(path: str) -> bool:
    from pathlib import Path

    return Path(path).exists()


def test_pictures_say_what_to_install(picture: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers_image, "recogniser_missing", lambda: True)
    monkeypatch.setattr(readers_pdf, "recogniser_missing", lambda: True)
    for read, data in ((read_image, saved(picture)), (read_pdf, scanned(picture))):
        with pytest.raises(UnsupportedSource) as caught:
            read(data, name="扫描")
        assert "jixiao[ocr]" in caught.value.advice


def test_read_pdf_names_the_pages_that_it_could_not_read(picture: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers_pdf, "recogniser_missing", lambda: True)
    document = pypdfium2.PdfDocument(as_pdf(("Text",)))
    document.import_pages(pypdfium2.PdfDocument(scanned(picture)))
    target = io.BytesIO()
    document.save(target)
    document.close()
    content = read_pdf(target.getvalue(), name="混合.pdf")
    assert content.text.startswith("Text\n")
    (warning,) = content.warnings
    assert warning.code is WarningCode.TRUNCATED and "第 2 页" in warning.message


def test_read_image_refuses_pictures_beyond_measure() -> None:
    with pytest.raises(OversizedSource, match="像素"):
        list(readers_image._frames(saved(Image.new("1", (3000, 3000))), "大.png", Limits(pixels=1_000_000)))
    frames = saved(Image.new("1", (8, 8)), "TIFF", save_all=True, append_images=[Image.new("1", (8, 8))] * 4)
    with pytest.raises(OversizedSource, match="5 页"):
        list(readers_image._frames(frames, "大.tiff", Limits(pictures=4)))


@needs_recognition
def test_read_image_finds_nothing_in_a_strip() -> None:
    strip = saved(Image.new("L", (6000, 3), 255))
    content = read_image(strip, name="条.png")
    assert content.text.strip() == ""


def test_read_image_says_that_a_picture_is_damaged() -> None:
    data = saved(Image.effect_noise((200, 200), 50))
    with pytest.raises(DamagedSource, match="图片"):
        list(readers_image._frames(data[: len(data) // 2], "坏.png", Limits()))
