"""One process on one port: FastAPI around the Gradio page, with the doors that are open and no others."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from ui.bundling import ASSETS
from ui.service import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

# Gradio and the hub client read these when they are imported; left alone, both call home.
OFFLINE: Mapping[str, str] = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
}
FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """How the interface is served."""

    host: str = "127.0.0.1"
    port: int = 7860
    allowed_hosts: tuple[str, ...] = ()
    root_path: str = ""
    max_upload: int = 50 << 20


def build_app(workspace: Workspace, options: ServerOptions) -> FastAPI:
    """The application, ready for uvicorn."""
    os.environ.update(OFFLINE)
    import gradio as gr  # noqa: PLC0415 (2 s and only after the environment is set)

    from ui.web import HEAD, build_page  # noqa: PLC0415 (imports gradio)

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, root_path=options.root_path)
    app.mount("/kgstatic", StaticFiles(directory=ASSETS), name="kgstatic")
    page = build_page(workspace)
    page.queue(default_concurrency_limit=4, max_size=64, api_open=False)
    font = [gr.themes.Font(name) for name in FONTS]
    theme = gr.themes.Default(font=font, font_mono=font, primary_hue="blue", neutral_hue="slate")
    return gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size="1kb",
        allowed_paths=[],
        theme=theme,
        head=HEAD,
    )
