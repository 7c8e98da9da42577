"""Settings as people give them: by flag, variable and file; what is wrong is named, what is set has an effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.snapshot import open_snapshot
from search.llm_planner import LanguageModelPlanner
from search.pipeline import build
from ui import opening, opening_workspace
from ui.errors import SettingsError
from ui.opening import model_sources, open_engine, open_planner
from ui.opening_workspace import open_workspace
from ui.settings import load_settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of its own, no variable of the hub."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    return tmp_path


def test_planner_is_off_unless_an_endpoint_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_planner(load_settings()) is None
    monkeypatch.setenv("JIXIAO_PLANNER_MODEL", "任意")
    monkeypatch.setenv("JIXIAO_PLANNER_KEY", "geheim")
    assert open_planner(load_settings()) is None
    monkeypatch.setenv("JIXIAO_PLANNER_URL", "http://127.0.0.1:9/v1")
    planner = open_planner(load_settings())
    assert planner == LanguageModelPlanner(endpoint="http://127.0.0.1:9/v1", model="任意", key="geheim")


@pytest.mark.parametrize("way", ["command", "page"])
def test_planner_of_the_settings_is_asked_where_the_parser_gives_up(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    (elsewhere / "甲.txt").write_text("依据财预〔2020〕10号。", encoding="utf-8")
    build([elsewhere / "甲.txt"], elsewhere / "快照", embedder=None)
    asked: list[str] = []

    class Stub:
        def write_plan(self, question, names, store):
            asked.append(question.text)

    for module in (opening, opening_workspace):
        monkeypatch.setattr(module, "open_planner", lambda _: Stub())
    settings = load_settings(snapshot=elsewhere / "快照")
    if way == "command":
        engine = open_engine(settings, open_snapshot(settings.snapshot), notify=print)
    else:
        engine = open_workspace(settings, notify=print).current()
    engine.ask("哪些项目的群众口碑最好？")
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("variables", "file", "endpoint"),
    [
        pytest.param({}, "", "https://huggingface.co", id="none"),
        pytest.param({"HF_ENDPOINT": "https://mirror.example"}, "", "https://mirror.example", id="hf"),
        pytest.param({"HF_ENDPOINT": ""}, "", "https://huggingface.co", id="hf-empty"),
        pytest.param(
            {"HF_ENDPOINT": "https://hf.example", "JIXIAO_HUB_ENDPOINT": "https://own.example"},
            "",
            "https://own.example",
            id="own-variable-first",
        ),
        pytest.param(
            {"HF_ENDPOINT": "https://hf.example"},
            'hub_endpoint = "https://file.example"',
            "https://file.example",
            id="file-first",
        ),
    ],
)
def test_hub_is_the_one_of_the_settings_then_of_hf_endpoint(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], file: str, endpoint: str
) -> None:
    (elsewhere / "jixiao.toml").write_text(file, encoding="utf-8")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert model_sources(load_settings()).hub_endpoint == endpoint


@pytest.mark.parametrize(
    "variables",
    [
        {"JIXIAO_PASSWORD": "geheim"},
        {"JIXIAO_USERNAME": "审核员"},
        {"JIXIAO_USERNAME": "审核员", "JIXIAO_PASSWORD": ""},
    ],
    ids=["password-alone", "name-alone", "empty-password"],
)
def test_half_a_login_is_refused(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="用户名和密码要同时设置") as caught:
        load_settings()
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("name", ["password", "planner_key"])
def test_secrets_in_the_file_are_refused(elsewhere: Path, name: str) -> None:
    (elsewhere / "jixiao.toml").write_text(f'username = "审核员"\n{name} = "geheim"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=f"JIXIAO_{name.upper()}") as caught:
        load_settings()
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("name", ["allowed_hosts", "trusted_proxies"])
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a.example", ("a.example",)),
        ("a.example, b.example，c.example,", ("a.example", "b.example", "c.example")),
        ('["a.example","b.example"]', ("a.example", "b.example")),
        ("", ()),
    ],
    ids=["one", "commas", "json", "empty"],
)
def test_lists_may_be_written_with_commas(
    monkeypatch: pytest.MonkeyPatch, name: str, written: str, read: tuple[str, ...]
) -> None:
    monkeypatch.setenv(f"JIXIAO_{name.upper()}", written)
    assert getattr(load_settings(), name) == read


@pytest.mark.parametrize("written", ["[", "[1]", "[[]]"])
def test_a_malformed_list_is_named(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("JIXIAO_ALLOWED_HOSTS", written)
    with pytest.raises(SettingsError, match="allowed_hosts"):
        load_settings()


def test_lists_in_the_file_are_lists(elsewhere: Path) -> None:
    (elsewhere / "jixiao.toml").write_text('allowed_hosts = ["a.example", "b.example"]', encoding="utf-8")
    assert load_settings().allowed_hosts == ("a.example", "b.example")
