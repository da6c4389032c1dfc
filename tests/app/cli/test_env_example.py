"""`.env.example` lists every setting, and nothing that is none."""

import re
from pathlib import Path

from core.settings import Settings

EXAMPLE = Path(__file__).parents[3] / ".env.example"
# The demo alone sets it.
SET_BY_DEMO = {"ROOTAN_SIMULATOR_URL"}


def test_it_lists_all_settings() -> None:
    listed = set(re.findall(r"^#?(ROOTAN_[A-Z_]+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == {f"ROOTAN_{name.upper()}" for name in Settings.model_fields}
    assert listed >= SET_BY_DEMO
