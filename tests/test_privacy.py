"""What docs/privacy.md says is what the code does."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from app.models import METADATA
from bots.dispatch.drafts import DRAFTS
from bots.dispatch.recent import DELETABLE_SECONDS
from core import retention
from core.accounts import sessions
from core.contacts.copy_links import LIFE
from referrals.report_erasure import ERASES_AFTER
from referrals.retention import KEPT_AFTER_CLOSING, RECEIPT_TRIES
from screening import retention as screenings

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")


def row(about: str) -> str:
    """Return the line of a table that begins so."""
    return next(line for line in PAGE.splitlines() if line.startswith(f"| {about}"))


def test_it_names_every_table_and_no_other() -> None:
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)*)`", PAGE)) - {"pgqueuer"}
    assert named == set(METADATA.tables)


@pytest.mark.parametrize(
    ("about", "kept", "time"),
    [
        ("what a person sent", "24 hours", retention.EVENT_BODIES),
        ("that an event came", "30 days", retention.EVENT_ROWS),
        ("what we answered", "7 days", retention.MESSAGE_CONTENT),
        ("that we answered", "400 days", retention.MESSAGE_ROWS),
        ("judgement of an offer", "365 days", screenings.SCREENINGS),
        ("the words of an offer", "30 days", screenings.TEXTS),
        ("which texts are alike", "30 days", screenings.LONE_WAVES),
        ("which texts are alike", "730 days", screenings.WAVES),
        ("who sent a wave", "30 days", screenings.SENDERS),
        ("a handle", "730 days", screenings.VERDICTS),
        ("a handle", "30 days", screenings.SENDERS),
        ('"ไม่ตรง" and corrections', "730 days", screenings.LABELS),
        ("the thread of a referral", "90 days", KEPT_AFTER_CLOSING),
        ("wrong receipt codes", "7 days", RECEIPT_TRIES),
        ("answers of a report", "90 days", KEPT_AFTER_CLOSING),
        ("drafts", "30 days", DRAFTS),
        ("on Telegram the ids", "48 hours", timedelta(seconds=DELETABLE_SECONDS)),
        ("a wish to be forgotten", "400 days", retention.ERASURE_REQUESTS),
        ("the link at which", "1 day", retention.COPY_LINKS),
        ("failed sign-ins", "7 days", retention.SIGN_IN_ATTEMPTS),
        ("password", "30 minutes", sessions.IDLE),
        ("password", "12 hours", sessions.ABSOLUTE),
    ],
)
def test_it_names_the_times_of_the_code(about: str, kept: str, time: timedelta) -> None:
    number, unit = kept.split()
    assert kept in row(about)
    assert time == timedelta(**{unit.removesuffix("s") + "s": int(number)})


def test_it_names_how_the_rights_are_kept_in_the_figures_of_the_code() -> None:
    assert f"within {LIFE // timedelta(minutes=1)} minutes" in row("s.31 portability")
    assert f"after {ERASES_AFTER // timedelta(hours=1)} hours" in row("s.33 erasure")
    for section in ("s.30 access", "s.31 portability", "s.33 erasure"):
        named = re.findall(r"`([a-z_/]+\.py)`", row(section))
        assert [path for path in named if not (ROOT / path).is_file()] == [], section
