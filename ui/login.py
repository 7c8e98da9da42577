"""Optional login with one user name and password: a page of our own, a signed cookie, nothing kept on the server."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from hashlib import scrypt, sha256
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.guards import path_of
from ui.markup import NOTHING, Html, element, join

COOKIE = "jixiao_session"
LIFETIME = 12 * 3600  # seconds
MAX_FORM = 4096
STYLE = Html(
    "body{font:16px/1.7 'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif;"
    "color:#1f2733;display:grid;"
    "place-items:center;min-height:90vh;margin:0}form{border:1px solid #d5dbe3;border-top:4px solid #1d4f91;"
    "border-radius:6px;padding:26px 34px;width:320px}h1{font-size:22px;color:#1d4f91;margin:0 0 12px}"
    "label{display:block;margin-top:10px}input{width:100%;box-sizing:border-box;font:inherit;padding:6px 10px;"
    "border:1px solid #b8c1cc;border-radius:4px}button{margin-top:18px;width:100%;font:inherit;"
    "font-weight:700;padding:8px;"
    "background:#1d4f91;color:#fff;border:0;border-radius:4px;cursor:pointer}p{color:#8a5a00;margin:10px 0 0}"
)


class PasswordGate:
    """Everything behind it needs a login. The signing key follows from the password: changing it ends all sessions."""

    def __init__(
        self, app: ASGIApp, *, username: str, password: str, root: str = "", clock: Callable[[], float] = time.time
    ) -> None:
        self.app = app
        self.username = username
        self.password = password
        self.clock = clock
        self.root = root
        self.key = scrypt(password.encode(), salt=sha256(username.encode()).digest(), n=2**14, r=8, p=1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        path = path_of(scope, self.root)
        if scope["type"] == "http" and path == "/kglogin" and scope["method"] == "POST":
            response = await self.log_in(scope, receive)
        elif path == "/kglogout":
            response = RedirectResponse(f"{self.root}/", status_code=303)
            response.delete_cookie(COOKIE, path=f"{self.root}/")
        elif self.is_known(Headers(scope=scope).get("cookie", "")):
            await self.app(scope, receive, send)
            return
        else:
            response = login_page(self.root, self.target_of(scope))
        await response(scope, receive, send)

    async def log_in(self, scope: Scope, receive: Receive) -> Response:
        """Check the form; both fields are always compared, so that time tells nothing about the name."""
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > MAX_FORM or not message.get("more_body"):
                break
        form = parse_qs(body[:MAX_FORM].decode("utf-8", "replace"), keep_blank_values=True)
        name, word = form.get("username", [""])[0], form.get("password", [""])[0]
        right_name = hmac.compare_digest(name.encode(), self.username.encode())
        right_word = hmac.compare_digest(word.encode(), self.password.encode())
        target = form.get("next", ["/"])[0]
        target = target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/"
        if not (right_name and right_word):
            return login_page(self.root, target, failed=True)
        response = RedirectResponse(target, status_code=303)
        response.set_cookie(
            COOKIE,
            self.sign(int(self.clock()) + LIFETIME),
            max_age=LIFETIME,
            path=f"{self.root}/",
            httponly=True,
            samesite="lax",
            secure=scope.get("scheme") == "https",
        )
        return response

    def target_of(self, scope: Scope) -> str:
        """Where to go after the login: the page that was asked for, with its question."""
        query = scope.get("query_string", b"").decode("latin-1")
        return self.root + quote(path_of(scope, self.root)) + (f"?{query}" if query else "")

    def sign(self, until: int) -> str:
        """A cookie value good until that second."""
        return f"{until}.{hmac.new(self.key, str(until).encode(), sha256).hexdigest()}"

    def is_known(self, cookies: str) -> bool:
        """Whether a request carries a cookie of ours that is still good."""
        # SimpleCookie would drop ours with a malformed one of another program on this host
        value = cookie_parser(cookies).get(COOKIE, "")
        until, _, _ = value.partition(".")
        if not (until.isascii() and until.isdecimal() and len(until) <= 12):
            return False
        return hmac.compare_digest(value.encode(), self.sign(int(until)).encode()) and int(until) > self.clock()


def login_page(root: str, target: str, *, failed: bool = False) -> HTMLResponse:
    """The form, with status 401; it leads to `target`."""
    form = element(
        "form",
        {"method": "post", "action": f"{root}/kglogin"},
        element("h1", {}, "绩效图谱"),
        element(
            "label", {}, "用户名", element("input", {"name": "username", "autocomplete": "username", "autofocus": ""})
        ),
        element(
            "label",
            {},
            "密码",
            element("input", {"name": "password", "type": "password", "autocomplete": "current-password"}),
        ),
        element("input", {"type": "hidden", "name": "next", "value": target}),
        element("button", {"type": "submit"}, "登录"),
        element("p", {"role": "alert"}, "用户名或密码不对，请重试。") if failed else NOTHING,
    )
    head = join([Html('<meta charset="utf-8">'), element("title", {}, "登录 · 绩效图谱"), element("style", {}, STYLE)])
    page = element("html", {"lang": "zh-CN"}, element("head", {}, head), element("body", {}, form))
    return HTMLResponse(f"<!doctype html>{page}", status_code=401, headers={"cache-control": "no-store"})
