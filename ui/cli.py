"""The command `jixiao`: gathers the verbs and turns failures into Chinese sentences and exit codes.

Exit 0 done, 1 failed and nothing changed, 2 usage, 3 finished but some inputs were rejected. Results go to stdout, talk
to stderr. Nothing heavy is imported here: gradio, torch and faiss come inside the verbs that need them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from graph.errors import GraphError
from ingest.errors import IngestError
from search.errors import SearchError
from ui.cli_chinese import ChineseGroup, render_usage_error
from ui.errors import UiError
from ui.verbs_ask import ask, cite, evaluate
from ui.verbs_build import build, check, diff, explain, rollback, verify
from ui.verbs_share import config, export, import_dump, serve

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


@click.group(cls=ChineseGroup, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """绩效图谱：读财政绩效文件，建知识图谱，用中文提问，每个答案都附原文出处。

    第一次使用：jixiao serve（自动读入 seeds/，建好快照，打开网页界面）。
    """


for verb in (build, ask, cite, export, check, explain, diff, serve, evaluate, verify, rollback, import_dump, config):
    cli.add_command(verb)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; every known failure is said in Chinese on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Chinese Windows console defaults to GBK and would fail on 〔〕
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = cli.main(
            args=list(arguments) if arguments is not None else None, prog_name="jixiao", standalone_mode=False
        )
    except click.exceptions.NoArgsIsHelpError as err:
        click.echo(err.ctx.get_help() if err.ctx else "")
        return EXIT_USAGE
    except click.UsageError as err:
        click.echo(render_usage_error(err), err=True)
        return EXIT_USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断，原有快照未受影响。", err=True)
        return EXIT_INTERRUPTED
    except (IngestError, GraphError, SearchError, UiError) as err:
        click.echo(f"未完成：{err}", err=True)
        return EXIT_FAILED
    except BrokenPipeError:  # the reader of our output (head, less) has gone
        sys.stderr.close()
        return EXIT_FAILED
    return int(code or 0)


if __name__ == "__main__":
    sys.exit(main())
