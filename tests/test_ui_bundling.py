"""JavaScript of others: pinned by hash, from no named host, complete, and told about in the notices."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from ui import bundling
from ui.bundling import ASSETS, COPIES, fetch_assets, is_complete

LOCK = json.loads((ASSETS / "package-lock.json").read_text(encoding="utf-8"))
ROOT = Path(__file__).parent.parent


def test_lock_pins_every_package_by_hash_and_names_no_host():
    packages = {name: entry for name, entry in LOCK["packages"].items() if name}
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert "resolved" not in json.dumps(LOCK)
    assert "://" not in json.dumps(LOCK)


def test_manifest_asks_for_exact_versions():
    wanted = json.loads((ASSETS / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert {f"node_modules/{name}" for name in wanted} <= set(LOCK["packages"])


def test_what_the_page_loads_is_there_with_its_licence():
    assert is_complete()
    library = (ASSETS / "dist" / "cytoscape.min.js").read_text(encoding="utf-8")
    assert LOCK["packages"]["node_modules/cytoscape"]["version"] in library
    assert "Permission is hereby granted" in (ASSETS / "dist" / "cytoscape.LICENSE.txt").read_text(encoding="utf-8")


def test_notices_name_every_package_with_version_and_licence():
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    for name, entry in LOCK["packages"].items():
        if name:
            assert name.removeprefix("node_modules/") in notices
            assert entry["version"] in notices
            assert entry["license"] in notices


def test_another_lock_file_makes_the_assets_incomplete(tmp_path):
    dist = tmp_path / "dist"
    dist.mkdir()
    for _, target in COPIES:
        (dist / target).write_text("x", encoding="utf-8")
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    (dist / "package-lock.json").write_text("{}", encoding="utf-8")
    assert is_complete(tmp_path)
    (tmp_path / "package-lock.json").write_text('{"x": 1}', encoding="utf-8")
    assert not is_complete(tmp_path)


def test_fetch_copies_what_npm_installed(tmp_path, monkeypatch):
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    installed = tmp_path / "node_modules" / "cytoscape"
    script = (
        f"mkdir -p {installed}/dist && echo js > {installed}/dist/cytoscape.min.js && echo ok > {installed}/LICENSE"
    )
    monkeypatch.setattr(bundling, "npm_command", lambda: ["sh", "-c", script])
    fetch_assets(tmp_path)
    assert is_complete(tmp_path)


@pytest.mark.parametrize(
    ("npm", "said"), [([], "缺少 npm"), (["sh", "-c", "echo 没有网络 >&2; exit 1"], "没有网络")], ids=["none", "fails"]
)
def test_fetch_says_in_chinese_what_is_missing(tmp_path, monkeypatch, npm, said):
    monkeypatch.setattr(bundling, "npm_command", lambda: npm)
    with pytest.raises(RuntimeError, match=said):
        fetch_assets(tmp_path)


def test_own_scripts_write_no_markup_from_data():
    """innerHTML is set in few places, each from markup that ui/markup.py made."""
    allowed = {"page.js": 4, "network_tools.js": 2}
    for script in (ASSETS / "src").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert len(re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", text)) <= allowed.get(
            script.name, 0
        )
        assert not re.search(r"\beval\(|new Function|setTimeout\(\s*[\"'`]", text)
        assert not re.search(r"https?://(?!www\.w3\.org/)", text)


def test_integrity_is_a_whole_sha512():
    for name, entry in LOCK["packages"].items():
        if name:
            assert len(base64.b64decode(entry["integrity"].removeprefix("sha512-"))) == hashlib.sha512().digest_size
