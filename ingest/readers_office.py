"""Old office files (DOC, XLS, WPS, RTF) through LibreOffice without a window, where it is installed.

Converts to DOCX or XLSX and hands over to their readers. Macros are switched off in the profile that it runs with.
"""

from __future__ import annotations

import contextlib
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ingest.contents import Content
from ingest.errors import DamagedSource, EncryptedSource, OversizedSource, UnsupportedSource
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.media import media_type_of
from ingest.model import MediaType
from ingest.readers_docx import read_docx
from ingest.readers_xlsx import read_xlsx

_PLACES = ("/usr/bin", "/usr/local/bin", "/usr/lib/libreoffice/program", "/snap/bin", "/opt/libreoffice/program")
_ENCRYPTED = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))
_FILES = 512
_SHARE = 0.8  # of the time allowed for the file goes to the conversion
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "0"),
)


def read_office(data: bytes, *, name: str, limits: Limits = DEFAULT_LIMITS) -> Content:
    """The text of an old office file. Raises UnsupportedSource where LibreOffice is not installed."""
    if any(mark in data for mark in _ENCRYPTED):
        raise EncryptedSource(name, "文件设有打开密码", "请用密码打开并另存为不加密的文件后再导入")
    program = shutil.which("soffice", path=":".join(_PLACES))
    if program is None:
        advice = "请安装 LibreOffice 后重试，或用 Word、WPS 打开后另存为 DOCX、XLSX 再导入"
        raise UnsupportedSource(name, "这是旧版 Office 格式，需要 LibreOffice 才能读取", advice)
    sheet = media_type_of(data, name=name) is MediaType.XLS
    kind = "xlsx" if sheet else "docx"
    with tempfile.TemporaryDirectory(prefix="office-", ignore_cleanup_errors=True) as folder:
        converted = _convert(data, kind, program, Path(folder), name, limits)
    return read_xlsx(converted, name=name, limits=limits) if sheet else read_docx(converted, name=name, limits=limits)


def _convert(data: bytes, kind: str, program: str, folder: Path, name: str, limits: Limits) -> bytes:
    source, profile = folder / "source.bin", folder / "profile"
    source.write_bytes(data)
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    command = [program, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"]
    command += [f"-env:UserInstallation={profile.as_uri()}", "--convert-to", kind, "--outdir", str(folder), str(source)]
    try:
        with _more_files():
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=limits.wall * _SHARE,
                check=False,
            )
    except subprocess.TimeoutExpired as err:
        reason = f"LibreOffice 在 {limits.wall * _SHARE:.0f} 秒内没有转换完"
        raise OversizedSource(name, reason, "请用原软件另存为 DOCX、XLSX 后再导入") from err
    result = folder / f"source.{kind}"
    if not result.is_file():
        raise DamagedSource(
            name, "LibreOffice 无法打开这个文件，可能已损坏或设有密码", "请用原软件打开并另存为 DOCX、XLSX 后再导入"
        )
    return result.read_bytes()


def _profile() -> str:
    """Settings that run no macro and follow no link."""
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
    )


@contextlib.contextmanager
def _more_files() -> Iterator[None]:
    """LibreOffice opens more files than a parser may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
