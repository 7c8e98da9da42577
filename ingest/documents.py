"""The door of reading: a path or bytes → Document, by what the bytes are. Must not know what documents mean."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from ingest.contents import Content
from ingest.errors import EmptySource, OversizedSource, UnreadableSource, UnsupportedSource
from ingest.formats import FORMATS, TRUSTED, read_content
from ingest.isolation import read_isolated
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.media import media_type_of, other_kind_of
from ingest.model import Document, MediaType

_SMALL = 4 << 20  # bytes of plain text that may be decoded in this very process


def read_document(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Document:
    """The document at `path`, named by its file name. Raises the IngestError tree."""
    return document_from_bytes(read_bytes(path, limits=limits), name=path.name, limits=limits)


def read_bytes(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The bytes of a regular file of bounded size. Raises UnreadableSource, EmptySource or OversizedSource."""
    name = path.name or str(path)
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise UnreadableSource(name, "这是一个文件夹", "请给出文件，或用 jixiao build 导入整个文件夹")
        if not stat.S_ISREG(state.st_mode):
            raise UnreadableSource(name, "这不是普通文件（管道、设备或套接字）", "请给出普通文件")
        if state.st_size > limits.size:
            raise OversizedSource(name, _too_large(state.st_size, limits.size), "请拆成几份后再导入")
        with path.open("rb") as file:
            data = file.read(limits.size + 1)
    except FileNotFoundError as err:
        raise UnreadableSource(str(path), "找不到这个文件", "请检查路径是否写对") from err
    except PermissionError as err:
        raise UnreadableSource(name, "没有读取权限", "请修改文件权限，或换一个有权限的用户运行") from err
    except (OSError, ValueError) as err:
        raise UnreadableSource(name, f"读取时出错（{err.__class__.__name__}）", "请检查文件与磁盘后重试") from err
    if len(data) > limits.size:
        raise OversizedSource(name, _too_large(len(data), limits.size), "请拆成几份后再导入")
    return data


def document_from_bytes(data: bytes, *, name: str, limits: Limits = DEFAULT_LIMITS) -> Document:
    """The document in `data`; `name` names it in messages and evidence. Raises the IngestError tree."""
    if len(data) > limits.size:
        raise OversizedSource(name, _too_large(len(data), limits.size), "请拆成几份后再导入")
    if not data.strip(b"\0 \t\r\n\f\v"):
        raise EmptySource(name, "文件是空的，没有任何文字", "请确认导出或下载是否完整")
    media_type = media_type_of(data, name=name)
    if media_type is None:
        kind = other_kind_of(data)
        reason = f"这是{' ' * kind[:1].isascii()}{kind}，不能读取" if kind else "认不出这个文件的格式"
        raise UnsupportedSource(name, reason, _advice_on(kind))
    content = _read(data, media_type, name=name, limits=limits)
    if not content.text.replace("\ufffd", "").strip():
        raise EmptySource(name, "文件里没有文字", "如果内容是图片，请安装文字识别组件后再导入")
    return Document(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=media_type,
        text=content.text,
        encoding=content.encoding,
        page_starts=content.page_starts,
        anchors=content.anchors,
        warnings=content.warnings,
    )


def _read(data: bytes, media_type: MediaType, *, name: str, limits: Limits) -> Content:
    if media_type in TRUSTED and len(data) <= _SMALL:
        return read_content(data, media_type, name=name, limits=limits)
    return read_isolated(data, media_type, name=name, limits=limits)


def _advice_on(kind: str) -> str:
    """What to do with a file of a kind that is not read."""
    if "压缩包" in kind:
        return "请先解压，再导入其中的文件"
    if kind.endswith(("照片", "图片")):
        return "请转存为 JPG 或 PNG 后再导入"
    if kind.endswith(("音频文件", "程序", "数据库文件")):
        return "其中没有表格文字，不必导入，可以移出文件夹"
    return "请用原软件另存为 PDF 后再导入" if kind else f"可以读取的有：{FORMATS}"


def _too_large(size: int, limit: int) -> str:
    return f"文件有 {size / 1048576:.0f} MB，超过 {limit / 1048576:.0f} MB 的上限"
