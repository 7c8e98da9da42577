"""Verbs that make and keep snapshots: build, check, explain, diff, verify, rollback."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.cli_chinese import ChineseCommand
from ui.settings import Settings, load_settings
from ui.terminal import progress_bar, say
from ui.verbs_ask import json_line, json_option, snapshot_option

if TYPE_CHECKING:
    from search.build_report import BuildReport

EXIT_DONE = 0
EXIT_PARTLY = 3


def run_build(settings: Settings, paths: tuple[Path, ...]) -> BuildReport:
    """Build with a progress bar; the model is had first, so that a missing one is said before any reading."""
    from search.embedding import SentenceTransformerEmbedder  # noqa: PLC0415 (--help stays fast)
    from search.model_store import obtain_model  # noqa: PLC0415
    from search.pipeline import build as build_snapshot  # noqa: PLC0415
    from ui.opening import model_sources, wanted_model  # noqa: PLC0415

    paths = paths or usual_paths(settings)
    with progress_bar() as advance:
        model = obtain_model(wanted_model(settings), model_sources(settings), progress=advance, notify=say)
        return build_snapshot(
            paths,
            settings.snapshot,
            embedder=SentenceTransformerEmbedder(model),
            corrections=settings.corrections,
            keep=settings.keep_snapshots,
            progress=advance,
        )


def usual_paths(settings: Settings) -> tuple[Path, ...]:
    """What is read where no path is named: sources that the page changed last, else the folder of the settings."""
    from graph.errors import SnapshotError  # noqa: PLC0415
    from graph.snapshot import find_snapshot  # noqa: PLC0415
    from ui.source_folder import SourceFolder  # noqa: PLC0415

    folder = SourceFolder(settings.snapshot, settings.inputs)
    try:
        changed = folder.stands_for(find_snapshot(settings.snapshot).name)
    except SnapshotError:
        changed = False
    if changed:
        say(f"沿用网页上增减过的来源（{folder.path}）；要重新读 {settings.inputs}，请把它写在命令里")
    return (folder.path if changed else settings.inputs,)


@click.command(cls=ChineseCommand, short_help="读入文件，构建快照")
@click.argument("paths", metavar="[路径…]", nargs=-1, type=click.Path(path_type=Path))
@json_option
@snapshot_option
def build(paths: tuple[Path, ...], as_json: bool, snapshot: Path | None) -> int:
    """读入文件或文件夹（默认 seeds/），构建快照；没有变化的文件不会重新解析。

    有文件读不了时逐个说明原因，其余照常完成，退出码为 3。
    """
    report = run_build(load_settings(snapshot=snapshot), paths)
    click.echo(json_line(report.to_json()) if as_json else report.to_text())
    return EXIT_PARTLY if report.rejected else EXIT_DONE


@click.command(cls=ChineseCommand, short_help="数据质量与算术检查，附出处")
@json_option
@snapshot_option
def check(as_json: bool, snapshot: Path | None) -> int:
    """检查数据质量和算术关系：总分是否等于各项得分之和、执行率是否相符、疑似笔误、缺失的单元格……"""
    from graph import open_snapshot  # noqa: PLC0415
    from graph.checks import find_findings, render_findings  # noqa: PLC0415

    opened = open_snapshot(load_settings(snapshot=snapshot).snapshot)
    findings = find_findings(opened)
    click.echo(json_line([f.to_json() for f in findings]) if as_json else render_findings(findings))
    return EXIT_DONE


@click.command(cls=ChineseCommand, short_help="说明一个实体由哪些写法合并而来、为什么")
@click.argument("identifier", metavar="编号或名称")
@json_option
@snapshot_option
def explain(identifier: str, as_json: bool, snapshot: Path | None) -> int:
    """说明一个实体由哪些写法合并而来、依据什么，以及还有哪些相近而未合并的。"""
    from graph import open_snapshot  # noqa: PLC0415
    from graph.explain import explain_entity  # noqa: PLC0415

    explained = explain_entity(open_snapshot(load_settings(snapshot=snapshot).snapshot).kg, identifier)
    click.echo(json_line(explained.to_json()) if as_json else explained.to_text())
    return EXIT_DONE


@click.command(cls=ChineseCommand, short_help="比较两份快照")
@click.argument("old", metavar="旧快照", type=click.Path(path_type=Path))
@click.argument("new", metavar="新快照", type=click.Path(path_type=Path))
@json_option
def diff(old: Path, new: Path, as_json: bool) -> int:
    """比较两份快照：增加、减少和改变了的实体与关系，各附出处。"""
    from graph import open_snapshot  # noqa: PLC0415
    from graph.diff import compare  # noqa: PLC0415

    changes = compare(open_snapshot(old).kg, open_snapshot(new).kg)
    click.echo(json_line(changes.to_json()) if as_json else changes.to_text())
    return EXIT_DONE


@click.command(cls=ChineseCommand, short_help="核对快照的每个文件和每条约束")
@json_option
@snapshot_option
def verify(as_json: bool, snapshot: Path | None) -> int:
    """核对快照：每个文件的 SHA-256、条数、引用关系、原文出处是否都相符。"""
    from graph.verifying import verify_snapshot  # noqa: PLC0415

    report = verify_snapshot(load_settings(snapshot=snapshot).snapshot)
    click.echo(json_line(report.to_json()) if as_json else report.to_text())
    return EXIT_DONE


@click.command(cls=ChineseCommand, short_help="退回上一份快照")
@json_option
@snapshot_option
def rollback(as_json: bool, snapshot: Path | None) -> int:
    """让上一份完好的快照重新生效。"""
    from graph.publishing import roll_back  # noqa: PLC0415

    name = roll_back(load_settings(snapshot=snapshot).snapshot).name
    click.echo(json_line({"snapshot": name}) if as_json else f"已退回：{name}")
    return EXIT_DONE
