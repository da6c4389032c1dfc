"""What a press on an answer of a campaign carries back: `g1:<campaign>:<question>:<choice>`, the campaign's id in 22
url-safe characters. Telegram takes 64 bytes of it, so that question and choice have 37 together.
"""

import base64
import re
from typing import NamedTuple
from uuid import UUID

PREFIX = "g1:"
MOST_BYTES = 64
_FORM = re.compile(r"g1:([A-Za-z0-9_-]{22}):([^:\s]+):([^:\s]+)")


class CampaignPress(NamedTuple):
    campaign: UUID
    question: str
    choice: str


def encode_press(campaign: UUID, question: str, choice: str) -> str:
    """Raises ValueError for ids that are empty, too long, or hold a colon or a blank."""
    data = f"{PREFIX}{_short(campaign)}:{question}:{choice}"
    if _FORM.fullmatch(data) is None or len(data.encode()) > MOST_BYTES:
        raise ValueError(
            f"ids of questions and choices have no colon or blank, and fit into {MOST_BYTES} bytes"
        )
    return data


def decode_press(data: str) -> CampaignPress | None:
    """None for anything that `encode_press` did not make."""
    found = _FORM.fullmatch(data)
    if found is None or len(data.encode()) > MOST_BYTES:
        return None
    campaign = UUID(bytes=base64.urlsafe_b64decode(f"{found[1]}=="))
    return CampaignPress(campaign, found[2], found[3]) if _short(campaign) == found[1] else None


def _short(campaign: UUID) -> str:
    return base64.urlsafe_b64encode(campaign.bytes).decode().rstrip("=")
