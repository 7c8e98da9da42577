"""Click in Chinese: help pages and usage errors. Knows the command-line library, no verb of ours."""

from __future__ import annotations

from collections.abc import Sequence

import click


class ChineseCommand(click.Command):
    """A command whose help page is Chinese throughout."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本帮助"
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [piece.replace("[OPTIONS]", "[选项]") for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = (p for p in self.get_params(ctx) if isinstance(p, click.Option))
        rows = [row for p in options if (row := p.get_help_record(ctx)) is not None]
        if rows:
            with formatter.section("选项"):
                formatter.write_dl([(names, _in_chinese(text)) for names, text in rows])


def _in_chinese(text: str) -> str:
    """The help of an option with what click adds to it in English.

    >>> _in_chinese("步数  [default: 1; 0<=x<=6; required]")
    '步数（默认 1，0–6，必填）'
    """
    said, mark, added = text.rpartition("  [")
    if not mark:
        return text
    parts = added.removesuffix("]").replace("default: ", "默认 ").replace("<=x<=", "–").replace("required", "必填")
    return f"{said}（{parts.replace('; ', '，')}）"


class ChineseGroup(ChineseCommand, click.Group):
    """The group of verbs; each verb is listed with its first line of help."""

    command_class = ChineseCommand

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return ["命令", "[选项]"]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        verbs = [(name, self.commands[name].get_short_help_str(60)) for name in self.list_commands(ctx)]
        with formatter.section("命令"):
            formatter.write_dl(verbs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def _names(hints: Sequence[str] | str | None) -> str:
    if not hints:
        return ""
    return hints.strip("'") if isinstance(hints, str) else " / ".join(h.strip("'") for h in hints)


def render_usage_error(error: click.UsageError) -> str:
    """What is wrong with the command line, in Chinese, and how to see the right form."""
    match error:
        case click.MissingParameter():
            param = error.param.human_readable_name if error.param else _names(error.param_hint)
            said = f"缺少参数 {param}"
        case click.BadParameter():
            param = error.param.opts[0] if error.param else _names(error.param_hint)
            allowed = ""
            if error.param is not None and isinstance(error.param.type, click.Choice):
                allowed = "，可用：" + "、".join(map(str, error.param.type.choices))
            elif error.param is not None and isinstance(error.param.type, click.IntRange):
                allowed = f"，应为 {error.param.type.min}–{error.param.type.max or '…'} 的整数"
            said = f"参数 {param} 的值不对{allowed}"
        case click.NoSuchOption():
            near = f"，是否想用：{'、'.join(error.possibilities)}" if error.possibilities else ""
            said = f"没有选项 {error.option_name}{near}"
        case click.BadOptionUsage():
            said = f"选项 {error.option_name} 后面缺少或多出了值"
        case _ if any("\u4e00" <= sign <= "\u9fff" for sign in error.message):
            said = error.message  # one of ours
        case _:
            word = error.message.rsplit("'", 2)[1] if error.message.count("'") >= 2 else ""
            said = f"没有命令或多余的参数：{word}" if word else "命令行写法不对"
    path = error.ctx.command_path if error.ctx else "jixiao"
    return f"{said}。用法见：{path} --help"
