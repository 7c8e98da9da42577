"""Verbs that hand on: export, import, serve, config."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from ui.cli_chinese import ChineseCommand
from ui.errors import UiError
from ui.formats import FORMATS, write_selection
from ui.settings import Settings, load_settings
from ui.terminal import say
from ui.verbs_ask import json_line, json_option, snapshot_option
from ui.wording import failure_word


def write_whole(path: Path, data: bytes) -> None:
    """Write beside and rename, so that a file is never half there. Raises UiError."""
    aside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(data)
        aside.replace(path)
    except OSError as err:
        with suppress(OSError):  # its folder may not be one; the first failure is the one to tell
            aside.unlink(missing_ok=True)
        raise UiError(f"写不了 {path}：{failure_word(err)}", "请核对路径、权限和磁盘空间") from err


@click.command(cls=ChineseCommand, short_help="导出图谱、一个答案或一个实体的邻域")
@click.option("--format", "form", required=True, type=click.Choice(FORMATS), metavar="格式", help="、".join(FORMATS))
@click.option("-o", "--output", required=True, metavar="文件", type=click.Path(path_type=Path), help="写到哪里")
@click.option("--question", metavar="问题", help="只导出这个问题的答案涉及的部分")
@click.option("--node", metavar="编号", help="只导出这个实体的邻域")
@click.option("--hops", default=1, show_default=True, type=click.IntRange(0, 6), metavar="步数", help="邻域的步数")
@snapshot_option
def export(form: str, output: Path, question: str | None, node: str | None, hops: int, snapshot: Path | None) -> int:
    """导出图谱、一个答案或一个实体的邻域；zip 含除 html 外的全部格式和清单。

    例：jixiao export --format xlsx -o 图谱.xlsx
    """
    from ui.selecting import select_answer, select_everything, select_neighbourhood  # noqa: PLC0415

    if question is not None and node is not None:
        raise click.UsageError("--question 与 --node 只能用一个", ctx=click.get_current_context())
    settings = load_settings(snapshot=snapshot)
    if question is not None:
        selection = select_answer(settings, question, notify=say)
    elif node is not None:
        selection = select_neighbourhood(settings, node, hops=hops)
    else:
        selection = select_everything(settings)
    today = datetime.now(tz=UTC).date().isoformat()
    write_whole(output, write_selection(selection, form, date=today))
    say(f"已导出 {selection.title}：{len(selection.entities)} 个实体，{len(selection.edges)} 条关系 → {output}")
    return 0


@click.command(cls=ChineseCommand, short_help="打开网页界面（没有快照时先建）")
@click.option("--host", metavar="地址", help="监听地址（默认 127.0.0.1）")
@click.option("--port", type=click.IntRange(0, 65535), metavar="端口", help="监听端口（默认 7860）")
@click.option("--read-only", is_flag=True, default=None, help="只读：不能上传、删除、更正")
@snapshot_option
def serve(host: str | None, port: int | None, read_only: bool | None, snapshot: Path | None) -> int:
    """打开网页界面；还没有快照时先读入 seeds/ 建好。"""
    from graph.errors import SnapshotMissing  # noqa: PLC0415
    from graph.snapshot import open_snapshot  # noqa: PLC0415
    from ui.verbs_build import run_build  # noqa: PLC0415

    settings = load_settings(host=host, port=port, read_only=read_only, snapshot=snapshot)
    try:
        open_snapshot(settings.snapshot)
    except SnapshotMissing:
        say(f"还没有快照，先读入 {settings.inputs} ……")
        say(run_build(settings, ()).to_text())
    run_server(settings)
    return 0


def run_server(settings: Settings) -> None:
    """Serve until stopped."""
    from ui.server import run  # noqa: PLC0415 (gradio takes seconds)

    say(f"网页界面：http://{settings.host}:{settings.port}{settings.root_path}　（按 Ctrl+C 停止）")
    run(settings, notify=say)


@click.command("import", cls=ChineseCommand, short_help="把导出的 JSONL 或 N-Quads 读回并核对")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), metavar="格式", required=True, help="要转成的格式")
@click.option("-o", "--output", required=True, metavar="输出文件", type=click.Path(path_type=Path), help="写到哪里")
def import_dump(file: Path, form: str, output: Path) -> int:
    """把本程序导出的 JSONL（.jsonl）或 N-Quads（.nq）读回来，核对完整，并写成另一种格式。"""
    from ui.selecting import select_dump  # noqa: PLC0415

    selection = select_dump(file)
    write_whole(output, write_selection(selection, form))
    say(f"已读回 {len(selection.entities)} 个实体，{len(selection.edges)} 条关系 → {output}")
    return 0


@click.command(cls=ChineseCommand, short_help="打印生效的设置")
@json_option
def config(as_json: bool) -> int:
    """打印生效的设置（jixiao.toml、JIXIAO_ 环境变量、默认值合并之后）；密码不显示。"""
    settings = load_settings()
    if as_json:
        click.echo(json_line(settings.model_dump(mode="json")))
        return 0
    for name, field in type(settings).model_fields.items():
        click.echo(f"{name} = {getattr(settings, name)!s}    # {field.description}")
    return 0
