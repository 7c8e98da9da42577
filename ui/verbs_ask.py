"""Verbs that ask: ask, cite, eval."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from ui.cli_chinese import ChineseCommand
from ui.errors import UiError
from ui.settings import load_settings
from ui.terminal import render_answer, say
from ui.wording import failure_word

snapshot_option = click.option(
    "--snapshot", metavar="目录", type=click.Path(path_type=Path), help="快照目录（默认 .jixiao）"
)
json_option = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


def json_line(value: object) -> str:
    """One line of JSON, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False)


def read_lines(path: Path, key: str) -> tuple[dict[str, object], ...]:
    """Objects of a JSON Lines file, each with a string under `key`, all of them checked before the first is used.

    Raises UiError naming file and line.
    """
    try:
        with path.open(encoding="utf-8-sig") as stream:
            return tuple(
                _read_line(line, key, f"{path} 第 {number} 行")
                for number, line in enumerate(stream, start=1)
                if line.strip()
            )
    except OSError as err:
        raise UiError(f"读不了 {path}：{failure_word(err)}", "请核对路径和权限") from err
    except UnicodeDecodeError as err:
        raise UiError(f"{path} 不是 UTF-8 文本", "请另存为 UTF-8 后重试") from err


def _read_line(line: str, key: str, where: str) -> dict[str, object]:
    advice = f'每行应为 {{"{key}": "…"}}'
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as err:
        raise UiError(f"{where}不是 JSON", advice) from err
    if not isinstance(row, dict) or not isinstance(row.get(key), str):
        raise UiError(f"{where}没有文字字段 {key}", advice)
    return row


@click.command(cls=ChineseCommand, short_help="用中文提问，得到答案和原文出处")
@click.argument("question", metavar="[问题]", required=False)
@click.option("--batch", metavar="文件", type=click.Path(path_type=Path), help='逐行 JSON（{"question": …}），逐行作答')
@click.option("--explain", is_flag=True, help="同时打印执行计划")
@json_option
@snapshot_option
def ask(question: str | None, batch: Path | None, explain: bool, as_json: bool, snapshot: Path | None) -> int:
    """用中文提问，得到答案和原文出处。

    例：jixiao ask "哪些项目引用了沪发改财金〔2018〕18号？"
    """
    from graph import open_snapshot  # noqa: PLC0415
    from search.answering import answer_to_json  # noqa: PLC0415 (--help stays fast)
    from ui.opening import open_engine  # noqa: PLC0415

    if (question is None) == (batch is None):
        raise click.UsageError(
            "缺少问题：请给出一个问题，或用 --batch 给出文件，二者取一", ctx=click.get_current_context()
        )
    settings = load_settings(snapshot=snapshot)
    rows = read_lines(batch, "question") if batch is not None else ()
    engine = open_engine(settings, open_snapshot(settings.snapshot), notify=say)
    if batch is not None:
        for row in rows:
            click.echo(json_line(answer_to_json(engine.ask_safely(str(row["question"])))))
            sys.stdout.flush()
        return 0
    answer = engine.ask(question or "")
    click.echo(json_line(answer_to_json(answer)) if as_json else render_answer(answer))
    if explain and not as_json:
        click.echo("\n执行计划：\n" + json.dumps(answer.plan, ensure_ascii=False, indent=2))
    return 0


@click.command(cls=ChineseCommand, short_help="找出一段文字引用的政策文件")
@click.argument("text", metavar="[文字]", required=False)
@click.option("--jsonl", "file", metavar="文件", type=click.Path(path_type=Path), help='逐行 JSON（{"text": …}）')
def cite(text: str | None, file: Path | None) -> int:
    """找出一段文字引用的政策文件：标题、文号、位置，每段文字输出一行 JSON。

    例：jixiao cite "根据《中华人民共和国预算法》和沪财绩[2019]19号……"
    """
    from ingest.citations import citation_to_json, drop_repeats, find_citations  # noqa: PLC0415

    if (text is None) == (file is None):
        raise click.UsageError(
            "缺少文字：请给出一段文字，或用 --jsonl 给出文件，二者取一", ctx=click.get_current_context()
        )
    for row in read_lines(file, "text") if file is not None else [{"text": text}]:
        said = str(row["text"])
        policies = (c for c in find_citations(said) if not c.mention_only)
        found = [citation_to_json(c) for c in drop_repeats(policies)]
        click.echo(json_line({"text": said, "citations": found}))
    return 0


@click.command("eval", cls=ChineseCommand, short_help="用带标准答案的问题集评分")
@click.argument("questions", metavar="问题集.jsonl", type=click.Path(path_type=Path))
@json_option
@snapshot_option
def evaluate(questions: Path, as_json: bool, snapshot: Path | None) -> int:
    """用带标准答案的问题集评分：按题型给出正确率，列出每道错题和原因。"""
    from graph import open_snapshot  # noqa: PLC0415
    from search.evaluation import evaluate_questions, render_evaluation  # noqa: PLC0415
    from ui.opening import open_engine  # noqa: PLC0415

    rows = read_lines(questions, "question")
    settings = load_settings(snapshot=snapshot)
    opened = open_snapshot(settings.snapshot)
    result = evaluate_questions(rows, open_engine(settings, opened, notify=say), text_of=opened.documents.get)
    click.echo(json_line(result.to_json()) if as_json else render_evaluation(result))
    return 0
