"""Files, folders and archives: found in one order, each skip with its reason, nothing opened that could hurt."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from ingest.errors import DamagedSource, EncryptedSource, OversizedSource, UnreadableSource, UnsupportedSource
from ingest.limits import Limits
from ingest.readers_zip import find_members, safe_name
from ingest.sources import find_sources

FORM = "项目名称：\t道路养护\n"


def archive(path: Path, **members: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return path


def names(*paths: Path, limits: Limits | None = None) -> list[str]:
    return [source.name for source in find_sources(paths, **({"limits": limits} if limits else {})).found]


def test_find_sources_walks_folders_in_one_order(tmp_path: Path) -> None:
    for name in (
        "乙/二.txt",
        "甲/深/一.txt",
        "三.txt",
        "乙/.hidden.txt",
        "~$锁.docx",
        "x.tmp",
        "Thumbs.db",
        "README.md",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(FORM, encoding="utf-8")
    sources = find_sources([tmp_path])
    assert [source.name for source in sources.found] == ["三.txt", "乙/二.txt", "甲/深/一.txt"]
    assert sources.skipped == ()
    assert {source.read().text for source in sources.found} == {FORM}


def test_find_sources_names_files_given_themselves(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "表.txt").write_text(FORM, encoding="utf-8")
    assert names(tmp_path / "a" / "表.txt") == ["表.txt"]
    assert names(tmp_path / "a" / "表.txt", tmp_path / "b" / "表.txt") == ["a/表.txt", "b/表.txt"]
    assert names(tmp_path / "b", tmp_path / "a") == ["a/表.txt", "b/表.txt"]
    assert names(tmp_path / "a", tmp_path / "a" / "表.txt") == ["表.txt"]


def test_find_sources_skips_what_is_no_file_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "表.txt").write_text(FORM, encoding="utf-8")
    (tmp_path / "链.txt").symlink_to("/etc/passwd")
    (tmp_path / "环").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "管")
    sources = find_sources([tmp_path])
    assert [source.name for source in sources.found] == ["表.txt"]
    assert [error.source for error in sources.skipped] == ["环", "管", "链.txt"]
    assert all(isinstance(error, UnreadableSource) and "跳过" in error.reason for error in sources.skipped)


def test_find_sources_names_what_is_missing(tmp_path: Path) -> None:
    (error,) = find_sources([tmp_path / "没有"]).skipped
    assert "找不到" in error.reason


def test_find_sources_opens_archives(tmp_path: Path) -> None:
    archive(tmp_path / "包.zip", **{"乙/二.txt": FORM, "一.txt": FORM, "__MACOSX/._一.txt": "x", "空/": ""})
    sources = find_sources([tmp_path])
    assert [source.name for source in sources.found] == ["包.zip/一.txt", "包.zip/乙/二.txt"]
    assert [source.read().text for source in sources.found] == [FORM, FORM]
    assert sources.found[0].read().name == "包.zip/一.txt"


def test_find_sources_takes_office_files_for_documents(tmp_path: Path) -> None:
    archive(tmp_path / "表.docx", **{"word/document.xml": "<x/>"})
    assert names(tmp_path) == ["表.docx"]


def test_find_sources_reads_names_of_chinese_windows(tmp_path: Path) -> None:
    path = tmp_path / "包.zip"
    with zipfile.ZipFile(path, "w") as package:
        info = zipfile.ZipInfo("name")
        info.filename = "绩效表.txt".encode("gbk").decode("cp437")
        package.writestr(info, FORM)
    data = path.read_bytes()
    raw = "绩效表.txt".encode("gbk").decode("cp437").encode("utf-8")
    # the writer marks the name as UTF-8; Windows does not, and writes GBK
    with zipfile.ZipFile(path, "w") as package:
        info = zipfile.ZipInfo("x" * len("绩效表.txt".encode("gbk")))
        package.writestr(info, FORM)
    data = path.read_bytes().replace(b"x" * len("绩效表.txt".encode("gbk")), "绩效表.txt".encode("gbk"))
    path.write_bytes(data)
    assert raw and names(tmp_path) == ["包.zip/绩效表.txt"]


def as_stored(name: str) -> str:
    """`name` as Python lists it where its bytes are GBK."""
    return os.fsdecode(name.encode("gbk"))


def test_find_sources_reads_names_of_folders_that_came_from_chinese_windows(tmp_path: Path) -> None:
    """Names whose bytes are no UTF-8 reach Python with lone surrogates, which no output takes."""
    (tmp_path / as_stored("附件")).mkdir()
    for place in (as_stored("附件/自评表.txt"), as_stored("自评表.txt"), "自评表.txt", os.fsdecode(b"\xff\xff.txt")):
        (tmp_path / place).write_text(FORM, encoding="utf-8")
    (tmp_path / as_stored("链接")).symlink_to("nowhere")
    sources = find_sources([tmp_path])
    found = [source.name for source in sources.found]
    assert len(set(found)) == 4
    assert "附件/自评表.txt" in found
    assert sum(name.endswith(f"{tmp_path.name}/自评表.txt") for name in found) == 2
    assert all(source.read().name.encode() for source in sources.found)
    assert [err.source for err in sources.skipped] == ["链接"]
    (missing,) = find_sources([tmp_path / as_stored("没有")]).skipped
    assert missing.source.endswith("/没有")


def test_find_sources_never_names_a_way_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "下").mkdir()
    for place in ("表.txt", "下/表.txt"):
        (tmp_path / place).write_text(FORM, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "下")
    assert names(Path("表.txt"), Path("../表.txt")) == [f"{tmp_path.name}/表.txt", "下/表.txt"]
    assert names(Path("表.txt"), Path("../下/表.txt")) == ["表.txt"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        pytest.param("../../etc/passwd", "etc/passwd", id="up"),
        pytest.param("/etc/passwd", "etc/passwd", id="root"),
        pytest.param("C:\\表\\a.txt", "C_/表/a.txt", id="drive"),
        pytest.param("..\\..\\a.txt", "a.txt", id="backslashes"),
        pytest.param("a\0b.txt", "a_b.txt", id="nul"),
        pytest.param("a\u202etxt.exe", "a_txt.exe", id="direction-mark"),
        pytest.param("x" * 300 + ".txt", "x" * 116 + ".txt", id="too-long"),
        pytest.param("a./b. ", "a/b", id="trailing-dots"),
        pytest.param("....//", "未命名", id="nothing-left"),
        pytest.param("<img src=x>.txt", "_img src=x_.txt", id="markup"),
    ],
)
def test_safe_name_leaves_no_way_out(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_find_members_makes_names_harmless_and_distinct(tmp_path: Path) -> None:
    path = archive(tmp_path / "包.zip", **{"../a.txt": "1", "/a.txt": "2", "a.txt": "3"})
    assert [member.name for member in find_members(path, name="包.zip").found] == ["a.txt", "a（2）.txt", "a（3）.txt"]
    assert {source.read_bytes() for source in find_sources([path]).found} == {b"1", b"2", b"3"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["包.zip"]


def test_find_members_skips_links_and_what_is_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "包.zip"
    with zipfile.ZipFile(path, "w") as package:
        link = zipfile.ZipInfo("链.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(link, "/etc/passwd")
        package.writestr("密.txt", FORM)
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.rindex(mark)
        data[place + at] |= 1
    path.write_bytes(bytes(data))
    members = find_members(path, name="包.zip")
    assert members.found == ()
    assert [type(error) for error in members.skipped] == [UnreadableSource, EncryptedSource]


def test_find_sources_refuses_archives_within_archives(tmp_path: Path) -> None:
    inner = archive(tmp_path / "x.zip", **{"表.txt": FORM}).read_bytes()
    (tmp_path / "x.zip").unlink()
    archive(tmp_path / "包.zip", **{"里.zip": inner, "表.txt": FORM})
    sources = find_sources([tmp_path])
    assert [source.name for source in sources.found] == ["包.zip/表.txt"]
    assert [(type(error), error.source) for error in sources.skipped] == [(UnsupportedSource, "包.zip/里.zip")]


@pytest.mark.parametrize(
    ("members", "limits", "word"),
    [
        pytest.param({"a.txt": b"\0" * (60 << 20)}, Limits(), "压缩炸弹", id="one-swollen-file"),
        pytest.param({f"{n}.txt": os.urandom(1000) for n in range(30)}, Limits(members=20), "30 个文件", id="too-many"),
        pytest.param(
            {f"{n}.txt": os.urandom(200_000) for n in range(20)}, Limits(inflated=1 << 20), "压缩炸弹", id="too-large"
        ),
    ],
)
def test_find_sources_refuses_bombs_before_inflating(tmp_path: Path, members: dict, limits: Limits, word: str) -> None:
    archive(tmp_path / "包.zip", **members)
    sources = find_sources([tmp_path], limits=limits)
    assert sources.found == ()
    (error,) = sources.skipped
    assert isinstance(error, OversizedSource) and word in error.reason


def test_find_sources_says_that_an_archive_is_damaged(tmp_path: Path) -> None:
    path = archive(tmp_path / "包.zip", **{"表.txt": FORM})
    path.write_bytes(path.read_bytes()[:-10])
    (error,) = find_sources([tmp_path]).skipped
    assert isinstance(error, DamagedSource)


def test_read_bytes_notices_a_member_whose_data_is_damaged(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("表.txt", FORM * 20)
    data = bytearray(target.getvalue())
    data[60] ^= 0xFF
    (tmp_path / "包.zip").write_bytes(bytes(data))
    (source,) = find_sources([tmp_path]).found
    with pytest.raises(DamagedSource, match="表"):
        source.read()
