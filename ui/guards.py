"""ASGI guards around the page: known hosts, open doors only, own origin, size and rate limits, headers on every answer.

Each is a small wrapper that knows nothing of Gradio's insides; `ui/server.py` puts them in order.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# 'unsafe-eval' and inline scripts: gr.HTML compiles its templates in the browser, Gradio starts from an inline one
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' blob: data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),  # no-referrer would make the login form's own origin "null"
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
# What the page needs of Gradio. Uploads, file and proxy routes, API documentation and direct calls stay shut.
DOORS = re.compile(
    r"/(?:|config|theme\.css|favicon\.ico|robots\.txt|manifest\.json|"
    r"assets/[\w./-]+|static/[\w./-]+|svelte/[\w./-]+|kgstatic/(?:src|dist)/[\w.-]+|kgdata/[\w./-]+|kglogin|kglogout|"
    r"gradio_api/(?:app_id|startup-events|component_server/?|heartbeat/\w+|queue/(?:join|data)|cancel|reset))"
)
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str, **headers: str) -> None:
    """Answer with a Chinese sentence."""
    extra = {key.replace("_", "-"): value for key, value in headers.items()}
    await PlainTextResponse(text, status_code=status, headers=extra)(scope, receive, send)


def path_of(scope: Scope, root: str = "") -> str:
    """The path below the sub-path `root`, whether or not the proxy in front has cut it off already."""
    path = str(scope["path"])
    return path[len(root) :] or "/" if root and (path == root or path.startswith(f"{root}/")) else path


class SubPath:
    """Puts the prefix that a proxy has cut off back before the path: below, both ways of proxying look the same."""

    def __init__(self, app: ASGIApp, *, root: str) -> None:
        self.app = app
        self.root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.root:
            path = self.root + path_of(scope, self.root)
            scope = {**scope, "path": path, "raw_path": path.encode(), "root_path": self.root}
        await self.app(scope, receive, send)


class SecurityHeaders:
    """Puts HEADERS on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {key.lower() for key, _ in message.get("headers", ())}
                message["headers"] = [*message.get("headers", ()), *(h for h in HEADERS if h[0] not in given)]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class KnownHosts:
    """Refuses requests under a foreign host name (DNS rebinding) and writes from foreign pages (forged requests)."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host_name(f"//{host}") not in self.hosts:
            await refuse(
                scope,
                receive,
                send,
                400,
                "不认识这个主机名。请用管理员给出的地址访问，或在设置 allowed_hosts 中加入它。",
            )
            return
        origin = headers.get("origin")
        writes = scope["type"] == "http" and scope["method"] in WRITING
        if writes and origin is not None and host_name(origin) not in self.hosts:
            await refuse(scope, receive, send, 403, "来自其他网站的请求已拒绝。")
            return
        await self.app(scope, receive, send)


def host_name(url: str) -> str:
    """Host of an address without its port, lower case; "" where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


class OpenDoors:
    """Lets through the paths that the page needs; everything else is not found. No websockets."""

    def __init__(self, app: ASGIApp, *, root: str = "") -> None:
        self.app = app
        self.root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (".." in scope["path"] or not DOORS.fullmatch(path_of(scope, self.root))):
            await refuse(scope, receive, send, 404, "没有这个页面。")
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1003})
        else:
            await self.app(scope, receive, send)


class TooLarge(Exception):
    """The body grew past the limit while it was read."""


class BodyLimit:
    """Refuses bodies past `limit` bytes, announced or not; `uploads` is the limit of the upload route."""

    def __init__(self, app: ASGIApp, *, limit: int, uploads: int, root: str = "") -> None:
        self.app = app
        self.root = root
        self.limit = limit
        self.uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.uploads if path_of(scope, self.root).startswith("/kgdata/upload") else self.limit
        text = f"内容过大，上限为 {limit >> 20 or 1} MB。"
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > limit:
            await refuse(scope, receive, send, 413, text)
            return
        read = 0
        started = False

        async def receive_some() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise TooLarge
            return message

        async def send_on(message: Message) -> None:
            nonlocal started
            if read > limit and not started:
                return  # what the application makes of our exception is not its to say
            started = True
            await send(message)

        try:
            await self.app(scope, receive_some, send_on)
        except TooLarge:
            if not started:
                await refuse(scope, receive, send, 413, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most `count` requests to paths that match, per client and minute."""

    path: re.Pattern[str]
    count: int
    text: str


RATES = (
    Rate(path=re.compile("/kglogin"), count=5, text="登录尝试过于频繁，请一分钟后再试。"),
    Rate(path=re.compile("/kgdata/upload.*"), count=30, text="上传过于频繁，请一分钟后再试。"),
    Rate(path=re.compile("/kgdata/.*"), count=60, text="下载过于频繁，请一分钟后再试。"),
    Rate(path=re.compile("/gradio_api/queue/join"), count=600, text="提问过于频繁，请稍等片刻再试。"),
    Rate(path=re.compile("/gradio_api/component_server/?"), count=1200, text="操作过于频繁，请稍等片刻再试。"),
)


class RateLimit:
    """Refuses clients that ask too often; a bucket per client and rate refills evenly over a minute."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        rates: tuple[Rate, ...] = RATES,
        clock: Callable[[], float] = time.monotonic,
        clients: int = 10_000,
        root: str = "",
    ) -> None:
        self.app = app
        self.root = root
        self.rates = rates
        self.clock = clock
        self.clients = clients
        self.buckets: OrderedDict[tuple[str, int], tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = path_of(scope, self.root)
            at = next((i for i, rate in enumerate(self.rates) if rate.path.fullmatch(path)), None)
            if at is not None and scope["method"] != "HEAD" and not self.take(client_of(scope), at):
                await refuse(scope, receive, send, 429, self.rates[at].text, retry_after="30")
                return
        await self.app(scope, receive, send)

    def take(self, client: str, at: int) -> bool:
        """Whether this client may ask once more."""
        count = self.rates[at].count
        now = self.clock()
        left, since = self.buckets.pop((client, at), (float(count), now))
        left = min(float(count), left + (now - since) * count / 60)
        granted = left >= 1
        self.buckets[client, at] = (left - 1 if granted else left, now)
        while len(self.buckets) > self.clients:
            self.buckets.popitem(last=False)
        return granted


def client_of(scope: Scope) -> str:
    """The client's address, as the server (or the proxy it trusts) says."""
    client = scope.get("client")
    return str(client[0]) if client else ""
