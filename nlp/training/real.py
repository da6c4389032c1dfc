"""Real texts beside the project, read where they lie: claims, notices, everyday talk (public domain and CC0), rated offers."""

import random
import re
from pathlib import Path

import msgspec
import orjson

from nlp.training.corpus import Example

DATA = Path(__file__).parents[3] / "shared" / "data"
_LABELS = {"scam_offer": "deceptive", "genuine_offer": "genuine", "other": "other", "crisis": "other"}
# The fact-checkers' and the press office's own words, which say who wrote and not what is offered (data README).
_LEAKS = re.compile(
    r"\s*(?:ผ่าน|ทาง|บน)?(?:เพจ|เพจเฟซบุ๊ก|เฟซบุ๊ก|บัญชีติ๊กต็อก|Facebook|TikTok)\s*(?:ชื่อ)?\s*[\"“][^\"”]*[\"”]"
    r"|ผ่านเพจ\S*|ผ่านเฟซบุ๊ก\S*|ข่าวดี!*|คารม\S*|เผย"
)


def read_development() -> list[Example]:
    """The labelled development texts; empty where the folder is absent."""
    return [
        Example(line["text"], _LABELS[line["kind"]], line["subtype"], "real", "development", number)
        for number, line in enumerate(_lines("offers_dev.jsonl"), start=1)
    ]


def read_rated() -> list[Example]:
    """Offers that two people of the hotline rated alike (`rootan labels export`); empty where there is no such file."""
    return [
        Example(line["text"], _LABELS[line["kind"]], line["subtype"], "real", "rated", number)
        for number, line in enumerate(_lines("rated_offers.jsonl"), start=1)
    ]


def read_everyday() -> list[str]:
    path = DATA / "everyday_messages.txt"
    return path.read_text("utf-8").splitlines() if path.is_file() else []


def read_government() -> list[str]:
    return [f"{item['title']}\n{item['text']}" for item in _lines("government_items.jsonl")]


def mask_leaks(example: Example) -> Example:
    return msgspec.structs.replace(example, text=_LEAKS.sub(" ", example.text).strip() or example.text)


def draw(texts: list[str], count: int, seed: int) -> list[str]:
    """A sample in a fixed order; the same seed draws the same."""
    return random.Random(seed).sample(texts, min(count, len(texts)))


def _lines(name: str) -> list[dict[str, str]]:
    path = DATA / name
    return [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.is_file() else []
