"""Rates over the development texts: loose floors, so that a rule that goes wrong shows."""

import json
from pathlib import Path

import pytest

from nlp.judgement import judge

DATA = Path(__file__).parents[2] / "../shared/data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the folder of development texts (../shared/data) is absent"
)


def offers(kind: str) -> list[str]:
    rows = map(json.loads, (DATA / "offers_dev.jsonl").read_text("utf-8").splitlines())
    return [row["text"] for row in rows if row["kind"] == kind]


def share(texts: list[str], bands: set[str]) -> float:
    return sum(judge(text).band in bands for text in texts) / len(texts)


def test_most_deceptive_offers_are_warned_of() -> None:
    assert share(offers("scam_offer"), {"danger", "caution"}) >= 0.9


def test_genuine_offers_and_other_texts_are_hardly_ever_warned_of() -> None:
    assert share(offers("genuine_offer"), {"danger", "caution"}) <= 0.05
    assert share(offers("other"), {"danger", "caution"}) <= 0.05


def test_everyday_messages_hardly_ever_raise_an_alarm() -> None:
    texts = (DATA / "everyday_messages.txt").read_text("utf-8").splitlines()[::10]
    judgements = [judge(text) for text in texts]
    assert sum(judgement.crisis.level != "none" for judgement in judgements) <= len(texts) * 0.05
    assert sum(judgement.band in {"danger", "caution"} for judgement in judgements) <= len(texts) * 0.04


def test_government_news_hardly_ever_raises_an_alarm() -> None:
    rows = list(map(json.loads, (DATA / "government_items.jsonl").read_text("utf-8").splitlines()))[::4]
    judgements = [judge(row["title"] + "\n" + row["text"]) for row in rows]
    assert sum(judgement.crisis.level != "none" for judgement in judgements) <= len(rows) * 0.02
    assert sum(judgement.band in {"danger", "caution"} for judgement in judgements) <= len(rows) * 0.02
