"""What docs/privacy.md says is what the code does."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from app.models import METADATA
from bots.copy import copy
from bots.dispatch.drafts import DRAFTS
from bots.dispatch.recent import DELETABLE_SECONDS
from core.accounts import sessions
from core.contacts.copy_links import LIFE
from core.retention.classes import kept_classes, shipped
from referrals.keeping.grounds import grounds
from referrals.report_erasure import CONTENT_TABLES, ERASES_AFTER, KEPT_TABLES

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
        ("what a person sent", "24 hours", shipped("event_words")),
        ("that an event came", "30 days", shipped("event_rows")),
        ("what we answered", "7 days", shipped("message_words")),
        ("that we answered", "400 days", shipped("message_rows")),
        ("judgement of an offer", "365 days", shipped("screenings")),
        ("the words of an offer", "30 days", shipped("offer_words")),
        ("which texts are alike", "30 days", shipped("lone_waves")),
        ("which texts are alike", "730 days", shipped("waves")),
        ("who sent a wave", "30 days", shipped("wave_senders")),
        ("a handle", "730 days", shipped("verdicts")),
        ("a handle", "30 days", shipped("wave_senders")),
        ('"ไม่ตรง" and corrections', "730 days", shipped("labels")),
        ("the thread of a referral", "90 days", shipped("report_words")),
        ("wrong receipt codes", "7 days", shipped("receipt_tries")),
        ("answers of a report", "90 days", shipped("report_words")),
        ("drafts", "30 days", DRAFTS),
        ("on Telegram the ids", "48 hours", timedelta(seconds=DELETABLE_SECONDS)),
        ("a wish to be forgotten", "400 days", shipped("erasure_requests")),
        ("the link at which", "1 day", shipped("copy_links")),
        ("who belonged to which sending", "180 days", shipped("campaign_members")),
        ("what a person answered", "400 days", shipped("campaign_answers")),
        ("the province a person told", "30 days", shipped("news_traits")),
        ("failed sign-ins", "7 days", shipped("sign_in_attempts")),
        ("ended sessions", "90 days", shipped("staff_sessions")),
        ("alerts", "90 days", shipped("alerts")),
        ("shifts", "400 days", shipped("shifts")),
        ("saved views", "24 hours", shipped("presence")),
        ("who offered a report", "24 hours", shipped("presence")),
        ("keys of programs", "90 days", shipped("api_tokens")),
        ("that a report was handed out", "730 days", shipped("exports")),
        ("keys of programs", "2 days", shipped("api_calls")),
        ("what agencies' programs", "7 days", shipped("agency_calls")),
        ("that an agency was told", "90 days", shipped("agency_news")),
        ("what an agency was given", "90 days", shipped("report_words")),
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


def test_every_table_of_a_report_is_emptied_or_kept_for_a_reason() -> None:
    of_reports = {name for name, table in METADATA.tables.items() if "referral_id" in table.c}
    emptied = {model.__tablename__ for model in CONTENT_TABLES}
    assert emptied | set(KEPT_TABLES) == of_reports
    assert not emptied & set(KEPT_TABLES)


def test_every_class_names_tables_that_are_there_and_bounds_that_hold() -> None:
    named = {table for kept in kept_classes().values() for table in kept.tables}
    assert named <= set(METADATA.tables) | {"pgqueuer", "pgqueuer_log"}
    for code, kept in kept_classes().items():
        assert (kept.length > 0) != bool(kept.until), code
        assert not kept.changeable or kept.least <= kept.length <= kept.most, code
        # What citizens were told may be shortened only.
        assert not kept.told or kept.most == kept.length, code


def test_the_times_bound_to_the_code_are_those_of_the_code() -> None:
    assert shipped("drafts") == DRAFTS
    assert shipped("telegram_ids") == timedelta(seconds=DELETABLE_SECONDS)
    assert f"{grounds().postpone_days} days, naming a ground" in PAGE


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("event_words", "24 ชั่วโมง"),
        ("offer_words", "30 วัน"),
        ("screenings", "1 ปี"),
        ("report_words", "90 วันหลังปิดเรื่อง"),
    ],
)
def test_citizens_are_told_the_longest_time(code: str, told: str) -> None:
    kept = kept_classes()[code]
    number, unit = told.split(maxsplit=1)[0], told.split()[1]
    hours = {"ชั่วโมง": 1, "ปี": 365 * 24}.get(unit, 24)
    assert kept.told
    assert kept.span(kept.most) == timedelta(hours=int(number) * hours)
    assert told in copy().say("th", "first_contact.notice")
