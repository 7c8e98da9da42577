"""The command line as people use it: results, Chinese failures, exit codes, an old snapshot left alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ui.cli import cli, main

SEEDS = Path(__file__).parent.parent / "seeds"
CITED = "沪发改财金〔2018〕18号"


@pytest.fixture
def run(seeds_snapshot: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a verb on the snapshot of the seeds: exit code, stdout, stderr."""

    def call(verb: str, *arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([verb, *arguments, "--snapshot", str(seeds_snapshot)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture(scope="module")
def small_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of one short text, without a model."""
    from search.pipeline import build

    folder = tmp_path_factory.mktemp("small")
    (folder / "甲.txt").write_text("依据财预〔2020〕10号。", encoding="utf-8")
    build([folder / "甲.txt"], folder / "快照", embedder=None)
    return folder / "快照"


def bare(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.model
@pytest.mark.parametrize(
    "written",
    [
        pytest.param("沪发改财金〔2018〕18号", id="as-it-should-be"),
        pytest.param("沪发改财金[2018]18号", id="square-brackets"),
        pytest.param("沪发改财金〔２０１８〕１８号", id="full-width-digits"),
        pytest.param("沪发改财金2018年18号", id="no-brackets"),
        pytest.param("《关于优化完善虹桥商务区运行管理体制机制的有关建议》", id="its-title"),
    ],
)
def test_ask_lists_exactly_the_projects_that_cite_a_document(
    run: Callable[..., tuple[int, str, str]], written: str
) -> None:
    code, out, _ = run("ask", f"哪些项目引用了{written}？", "--json")
    answer = json.loads(out)
    assert code == 0
    assert {(item["name"], item["year"]) for item in answer["items"]} == {
        ("虹桥商务区计划和财务管理工作专项", 2020),
        ("虹桥商务区企业指导和服务工作专项", 2020),
        ("虹桥商务区政策咨询和研究工作专项", 2020),
    }
    assert answer["complete"] is True
    assert all(item["sources"] for item in answer["items"])
    assert "沪发改改金〔2018〕18号" in out


@pytest.mark.model
def test_ask_prints_reading_answer_and_proof(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("ask", f"哪些项目引用了{CITED}？")
    assert code == 0
    assert out.startswith("理解为")
    assert "共3个" in out
    assert out.count("〔000_") >= 3


@pytest.mark.model
def test_batch_answers_line_by_line_and_survives_bad_questions(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    asked = ["2024年有多少个项目？", "", "？" * 9000, "'; DROP TABLE x; --", "帮我写一首诗"]
    batch = tmp_path / "问题.jsonl"
    batch.write_text("".join(json.dumps({"question": q}) + "\n" for q in asked), encoding="utf-8")
    code, out, _ = run("ask", "--batch", str(batch))
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [a["question"][:50] for a in answers] == [q[:50] for q in asked]
    assert (answers[0]["value"], answers[0]["unit"]) == (13, "个")
    assert all(not a["items"] and a["status"] != "answered" for a in answers[1:])


@pytest.mark.model
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(("ask", ""), 1, "问题", id="empty-question"),
        pytest.param(("ask", "预算" * 5000), 1, "500", id="long-question"),
        pytest.param(("ask",), 2, "缺少", id="no-question"),
        pytest.param(("explain", "policy:没有这个"), 1, "没有这个", id="unknown-id"),
        pytest.param(("export", "--format", "xml", "-o", "x"), 2, "graphml", id="unknown-format"),
    ],
)
def test_failures_are_said_in_chinese_with_their_exit_code(
    run: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...], code: int, said: str
) -> None:
    got, out, err = run(*arguments)
    assert (got, out) == (code, "")
    assert said in err
    assert "Traceback" not in err


@pytest.mark.model
def test_exports_can_be_read_back_as_the_same_graph(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for form, ending in (("jsonl", "jsonl"), ("nquads", "nq")):
        assert run("export", "--format", form, "-o", str(tmp_path / f"图谱.{ending}"))[0] == 0
        code, _, _ = bare(
            "import",
            str(tmp_path / f"图谱.{ending}"),
            "--format",
            "jsonl",
            "-o",
            str(tmp_path / f"{form}.again"),
            capsys=capsys,
        )
        assert code == 0

    def rows(path: Path) -> list[object]:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    assert rows(tmp_path / "jsonl.again") == rows(tmp_path / "图谱.jsonl")
    assert rows(tmp_path / "nquads.again") == rows(tmp_path / "图谱.jsonl")


@pytest.mark.model
def test_export_of_a_question_holds_its_answer_and_neighbours(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    code, _, err = run("export", "--format", "jsonl", "-o", str(tmp_path / "a.jsonl"), "--question", f"谁引用了{CITED}")
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert code == 0, err
    assert CITED in {row["properties"].get("number") for row in rows if row["kind"] == "node"}
    assert sum(row["kind"] == "edge" and row["type"] == "cites" for row in rows) >= 3


@pytest.mark.model
def test_check_verify_and_explain_speak(run: Callable[..., tuple[int, str, str]]) -> None:
    assert "完好" in run("verify")[1]
    assert "沪发改改金" in run("check")[1]
    assert "误印" in run("explain", CITED)[1]
    assert all(finding["sources"] for finding in json.loads(run("check", "--json")[1]) if finding["entity"])


@pytest.mark.parametrize(
    ("content", "name"),
    [(None, "没有.txt"), (b"", "空.txt"), (b"\x00\x01\x02" * 99, "乱.bin")],
    ids=["missing", "empty", "binary"],
)
@pytest.mark.model
def test_build_of_bad_input_names_it_and_leaves_the_old_snapshot(
    run: Callable[..., tuple[int, str, str]], seeds_snapshot: Path, tmp_path: Path, content: bytes | None, name: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    before = (seeds_snapshot / "CURRENT").read_bytes()
    code, out, err = run("build", str(path))
    assert (code, out) == (1, "")
    assert name in err
    assert (seeds_snapshot / "CURRENT").read_bytes() == before


def test_cite_prints_one_line_for_each_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = tmp_path / "t.jsonl"
    lines.write_text('{"text": "根据财预〔2020〕10号"}\n\n{"text": "没有引用"}\n', encoding="utf-8")
    code, out, _ = bare("cite", "--jsonl", str(lines), capsys=capsys)
    found = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [[c["number"] for c in line["citations"]] for line in found] == [["财预〔2020〕10号"], []]


def test_cite_lists_a_document_once(capsys: pytest.CaptureFixture[str]) -> None:
    text = "依据财预〔2020〕10号；《项目支出绩效评价管理办法》（财预〔2020〕10号）第三条；财预[2020]10号"
    _, out, _ = bare("cite", text, capsys=capsys)
    assert [(c["title"], c["number"]) for c in json.loads(out)["citations"]] == [
        ("项目支出绩效评价管理办法", "财预〔2020〕10号")
    ]


@pytest.mark.parametrize("verb", [("cite", "--jsonl"), ("ask", "--batch"), ("eval",)], ids=["cite", "ask", "eval"])
@pytest.mark.parametrize(
    "line",
    ["{", "x", '{"x": 1}', "[]", '{"text": 5, "question": 5}', "[" * 100_000, '{"text": %s}' % ("1" * 5_000)],
    ids=["broken", "no-json", "other-key", "no-object", "no-text", "nested", "long-number"],
)
def test_a_bad_line_is_named_before_anything_is_answered(
    small_snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], verb: tuple[str, ...], line: str
) -> None:
    good = '{"text": "无", "question": "有多少个项目？"}'
    (tmp_path / "t.jsonl").write_text(f"{good}\n\n{line}\n{good}\n", encoding="utf-8")
    place = () if verb[0] == "cite" else ("--snapshot", str(small_snapshot))
    code, out, err = bare(*verb, str(tmp_path / "t.jsonl"), *place, capsys=capsys)
    assert (code, out) == (1, "")
    assert "t.jsonl 第 3 行" in err


@pytest.mark.parametrize("name", ["没有.jsonl", "."], ids=["missing", "folder"])
def test_files_that_cannot_be_read_are_said_in_chinese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    _, _, err = bare("cite", "--jsonl", str(tmp_path / name), capsys=capsys)
    assert "：没有这个文件或文件夹" in err or "：这是文件夹，不是文件" in err
    folder = tmp_path / "夹.nq"
    folder.mkdir()
    code, _, err = bare("import", str(folder), "--format", "csv", "-o", str(tmp_path / "x"), capsys=capsys)
    assert code == 1
    assert "：这是文件夹，不是文件" in err


def test_files_that_cannot_be_written_are_said_in_chinese(
    small_snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "夹").mkdir()
    (tmp_path / "文件").write_bytes(b"")
    for place, why in (
        ("夹", "这是文件夹，不是文件"),
        ("文件/图谱.jsonl", "已有同名文件"),
        ("文件/下/图谱.jsonl", "路径中间"),
    ):
        arguments = ("export", "--format", "jsonl", "-o", str(tmp_path / place), "--snapshot", str(small_snapshot))
        code, _, err = bare(*arguments, capsys=capsys)
        assert code == 1
        assert why in err


def test_an_empty_dump_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "空.jsonl").write_bytes(b"")
    code, _, err = bare(
        "import", str(tmp_path / "空.jsonl"), "--format", "csv", "-o", str(tmp_path / "x"), capsys=capsys
    )
    assert code == 1
    assert "没有本程序的实体" in err
    assert not (tmp_path / "x").exists()


def test_an_answer_without_entities_is_said_in_one_sentence_each(
    small_snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--format", "csv", "-o", str(tmp_path / "x"), "--snapshot", str(small_snapshot))
    code, _, err = bare("export", "--question", "帮我写一首诗", *arguments, capsys=capsys)
    assert code == 1
    assert "没有可导出的实体" in err
    assert "。。" not in err


def test_verbs_that_report_speak_json(small_snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ("--snapshot", str(small_snapshot))
    verified = json.loads(bare("verify", "--json", *place, capsys=capsys)[1])
    assert verified["snapshot"] == (small_snapshot / "CURRENT").read_text(encoding="utf-8").strip()
    assert verified["entities"] > 0
    assert set(verified) == {"snapshot", "files", "entities", "edges", "claims", "quotes"}
    settings = json.loads(bare("config", "--json", capsys=capsys)[1])
    assert settings["port"] == 7860


def test_rollback_speaks_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from graph.snapshot import find_snapshot
    from search.pipeline import build

    for text in ("依据财预〔2020〕10号。", "依据财预〔2020〕11号。"):
        (tmp_path / "甲.txt").write_text(text, encoding="utf-8")
        build([tmp_path / "甲.txt"], tmp_path / "快照", embedder=None)
    _, out, _ = bare("rollback", "--json", "--snapshot", str(tmp_path / "快照"), capsys=capsys)
    assert json.loads(out) == {"snapshot": find_snapshot(tmp_path / "快照").name}


def test_no_snapshot_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = bare("ask", "有多少项目", "--snapshot", str(tmp_path / "无"), capsys=capsys)
    assert code == 1
    assert "jixiao build" in err


def test_help_pages_hold_no_english_words(capsys: pytest.CaptureFixture[str]) -> None:
    english = r"(?i)\b(?:usage|options?|show|commands?|arguments?|default|required|range)\b|<="
    for verb in ([], *([name] for name in cli.commands)):
        code, out, _ = bare(*verb, "--help", capsys=capsys)
        assert code == 0
        assert "用法" in out
        assert not re.search(english, out), out


def test_help_and_exact_questions_load_nothing_heavy(seeds_snapshot: Path) -> None:
    probe = (
        "import sys\nfrom ui.cli import main\ncode = main(sys.argv[1:])\n"
        "heavy = {'torch', 'faiss', 'gradio', 'sentence_transformers', 'transformers'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else code)"
    )
    for arguments in (["--help"], ["ask", f"哪些项目引用了{CITED}？", "--snapshot", str(seeds_snapshot)]):
        done = subprocess.run(
            [sys.executable, "-c", probe, *arguments], capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr


def test_config_prints_every_setting_and_no_password(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIXIAO_USERNAME", "审核员")
    monkeypatch.setenv("JIXIAO_PASSWORD", "geheim")
    monkeypatch.setenv("JIXIAO_PORT", "7999")
    code, out, _ = bare("config", capsys=capsys)
    assert code == 0
    assert "port = 7999" in out
    assert "geheim" not in out


def test_a_wrong_setting_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_PORT", "many")
    code, _, err = bare("config", capsys=capsys)
    assert code == 1
    assert "port" in err


def test_build_without_paths_keeps_what_the_page_added(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from graph.snapshot import find_snapshot
    from search.pipeline import build
    from ui.settings import load_settings
    from ui.source_folder import SourceFolder
    from ui.verbs_build import usual_paths

    inputs, snapshot = tmp_path / "文件", tmp_path / "快照"
    inputs.mkdir()
    (inputs / "甲.txt").write_text("依据财预〔2020〕10号。", encoding="utf-8")
    build([inputs], snapshot, embedder=None)
    settings = load_settings(snapshot=snapshot, inputs=inputs)
    assert usual_paths(settings) == (inputs,)
    folder = SourceFolder(snapshot, inputs)
    folder.gather(find_snapshot(snapshot).name, {})
    assert usual_paths(settings) == (folder.path,)
    assert "网页上增减过的来源" in capsys.readouterr().err
