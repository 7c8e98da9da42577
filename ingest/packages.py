"""ZIP containers (archives, DOCX, XLSX) looked at before anything is inflated. Must not know what the parts mean."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

from lxml import etree

from ingest.errors import DamagedSource, EncryptedSource, OversizedSource
from ingest.limits import Limits

_PART_RATIO = 1_000  # of one part; XML tables do reach hundreds
_SMALL = 1 << 20  # below this no ratio is suspicious
_HEAD = 4096
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
_SAVE_AGAIN = "请用原软件打开并另存后再导入"


def open_package(source: bytes | Path, *, name: str, limits: Limits) -> zipfile.ZipFile:
    """The opened container, within limits of count, size and ratio. Raises OversizedSource, DamagedSource."""
    try:
        package = zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))
        packed = max(source.stat().st_size if isinstance(source, Path) else len(source), 1)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as err:
        raise DamagedSource(name, "文件已损坏或不完整，无法打开", _SAVE_AGAIN) from err
    parts = package.infolist()
    if len(parts) > limits.members:
        package.close()
        raise OversizedSource(name, f"里面有 {len(parts)} 个文件，超过 {limits.members} 个的上限", "请拆成几份后再导入")
    total = sum(part.file_size for part in parts)
    swollen = any(part.file_size > max(_SMALL, _PART_RATIO * part.compress_size) for part in parts)
    if total > limits.inflated or swollen or (total > _SMALL and total > limits.ratio * packed):
        package.close()
        reason = f"解压后有 {total / 1048576:.0f} MB，是文件本身的 {total / packed:.0f} 倍，疑似压缩炸弹，没有打开"
        raise OversizedSource(name, reason, "请确认文件来源可靠，拆成几份后再导入")
    return package


def read_part(package: zipfile.ZipFile, part: zipfile.ZipInfo | str, *, name: str) -> bytes:
    """The bytes of one part. Raises DamagedSource or EncryptedSource."""
    try:
        return package.read(part)
    except KeyError as err:
        raise DamagedSource(name, f"文件缺少必要的部分 {part}", _SAVE_AGAIN) from err
    except _UNREADABLE as err:
        if type(err) is RuntimeError:  # how the library says that a password is needed
            raise EncryptedSource(name, "压缩包设有密码", "请解开后再导入") from err
        raise DamagedSource(name, "文件已损坏或不完整，无法解压", _SAVE_AGAIN) from err


def refuse_declarations(package: zipfile.ZipFile, *, name: str) -> None:
    """Raise DamagedSource where an XML part declares a document type: office files have none, bombs do."""
    for part in package.infolist():
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            try:
                with package.open(part) as stream:
                    head = stream.read(_HEAD)
            except _UNREADABLE:
                continue  # reading the part will say so, if it is needed
            if b"<!doctype" in (folded := head.replace(b"\0", b"").lower()) or b"<!entity" in folded:
                raise DamagedSource(name, f"{part.filename} 里有实体声明，为安全起见没有读取", _SAVE_AGAIN)


def parse_part(package: zipfile.ZipFile, part: str, *, name: str) -> etree._Element:
    """The root of an XML part, without entities or network. Raises DamagedSource."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=False)
    try:
        return etree.fromstring(read_part(package, part, name=name), parser)
    except etree.XMLSyntaxError as err:
        raise DamagedSource(name, f"{part} 已损坏，无法解析", _SAVE_AGAIN) from err
