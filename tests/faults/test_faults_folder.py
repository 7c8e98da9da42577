"""A folder as offices keep it: sound files beside broken, foreign, empty and hidden ones, links and archives."""

from __future__ import annotations

import io
import os
import zipfile

import pytest

from search.build_report import BuildReport
from search.pipeline import build
from tests.documents_from_forms import as_docx, as_html, as_pdf, as_xlsx, blocks_of

FORM = """财政项目支出绩效自评表
（2023年度）
项目名称\t\t{name}\t\t实施单位\t\t甲区市政管理所
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分
产出指标\t数量指标\t养护道路里程\t≥35.50(公里)\t36.00(公里)\t90.00\t90.00
总分\t\t\t\t\t100.00\t95.00
"""
REFUSED = {  # name → what its reason or advice says
    "下载中断.pdf": "损坏",
    "加密.pdf": "密码",
    "半个.docx": "损坏",
    "半个.xlsx": "损坏",
    "合同.ofd": "OFD",
    "录音.mp3": "音频",
    "手机照片.heic": "HEIC",
    "打包.7z": "7z",
    "打包.rar": "先解压",
    "汇报.pptx": "演示文稿",
    "炸弹.zip": "炸弹",
    "程序.exe": "程序",
    "空.docx": "空",
    "空.txt": "空",
    "空格.txt": "空",
    "管道": "普通文件",
    "超大.txt": "上限",
    "部门.zip/内层.zip": "压缩包里还有压缩包",
    "链接.txt": "符号链接",
}


class ChineseName(zipfile.ZipInfo):
    """A member named in GBK without saying so, as Chinese Windows does."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        # the name as it is, without the sign for UTF-8
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members:
            package.writestr(name, data)
    return target.getvalue()


def encrypted_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target, encrypt=StandardEncryption("secret", "owner"))
    canvas.drawString(100, 700, "closed")
    canvas.save()
    return target.getvalue()


def form(name: str) -> str:
    return FORM.format(name=name)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> BuildReport:
    folder = tmp_path_factory.mktemp("messy") / "资料"
    blocks = blocks_of(form("道路养护"))
    files = {
        "养护.docx": as_docx(blocks),
        "绿化.xlsx": as_xlsx(blocks_of(form("绿化补种"))),
        "桥梁.pdf": as_pdf(blocks_of(form("桥梁检测"))),
        "网页/照明.html": as_html(blocks_of(form("路灯照明")), encoding="gb18030"),
        "旧编码.txt": form("河道保洁").encode("gbk"),
        "重复/旧编码 - 副本.txt": form("河道保洁").encode("gbk"),
        "其实是网页.doc": as_html(blocks_of(form("社区食堂"))),
        "其实是PDF.docx": as_pdf(blocks_of(form("公厕改造"))),
        "名字 带空格‮反向.txt": form("雨水管网").encode(),
        "部门.zip": zipped(
            (ChineseName("街道/丙街道.txt"), form("垃圾分类").encode("gbk")),
            ("../../越界.txt", form("越界项目").encode()),
            ("__MACOSX/._丙.txt", b"x"),
            ("内层.zip", b"PK\x05\x06" + bytes(18)),
        ),
        "说明.md": "# 说明\n\n本文件夹是2023年度的绩效材料。\n".encode(),
        "~$养护.docx": b"\5user" + bytes(150),
        ".DS_Store": b"\0\0\0\1Bud1" + bytes(100),
        "Thumbs.db": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "下载中断.pdf": as_pdf(blocks)[:1500],
        "加密.pdf": encrypted_pdf(),
        "半个.docx": as_docx(blocks)[:9000],
        "半个.xlsx": as_xlsx(blocks)[:2000],
        "合同.ofd": zipped(("OFD.xml", b"<x/>")),
        "录音.mp3": b"ID3\3" + bytes(2000),
        "手机照片.heic": b"\0\0\0\x18ftypheic" + bytes(500),
        "打包.7z": b"7z\xbc\xaf\x27\x1c" + bytes(300),
        "打包.rar": b"Rar!\x1a\7\0" + bytes(300),
        "汇报.pptx": zipped(("ppt/presentation.xml", b"<x/>")),
        "炸弹.zip": zipped(("a.txt", bytes(50 << 20))),
        "程序.exe": b"MZ" + bytes(3000),
        "空.docx": b"",
        "空.txt": b"",
        "空格.txt": b" \n\t \n",
        "超大.txt": b"",
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    os.truncate(folder / "超大.txt", 150 << 20)  # a hole: takes no room
    (folder / "链接.txt").symlink_to("/etc/passwd")
    os.mkfifo(folder / "管道")
    return build([folder], folder.parent / "snapshots", embedder=None)


def test_a_messy_folder_gives_every_project_in_it(report: BuildReport) -> None:
    assert (report.projects, report.files) == (10, 12)
    assert report.copies == (("重复/旧编码 - 副本.txt", "旧编码.txt"),)
    assert report.formless == ("说明.md",)


def test_a_messy_folder_says_of_each_file_why_it_was_not_read(report: BuildReport) -> None:
    refused = {rejection.source: rejection.reason + rejection.advice for rejection in report.rejected}
    assert set(refused) == set(REFUSED)
    assert [name for name, word in REFUSED.items() if word not in refused[name]] == []
    assert not any("Error" in said or "Traceback" in said for said in refused.values())
