"""One process on one port: FastAPI around the Gradio page, with the guards of ui/guards.py in front."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import stat
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from ui.bundling import ASSETS, MENDING, is_complete
from ui.errors import AddressInUse, AssetsMissing
from ui.guards import RATES, BodyLimit, KnownHosts, OpenDoors, Rate, RateLimit, SecurityHeaders, SubPath
from ui.login import PasswordGate
from ui.offline import go_offline
from ui.opening_workspace import open_workspace
from ui.routes import build_routes, say_failure
from ui.service import Workspace
from ui.settings import Settings
from ui.web_boundary import KNOWN
from ui.wording import failure_word

log = logging.getLogger(__name__)

FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
)
LOCAL = ("127.0.0.1", "localhost", "::1")
WILDCARDS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 (named here to be told apart, not bound)
BODY = 1 << 20  # questions and positions of nodes; files have a limit of their own
CONNECTIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """How the interface is served. `allowed_hosts` are names besides this machine's own; `max_upload` is bytes.

    `trusted_proxies` are addresses whose word for who asks (X-Forwarded-For) is taken.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    root_path: str = ""
    max_upload: int = 50 << 20
    username: str | None = None
    password: str | None = None
    rates: tuple[Rate, ...] = RATES


def build_app(workspace: Workspace, options: ServerOptions) -> FastAPI:
    """The application, ready for uvicorn, without guards.

    Raises AssetsMissing where the page's JavaScript is not installed.
    """
    if not is_complete():
        raise AssetsMissing("网页所需的脚本没有安装", f"请执行：{MENDING}")
    go_offline()
    import gradio as gr  # noqa: PLC0415 (takes 2 s, and must come after the environment is set)

    from ui.web import HEAD, build_page  # noqa: PLC0415 (imports gradio)

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/kgstatic", StaticFiles(directory=ASSETS), name="kgstatic")
    app.include_router(build_routes(workspace, today=lambda: datetime.now().astimezone().date().isoformat()))
    for failure in KNOWN:
        app.add_exception_handler(failure, say_failure)
    page = build_page(workspace)
    page.queue(default_concurrency_limit=4, max_size=64, api_open=False)
    fonts = [gr.themes.Font(name) for name in FONTS]
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="/",
        root_path=options.root_path or None,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size="1kb",
        allowed_paths=[],
        theme=gr.themes.Default(font=fonts, font_mono=fonts, primary_hue="blue", neutral_hue="slate"),
        head=HEAD,
    )
    return mounted


def guard(app: ASGIApp, options: ServerOptions) -> ASGIApp:
    """`app` behind everything that stands in front of it, outermost last."""
    if options.username and options.password:
        app = PasswordGate(app, username=options.username, password=options.password, root=options.root_path)
    hosts = {*LOCAL, *options.allowed_hosts} | ({options.host} - WILDCARDS)
    app = BodyLimit(app, limit=BODY, uploads=options.max_upload, root=options.root_path)
    app = RateLimit(app, rates=options.rates, root=options.root_path)
    app = OpenDoors(app, root=options.root_path)
    app = KnownHosts(app, hosts=hosts)
    return SecurityHeaders(SubPath(app, root=options.root_path))


def check_address(host: str, port: int) -> None:
    """Raises AddressInUse where another program listens there, or the address is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as err:
            raise AddressInUse(
                f"地址 {host}:{port} 不能使用（{failure_word(err)}）", "请换一个端口，例如 --port 7861"
            ) from err


def run(settings: Settings, *, notify: Callable[[str], None]) -> None:
    """Serve the snapshot of `settings` until interrupted.

    Raises SnapshotError, AddressInUse, AssetsMissing.
    """
    options = ServerOptions(
        host=settings.host,
        port=settings.port,
        allowed_hosts=settings.allowed_hosts,
        trusted_proxies=settings.trusted_proxies,
        root_path=settings.root_path.rstrip("/"),
        max_upload=settings.max_upload_mb << 20,
        username=settings.username,
        password=settings.password.get_secret_value() if settings.password else None,
    )
    serve(open_workspace(settings, notify=notify), options)


def serve(workspace: Workspace, options: ServerOptions, *, started: Callable[[str], None] = lambda _: None) -> None:
    """Serve until interrupted; `started` is called with the page's address once it answers.

    Raises AddressInUse, AssetsMissing.
    """
    check_address(options.host, options.port)
    with ExitStack() as stack:
        # Gradio keeps its files in a folder that only this user can read, and that goes when we go
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jixiao-")))
        folder.chmod(stat.S_IRWXU)
        os.environ["GRADIO_TEMP_DIR"] = str(folder)
        app = guard(build_app(workspace, options), options)
        logging.getLogger("uvicorn.error").addFilter(is_news)
        server = AnnouncingServer(server_config(app, options), lambda: started(address_of(options)))
        server.run()


def server_config(app: ASGIApp, options: ServerOptions) -> uvicorn.Config:
    """How uvicorn runs `app`. Without trusted proxies nobody may name another address than his own."""
    return uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        log_level="warning",
        server_header=False,
        ws="none",
        proxy_headers=bool(options.trusted_proxies),
        forwarded_allow_ips=list(options.trusted_proxies),
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=1,  # pages hold a stream open for ever
    )


def is_news(record: logging.LogRecord) -> bool:
    """Whether a log line says more than that an open stream was cut when the server stopped."""
    cut = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not cut and "graceful shutdown exceeded" not in record.getMessage()


class AnnouncingServer(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self.announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.announce()


def address_of(options: ServerOptions) -> str:
    """What to type into a browser on this machine."""
    host = "127.0.0.1" if options.host in WILDCARDS else options.host
    return f"http://{f'[{host}]' if ':' in host else host}:{options.port}{options.root_path}/"
