"""Pictures by optical recognition (RapidOCR, an extra): text with boxes, drawn rules, then the layout of any page.

Must not be needed to read anything else; says what to install where it is missing.
"""

from __future__ import annotations

import importlib.util
import io
import math
import statistics
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from PIL import Image, UnidentifiedImageError

from ingest.contents import Content, Draft
from ingest.errors import DamagedSource, OversizedSource, UnsupportedSource
from ingest.layout import Glyph, Item, lay_out
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.pacing import report_page
from ingest.pages import Page, PageWriter
from ingest.rulings import Box
from ingest.wordlists import words_of

INSTALL = "请运行 pip install 'jixiao[ocr]' 安装文字识别组件后重试，或改用带文字的文件"
_POINTS = 72 / 200  # the layout thinks in points; pictures are taken to have 200 dots an inch
_SURE = 0.5  # recognised runs below this confidence are dropped
_LONG = 4  # a line this much longer than high tells the slant of the page
_ENOUGH = 3  # such lines
_STRAIGHT = 0.1  # degrees
_ASKEW = 15.0
_STRAYS = 0.02  # share of variant forms up to which a page counts as written in simplified characters
_VARIANTS = {pair[0]: pair[1] for pair in words_of("recognition", "variants")}
_RULE = 40  # pixels: shorter strokes belong to characters


def recogniser_missing() -> bool:
    """Whether the extra is not installed."""
    return any(importlib.util.find_spec(module) is None for module in ("rapidocr", "onnxruntime", "cv2"))


def read_image(data: bytes, *, name: str, limits: Limits = DEFAULT_LIMITS) -> Content:
    """Recognised lines and table rows, a page a frame. Raises UnsupportedSource where the extra is missing."""
    writer = PageWriter(draft := Draft(source=name, limit=limits.text))
    for number, picture in enumerate(_frames(data, name, limits), start=1):
        if recogniser_missing():
            raise UnsupportedSource(name, "这是图片，需要文字识别才能读取", INSTALL)
        writer.write(Page(number, recognise(picture), picture=True))
        report_page()
    writer.close()
    return draft.finish()


def recognise(picture: Image.Image) -> tuple[Item, ...]:
    """Lines and table rows of a picture of a page; a page that lies a little askew is put straight."""
    import cv2  # noqa: PLC0415  an extra, and slow to import
    import numpy as np  # noqa: PLC0415
    from rapidocr.utils.process_img import ResizeImgError  # noqa: PLC0415

    pixels = np.asarray(picture.convert("RGB"))[:, :, ::-1]
    try:
        result = _engine()(pixels, return_word_box=True, return_single_char_box=True)
    except ResizeImgError:  # a strip hundreds of times longer than wide: nothing to read
        return ()
    dark = cv2.adaptiveThreshold(
        cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 15, 10
    )
    height, width = dark.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), _slant_of(result), 1.0)
    dark = cv2.warpAffine(dark, turn, (width, height))
    glyphs = _simplified(tuple(_glyphs(result, turn)))
    written = [(g.left, g.top, g.right, g.bottom) for g in glyphs]
    rules: list[Box] = []
    for size in ((_RULE, 1), (1, _RULE)):
        strokes = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size))
        strokes = cv2.dilate(strokes, np.ones((3, 3), np.uint8))
        for left, top, wide, high, _ in cv2.connectedComponentsWithStats(strokes)[2][1:]:
            if max(wide, high) >= _RULE and min(wide, high) <= _RULE // 2:
                rule = (left * _POINTS, top * _POINTS, (left + wide) * _POINTS, (top + high) * _POINTS)
                if not any(_within(rule, box) for box in written):  # else a stroke of a large character
                    rules.append(rule)
    return lay_out(glyphs, rules, height=height * _POINTS)


def _slant_of(result: Any) -> float:
    """Degrees by which the lines of a page slope down to the right; 0 where they lie straight or say nothing."""
    slants: list[tuple[float, float]] = []  # of long lines, each with the length that it counts by
    for corners in result.boxes if result.boxes is not None else ():
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = ((float(x), float(y)) for x, y in corners)
        length = math.hypot(x1 - x0, y1 - y0)
        if length > _LONG * math.hypot(x3 - x0, y3 - y0):
            slants.append((math.degrees(math.atan2(y1 - y0 + y2 - y3, x1 - x0 + x2 - x3)), length))
    if len(slants) < _ENOUGH:
        return 0.0
    middle = statistics.median(slant for slant, _ in slants)
    near = [(slant, length) for slant, length in slants if abs(slant - middle) < 1.0]
    slant = sum(slant * length**2 for slant, length in near) / sum(length**2 for _, length in near)
    return slant if _STRAIGHT < abs(slant) < _ASKEW else 0.0


def _within(rule: Box, box: Box) -> bool:
    slack = 0.15 * (box[3] - box[1])
    return (
        rule[0] >= box[0] - slack
        and rule[1] >= box[1] - slack
        and rule[2] <= box[2] + slack
        and rule[3] <= box[3] + slack
    )


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415  an extra; loads 30 MB of models

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,  # it turns some long upright lines over, and they are lost
            "EngineConfig.onnxruntime.intra_op_num_threads": 2,
        }
    )


def _glyphs(result: Any, turn: Any) -> Iterator[Glyph]:
    """Recognised characters with their boxes, turned by the matrix `turn`."""
    (a, b, e), (c, d, f) = turn
    for run in result.word_results or ():
        words = [word for word in run if isinstance(word, tuple)]  # where nothing was found: strings and numbers
        for number, (text, sure, corners) in enumerate(words):
            if text and corners and sure >= _SURE:
                xs = [float(a * x + b * y + e) * _POINTS for x, y in corners]
                ys = [float(c * x + d * y + f) * _POINTS for x, y in corners]
                yield Glyph(text, min(xs), min(ys), max(xs), max(ys), number == 0)


def _simplified(glyphs: tuple[Glyph, ...]) -> tuple[Glyph, ...]:
    """Glyphs with stray old or foreign forms put back to the simplified ones; a page full of them is left alone."""
    strays = sum(1 for glyph in glyphs if glyph.text in _VARIANTS)
    if not strays or strays > max(3, _STRAYS * len(glyphs)):
        return glyphs
    return tuple(replace(glyph, text=_VARIANTS.get(glyph.text, glyph.text)) for glyph in glyphs)


def _frames(data: bytes, name: str, limits: Limits) -> Iterator[Image.Image]:
    """Pictures of a file, one a page; TIFF and GIF may hold several."""
    Image.MAX_IMAGE_PIXELS = limits.pixels
    try:
        with Image.open(io.BytesIO(data)) as image:
            frames = getattr(image, "n_frames", 1)
            if frames > limits.pictures:
                raise OversizedSource(
                    name, f"图片有 {frames} 页，超过 {limits.pictures} 页的上限", "请拆成几份后再导入"
                )
            if image.width * image.height > limits.pixels:
                raise OversizedSource(name, "图片过大，像素数超过上限", "请缩小后再导入")
            for index in range(frames):
                image.seek(index)
                yield image.convert("RGB")
    except Image.DecompressionBombError as err:
        raise OversizedSource(name, "图片过大，像素数超过上限", "请缩小后再导入") from err
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as err:
        raise DamagedSource(name, "图片已损坏或不完整", "请重新导出或扫描后再导入") from err
