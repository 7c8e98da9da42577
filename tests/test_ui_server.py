"""Guards in front of the page: hosts, origins, doors, sizes, rates, headers, login. And what the routes hand out."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.guards import BodyLimit, KnownHosts, OpenDoors, Rate, RateLimit, SecurityHeaders
from ui.login import COOKIE, PasswordGate
from ui.server import ServerOptions, address_of, check_address, guard, server_config

pytestmark = pytest.mark.filterwarnings("default")


async def answer(request):
    body = await request.body()
    return PlainTextResponse(f"{request.url.path} {len(body)}")


def client(wrap, **options):
    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    return TestClient(wrap(app, **options), base_url="http://127.0.0.1:7860", follow_redirects=False)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:7860", "localhost:99", "LOCALHOST", "[::1]:7860", "kg.example.cn"]
)
def test_known_hosts_are_served(host):
    got = client(KnownHosts, hosts=("127.0.0.1", "localhost", "::1", "kg.example.cn")).get("/", headers={"host": host})
    assert got.status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil:7860", "kg.example.cn@evil", "["]
)
def test_strange_hosts_are_refused(host):
    got = client(KnownHosts, hosts=("127.0.0.1", "localhost")).get("/", headers={"host": host})
    assert got.status_code == 400
    assert "主机名" in got.text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1.evil.example", "file://"])
def test_writes_from_other_sites_are_refused(origin):
    served = client(KnownHosts, hosts=("127.0.0.1",))
    assert served.post("/kgdata/upload", headers={"origin": origin}).status_code == 403
    assert served.post("/kgdata/upload", headers={"origin": "http://127.0.0.1:7860"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/config",
        "/theme.css",
        "/assets/index-abc_1.js",
        "/gradio_api/queue/join",
        "/gradio_api/component_server",
        "/gradio_api/heartbeat/abc123",
        "/kgstatic/src/page.js",
        "/kgdata/export/gexf",
    ],
)
def test_doors_of_the_page_are_open(path):
    assert client(OpenDoors).get(path).status_code == 200


CLOSED = (
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/file=../../etc/passwd",
    "/gradio_api/file%3D/etc/passwd",
    "/gradio_api/file/etc/passwd",
    "/file=/etc/passwd",
    "/gradio_api/proxy=http://127.0.0.1:1/",
    "/proxy=http://127.0.0.1:1/",
    "/gradio_api/upload",
    "/upload",
    "/gradio_api/upload_progress",
    "/gradio_api/stream/x",
    "/gradio_api/call/ask",
    "/gradio_api/run/predict",
    "/run/predict",
    "/api/predict",
    "/gradio_api/info",
    "/gradio_api/api_info",
    "/gradio_api/openapi.json",
    "/openapi.json",
    "/docs",
    "/redoc",
    "/monitoring",
    "/gradio_api/monitoring/summary",
    "/gradio_api/mcp/",
    "/gradio_api/deep_link",
    "/gradio_api/process_recording",
    "/gradio_api/dev/reload",
    "/gradio_api/vibe-edit",
    "/login",
    "/logout",
    "/token",
    "/user",
    "/custom_component/x",
    "/kgstatic/package.json",
    "/kgstatic/node_modules/cytoscape/package.json",
    "/kgstatic/src/../package.json",
    "/kgstatic/src/%2e%2e/package.json",
    "/assets/../../../etc/passwd",
    "/static/%2e%2e/%2e%2e/etc/passwd",
    "/.jixiao/CURRENT",
    "/gradio_api/startup-events/x",
)


@pytest.mark.parametrize("path", CLOSED)
def test_every_other_door_is_shut(path):
    assert client(OpenDoors).get(path).status_code == 404


def test_doors_under_a_sub_path():
    served = client(OpenDoors, root="/kg")
    assert served.get("/kg/config").status_code == 200
    assert served.get("/config").status_code == 200  # a proxy that cuts the prefix off
    assert served.get("/kg/docs").status_code == 404
    assert served.get("/kgdocs").status_code == 404


def test_body_limit_counts_what_is_announced_and_what_comes():
    served = client(BodyLimit, limit=10, uploads=100)
    assert served.post("/a", content=b"x" * 10).status_code == 200
    assert served.post("/a", content=b"x" * 11).status_code == 413
    assert served.post("/a", content=(b"x" * 4 for _ in range(5))).status_code == 413
    assert served.post("/kgdata/upload", content=b"x" * 100).status_code == 200
    assert served.post("/kgdata/upload", content=b"x" * 101).status_code == 413
    assert served.post("/a", headers={"content-length": "-5"}).status_code == 413


def test_rate_limit_refills_with_time():
    now = [0.0]
    rates = (Rate(path=re.compile("/kglogin"), count=5, text="太频繁"),)
    served = client(RateLimit, rates=rates, clock=lambda: now[0])
    assert [served.post("/kglogin").status_code for _ in range(7)] == [200] * 5 + [429] * 2
    assert served.get("/").status_code == 200
    now[0] = 12.0
    assert [served.post("/kglogin").status_code for _ in range(2)] == [200, 429]


def test_rate_limit_forgets_old_clients_rather_than_growing():
    limit = RateLimit(
        lambda *_: None, rates=(Rate(path=re.compile("/"), count=1, text=""),), clock=lambda: 0.0, clients=3
    )
    for i in range(10):
        limit.take(f"10.0.0.{i}", 0)
    assert len(limit.buckets) == 3


def test_headers_stand_on_every_answer_refusals_too():
    served = client(lambda app: SecurityHeaders(KnownHosts(app, hosts=("127.0.0.1",))))
    for got in (served.get("/"), served.get("/", headers={"host": "evil"})):
        assert "frame-ancestors 'none'" in got.headers["content-security-policy"]
        assert "default-src 'self'" in got.headers["content-security-policy"]
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["referrer-policy"] == "same-origin"


class TestLogin:
    def gate(self, **options):
        return client(PasswordGate, username="张三", password="道路-7", **options)

    @pytest.mark.parametrize(
        "path", ["/", "/config", "/kgdata/snapshot.zip", "/gradio_api/queue/join", "/kgstatic/src/page.js"]
    )
    @pytest.mark.parametrize(
        "cookie",
        ["", f"{COOKIE}=1", f"{COOKIE}=99999999999.abc", f"{COOKIE}=²³.x", "x=\x01", f"{COOKIE}=" + "9" * 400],
        ids=["none", "no-dot", "forged", "odd-digits", "control", "long"],
    )
    def test_nothing_is_served_without_a_good_cookie(self, path, cookie):
        got = self.gate().get(path, headers={"cookie": cookie.encode()} if cookie else {})
        assert got.status_code == 401
        assert "登录" in got.text

    def test_right_words_open_and_lead_back_to_the_question(self):
        served = self.gate()
        form = served.get("/?q=%E4%BD%A0")
        assert 'name="next" value="/?q=%E4%BD%A0"' in form.text
        got = served.post("/kglogin", data={"username": "张三", "password": "道路-7", "next": "/?q=%E4%BD%A0"})
        assert (got.status_code, got.headers["location"]) == (303, "/?q=%E4%BD%A0")
        assert "httponly" in got.headers["set-cookie"].lower()
        assert served.get("/config").status_code == 200
        served.get("/kglogout")
        assert served.get("/config").status_code == 401

    @pytest.mark.parametrize(
        "form",
        [
            {"username": "张三", "password": "道路-8"},
            {"username": "李四", "password": "道路-7"},
            {"username": "", "password": ""},
            {},
            {"username": "张三", "password": "x" * 10_000},
        ],
    )
    def test_wrong_words_do_not(self, form):
        got = self.gate().post("/kglogin", data=form)
        assert got.status_code == 401
        assert "set-cookie" not in got.headers

    @pytest.mark.parametrize(
        "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
    )
    def test_login_never_leads_elsewhere(self, target):
        got = self.gate().post("/kglogin", data={"username": "张三", "password": "道路-7", "next": target})
        assert got.headers["location"] == "/"

    def test_guessing_is_slowed_down(self):
        options = ServerOptions(username="张三", password="道路-7")
        app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
        served = TestClient(guard(app, options), base_url="http://127.0.0.1:7860")
        codes = [served.post("/kglogin", data={"username": "张三", "password": str(i)}).status_code for i in range(40)]
        assert codes == [401] * 5 + [429] * 35

    @pytest.mark.parametrize(
        ("trusted", "refused"),
        [((), 3), (("127.0.0.1",), 0), (("10.0.0.9",), 3)],
        ids=["nobody", "the-proxy", "another-proxy"],
    )
    def test_clients_name_another_address_only_through_a_trusted_proxy(self, trusted, refused):
        options = ServerOptions(username="张三", password="道路-7", trusted_proxies=trusted)
        app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
        config = server_config(guard(app, options), options)
        config.load()
        served = TestClient(config.loaded_app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 50_000))
        words = {"username": "张三", "password": "?"}
        codes = [
            served.post("/kglogin", data=words, headers={"x-forwarded-for": f"192.0.2.{i}"}).status_code
            for i in range(8)
        ]
        assert codes.count(429) == refused

    def test_cookies_of_other_programs_do_no_harm(self):
        served = self.gate()
        got = served.post("/kglogin", data={"username": "张三", "password": "道路-7"})
        ours = got.headers["set-cookie"].partition(";")[0]
        for foreign in ('prefs={"a":1}', "x", "a,b=[1]", "=", "甲=乙"):
            for line in (f"{foreign}; {ours}", f"{ours}; {foreign}"):
                known = self.gate().get("/config", headers={"cookie": line.encode()})
                assert known.status_code == 200, line

    def test_cookie_ends_with_time(self):
        now = [1000.0]
        served = self.gate(clock=lambda: now[0])
        served.post("/kglogin", data={"username": "张三", "password": "道路-7"})
        assert served.get("/").status_code == 200
        now[0] += 13 * 3600
        assert served.get("/").status_code == 401

    def test_target_is_escaped_in_the_form(self):
        assert "<script" not in self.gate().get('/?q="><script>alert(1)</script>').text


@pytest.fixture(scope="module")
def served_page(sample, tmp_path_factory):
    """The real application behind its guards, without a browser."""
    from ui.server import build_app

    folder = tmp_path_factory.mktemp("snapshot") / "000001-ab"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    (folder / "index").mkdir()
    (folder / "index" / "vectors.npy").write_bytes(b"\0" * 200_000)
    knowledge = sample.make_knowledge(folder=folder)
    options = ServerOptions(max_upload=1 << 20)
    app = guard(build_app(sample.workspace(knowledge), options), options)
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        yield client


def test_page_is_served_in_chinese_with_headers(served_page):
    got = served_page.get("/")
    assert got.status_code == 200
    assert "绩效图谱" in got.text
    assert "x-frame-options" in got.headers


def test_gradio_publishes_no_endpoint(served_page):
    config = served_page.get("/config").json()
    public = [d["api_name"] for d in config["dependencies"] if d.get("api_visibility") == "public"]
    assert public == []


@pytest.mark.parametrize("path", CLOSED)
def test_the_whole_application_keeps_its_doors_shut(served_page, path):
    assert served_page.get(path).status_code == 404


def test_answer_csv(served_page):
    got = served_page.get("/kgdata/answer.csv", params={"q": "预算合计"})
    assert got.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"), newline="")))
    assert rows[1] == ["1", "道路养护", "2021", "120.05", "1 处"]
    assert ["问题", "预算合计"] in rows


def test_answer_csv_without_question_or_with_a_bad_one(served_page):
    assert served_page.get("/kgdata/answer.csv").status_code == 400
    refused = served_page.get("/kgdata/answer.csv", params={"q": "长" * 501})
    assert (refused.status_code, "500 字" in refused.text) == (400, True)


@pytest.mark.parametrize(
    ("scope", "nodes"),
    [({}, 7), ({"q": "谁引用"}, 3), ({"id": "project:road"}, 6), ({"id": "project:none"}, 0)],
    ids=["all", "answer", "entity", "stranger"],
)
def test_export_of_each_scope(served_page, scope, nodes):
    got = served_page.get("/kgdata/export/jsonl", params=scope)
    lines = [json.loads(line) for line in got.text.splitlines()]
    assert sum(line["kind"] == "node" for line in lines) == nodes


def test_export_of_an_unknown_format(served_page):
    assert served_page.get("/kgdata/export/exe").status_code == 404


def test_word_report_holds_text_table_and_proof(served_page):
    from docx import Document

    assert served_page.get("/kgdata/export/docx").status_code == 400
    got = served_page.get("/kgdata/export/docx", params={"q": "预算合计"})
    doc = Document(io.BytesIO(got.content))
    text = "\n".join(p.text for p in doc.paragraphs)
    assert "128.65 万元（1,286,500 元）" in text
    assert "“1,200,500.00”" in text
    assert [c.text for c in doc.tables[0].rows[1].cells][:3] == ["1", "道路养护", "2021"]


@pytest.mark.parametrize(
    "name", ["budgets-by-year", "budgets-by-unit", "execution-rates", "most-cited", "doubts-by-document"]
)
def test_overview_tables_as_csv(served_page, name):
    assert served_page.get(f"/kgdata/overview/{name}.csv").content.startswith("\ufeff".encode())
    assert served_page.get(f"/kgdata/overview/{name}x.csv").status_code == 404


def test_snapshot_as_zip(served_page):
    got = served_page.get("/kgdata/snapshot.zip")
    with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["000001-ab/index/vectors.npy", "000001-ab/manifest.json"]


def test_upload_needs_a_name_and_keeps_to_the_limit(served_page):
    name = {"x-filename": "%E7%94%B2.txt"}
    assert served_page.post("/kgdata/upload", content=b"x").status_code == 400
    assert served_page.post("/kgdata/upload", content=b"x", headers=name).text == "已收到 甲.txt"
    assert served_page.post("/kgdata/upload", content=b"x" * (2 << 20), headers=name).status_code == 413
    assert served_page.post("/kgdata/upload", content=b"x", headers=name | {"origin": "http://evil"}).status_code == 403


def test_read_only_service_takes_no_upload(sample):
    from fastapi import FastAPI

    from ui.routes import build_routes

    app = FastAPI()
    app.include_router(build_routes(sample.workspace(sample.make_knowledge(), read_only=True), today=lambda: ""))
    got = TestClient(app).post("/kgdata/upload", content=b"x", headers={"x-filename": "a.txt"})
    assert (got.status_code, got.text) == (403, "本服务是只读的，不能添加文件。")


def test_taken_port_is_said_in_chinese():
    import socket

    from ui.errors import AddressInUse

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(AddressInUse, match=r"已被别的程序占用.*--port"):
            check_address("127.0.0.1", other.getsockname()[1])


@pytest.mark.parametrize(
    ("host", "why"),
    [("192.0.2.1", "不是本机的地址"), ("没有这个主机.invalid", "认不出这个主机名")],
    ids=["foreign", "unknown"],
)
def test_addresses_that_are_not_ours_are_said_in_chinese(host, why):
    from ui.errors import AddressInUse

    with pytest.raises(AddressInUse, match=why):
        check_address(host, 7860)


@pytest.mark.parametrize(
    ("options", "address"),
    [
        ({}, "http://127.0.0.1:7860/"),
        ({"host": "0.0.0.0", "root_path": "/kg"}, "http://127.0.0.1:7860/kg/"),
        ({"host": "::1", "port": 80}, "http://[::1]:80/"),
    ],
)
def test_address_to_type(options, address):
    assert address_of(ServerOptions(**options)) == address
