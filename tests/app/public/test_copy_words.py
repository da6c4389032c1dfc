"""Every section and field of a personal copy has its words, in both languages."""

import re
from pathlib import Path

import pytest

from app.public.words import say

ROOT = Path(__file__).parents[3] / "bots" / "dispatch"


@pytest.mark.parametrize("language", ["th", "en"])
def test_whatever_campaigns_hold_is_named(language: str) -> None:
    written = (ROOT / "news_copy.py").read_text("utf-8")
    sections = ("told_campaigns", "lists", "campaign_answers", "campaigns")
    fields = set(re.findall(r'"([a-z]+)": ', written)) - set(sections)
    assert {"province", "name", "tag", "campaign", "question", "said", "right", "at"} <= fields
    for section in sections:
        assert say(language, f"mine.sections.{section}")
    for field in fields:
        assert say(language, f"mine.fields.{field}")
