"""The optional planner by language model, against a stub that obeys, lies, stalls and talks nonsense."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from search.engine import SearchEngine
from search.linking import Names
from search.llm_planner import MAX_REPLY, LanguageModelPlanner, find_candidates, instructions
from search.model import Answer, Status
from search.normalise import normalise_question
from tests.asked_city import STORE, id_of, text_of

QUESTION = "哪些项目的口碑与甲府发〔2019〕7号有渊源，预算不低于200万元"
PLAN = id_of("plan")
HONEST = {
    "steps": [
        {"do": "select", "kind": "Project"},
        {
            "do": "keep",
            "condition": {
                "is": "and",
                "parts": [
                    {"is": "has", "relation": "cites", "ids": [PLAN]},
                    {"is": "compare", "column": "project.budget", "op": "ge", "value": "2000000"},
                ],
            },
        },
        {"do": "show"},
    ]
}


@dataclass
class Stub:
    """What the endpoint will say, and what it was sent."""

    reply: bytes = b"{}"
    status: int = 200
    delay: float = 0.0
    drip: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def say(self, content: object, **rest: Any) -> None:
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        self.reply = json.dumps({"choices": [{"message": {"content": text}}], **rest}).encode()


@pytest.fixture
def stub() -> Iterator[Stub]:
    made = Stub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            made.headers.append(dict(self.headers))
            time.sleep(made.delay)
            try:
                self.send_response(made.status)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()
                if made.drip:
                    for _ in range(200):
                        self.wfile.write(b" ")
                        self.wfile.flush()
                        time.sleep(0.05)
                self.wfile.write(made.reply)
            except OSError:
                return  # the planner hung up

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def ask(stub: Stub, question: str = QUESTION, *, timeout: float = 5.0) -> Answer:
    planner = LanguageModelPlanner(endpoint=stub.url, model="任意", key="秘钥".encode().hex(), timeout=timeout)
    return SearchEngine(STORE, text_of=text_of, planner=planner).ask(question)


def test_a_plan_that_keeps_to_the_rules_is_executed_on_the_graph(stub: Stub) -> None:
    stub.say(HONEST)
    answer = ask(stub)
    assert answer.status is Status.ANSWERED
    assert [(item.name, item.year) for item in answer.items] == [("甲市河道疏浚工程专项", 2021)]
    assert any("语言模型" in caveat for caveat in answer.caveats)
    assert "引用了《甲市水系规划》" in answer.interpretation


def test_fences_around_the_json_do_no_harm(stub: Stub) -> None:
    stub.say(f"好的：\n```json\n{json.dumps(HONEST)}\n```")
    assert ask(stub).status is Status.ANSWERED


def test_the_model_sees_schema_columns_and_candidates_and_nothing_else(stub: Stub) -> None:
    stub.say(HONEST)
    ask(stub)
    (sent,) = stub.asked
    system, user = (message["content"] for message in sent["messages"])
    assert str(PLAN) in system and "project.budget" in system and "口碑" in user
    assert sent["temperature"] == 0
    assert stub.headers[0]["Authorization"].startswith("Bearer ")


def test_understood_questions_never_reach_the_model(stub: Stub) -> None:
    stub.say(HONEST)
    assert ask(stub, "2021年有哪些项目").total == 3
    assert ask(stub, "帮我写一首诗").status is Status.UNANSWERABLE
    assert ask(stub, "哪些项目引用了丙府发〔2011〕3号").status is Status.NO_MATCH
    assert stub.asked == []


def with_value(column: str, op: str, value: str) -> dict[str, Any]:
    return {
        "steps": [
            {"do": "select", "kind": "Project"},
            {"do": "keep", "condition": {"is": "compare", "column": column, "op": op, "value": value}},
        ]
    }


@pytest.mark.parametrize(
    "lie",
    [
        {"answer": "共有三个项目"},
        {"steps": [{"do": "say", "text": "共有三个项目"}]},
        {"steps": []},
        with_value("project.budget", "ge", "3000000"),
        with_value("project.total_score", "eq", "100"),
        with_value("project.name", "contains", "火星"),
        with_value("project.category", "eq", "秘密项目"),
        with_value("project.end_date", "le", "2020-01-01"),
        {"steps": [{"do": "pick", "kind": "Project", "ids": ["project:000000000000"]}]},
        {"steps": [{"do": "topic", "kind": "Project", "text": "火星基地"}]},
        {"steps": [{"do": "select", "kind": "Project"}, {"do": "rank", "column": "project.budget", "last": 9}]},
        {"steps": [{"do": "paths", "starts": [str(PLAN)], "ends": ["unit:ffffffffffff"]}]},
        {"steps": [{"do": "keep", "condition": {"is": "reached", "outcome": "missed"}}]},
        {
            "steps": [
                {
                    "do": "contrast",
                    "how": "share",
                    "parts": [{"label": "甲", "steps": with_value("project.year", "eq", "1999")["steps"]}] * 2,
                }
            ]
        },
    ],
)
def test_lies_are_refused_as_if_there_were_no_model(stub: Stub, lie: object) -> None:
    stub.say(lie)
    answer = ask(stub)
    assert answer.status is Status.UNANSWERABLE and answer.items == ()
    assert len(stub.asked) == 1


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"\xff\xfe\x00garbage",
        b"<html>502</html>",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b'{"choices": [{"message": {"content": "not json"}}]}',
        b'{"choices": [{"message": {"content": "{\\"steps\\": "}}]}',
        b"[" * 20_000,
        b" " * (MAX_REPLY + 10),
    ],
    ids=["empty", "bytes", "html", "no-choice", "number", "prose", "cut", "nested", "long"],
)
def test_garbage_is_refused(stub: Stub, reply: bytes) -> None:
    stub.reply = reply
    assert ask(stub).status is Status.UNANSWERABLE


@pytest.mark.parametrize("status", [301, 401, 429, 500])
def test_other_replies_than_ok_are_refused_and_redirects_not_followed(stub: Stub, status: int) -> None:
    stub.say(HONEST)
    stub.status = status
    assert ask(stub).status is Status.UNANSWERABLE
    assert len(stub.asked) == 1


@pytest.mark.parametrize("drip", [False, True], ids=["stalls", "drips"])
def test_a_model_that_stalls_is_given_up(stub: Stub, drip: bool) -> None:
    stub.say(HONEST)
    stub.drip, stub.delay = drip, 0.0 if drip else 3.0
    started = time.monotonic()
    assert ask(stub, timeout=0.5).status is Status.UNANSWERABLE
    assert time.monotonic() - started < 8


def test_an_endpoint_that_is_not_there_is_refused() -> None:
    planner = LanguageModelPlanner(endpoint="http://127.0.0.1:9", model="x", timeout=1.0)
    assert SearchEngine(STORE, planner=planner).ask(QUESTION).status is Status.UNANSWERABLE


def test_find_candidates_holds_what_the_question_may_name() -> None:
    names = Names(STORE)
    shown = find_candidates(normalise_question(QUESTION), names)
    assert str(PLAN) in {identifier for _, identifier, _ in shown}
    assert str(PLAN) in instructions(shown)
