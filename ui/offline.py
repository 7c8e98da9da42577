"""What keeps Gradio and the hub client from calling home. Only writes the environment, before either is imported."""

from __future__ import annotations

import os
from collections.abc import Mapping

# Gradio and the hub client read these once, when they are imported; left alone, both call home.
OFFLINE: Mapping[str, str] = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SHARE": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
}


def go_offline() -> None:
    """Set the switches for this process and those that it starts."""
    os.environ.update(OFFLINE)
