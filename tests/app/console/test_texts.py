import re
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

import app.console.pages
from app.console.texts import load_texts, say, say_or
from bots.dialogues.conversation import advance
from bots.dialogues.routing import PRESSES
from bots.engine.events import Event
from bots.engine.steps import Facts, OpenReferral, OpenReferralEffect, State
from campaigns.models import CampaignState, RunState
from core.clock import BANGKOK
from core.errors import AppError
from core.ids import new_id
from core.messages.models import END_STATES
from core.permissions import ROLES
from referrals.closing import OUTCOMES
from referrals.desk.snoozing import REASONS
from referrals.desk.term_keys import HANDLES, STAFFS
from referrals.listing.filters import AGES, CHANNELS, FLAGS, LANGUAGES, VIEWS
from tests.bots.dialogues.talk import CALM, crisis_of, judgement_of

CONSOLE = Path(app.console.pages.__file__).parent
TEMPLATES = sorted(CONSOLE.glob("templates/*.html"))
THAI = re.compile("[\u0e00-\u0e7f]")
# The vocabulary of the contract.
KINDS = (
    "trafficking", "forced_labour", "detention", "domestic_violence", "sexual_violence", "child_abuse",
    "elder_abuse", "suicide", "danger",
)  # fmt: skip


def test_every_text_that_a_page_asks_for_is_there() -> None:
    asked = {
        key
        for file in [*TEMPLATES, *CONSOLE.glob("*.py")]
        for key in re.findall(r"""\bsay\(["']([a-z_.]+)["'][,)]""", file.read_text())
    }
    assert len(asked) > 80
    assert asked <= set(load_texts())


def test_every_code_has_its_words() -> None:
    texts = load_texts()
    for section, codes in {
        "role": ROLES,
        "kind": KINDS,
        "outcome": (*OUTCOMES, "cancelled_by_person"),
        "delivery": ("pending", "sending", "waiting", *END_STATES),
        "priority": ("P0", "P1", "P2", "P3"),
        "queue.view": VIEWS,
        "queue.age": AGES,
        "queue.channel": CHANNELS,
        "queue.flag": FLAGS,
        "queue.language": LANGUAGES,
        "holding.reason": REASONS,
        "search.kind": (*HANDLES, *STAFFS, "name", "receipt"),
        "queue.empty": (*VIEWS, *(f"{v}_next" for v in VIEWS)),
        "mark": ("claimed", "released", "closed", "cancelled"),
        "campaign_state": get_args(CampaignState),
        "campaign_run.state": get_args(RunState),
        "state": ("open", "claimed", "closed", "cancelled"),
    }.items():
        assert {f"{section}.{code}" for code in codes} <= set(texts), section


def _reasons_of_the_bot() -> set[str]:
    """Every reason that a press, a cry for help or a request in words gives a referral, wherever the talk stands."""
    states = [
        State(),
        State("plea", "asked"),
        State("offer", "judged", {"band": "danger", "kinds": ["danger"]}),
    ]
    standing = OpenReferral(new_id(), "P2", claimed=False, cancellable=True)
    said = [
        *((Event("press", data=press), CALM, "") for press in PRESSES),
        *((Event("text", text="..."), crisis_of(level, "danger"), "") for level in ("concern", "urgent")),
        *((Event("text", text="..."), CALM, intent) for intent in ("report", "need_help", "talk_to_staff")),
    ]
    found: set[str] = set()
    for state, (event, crisis, intent), referral in product(states, said, (None, standing)):
        facts = Facts(
            now=datetime(2026, 11, 23, 10, 0, tzinfo=BANGKOK), crisis=crisis, intent=intent,
            judgement=judgement_of(intent=intent), open_referral=referral, receipt="1" * 16,
        )  # fmt: skip
        for effect in advance(state, event, facts).effects:
            found.update(effect.reasons if isinstance(effect, OpenReferralEffect) else ())
    return found


def test_every_reason_that_the_bot_gives_has_its_words() -> None:
    reasons = _reasons_of_the_bot()
    assert reasons >= {
        "crisis_words",
        "concern_words",
        "asked_for_staff",
        "reported_offer",
        "offer_danger",
        "can_talk",
        "cannot_talk",
    }
    assert {f"reason.{code}" for code in (*reasons, "person_wants_to_cancel")} <= set(load_texts())


def _below(kind: type[AppError]) -> set[type[AppError]]:
    return {kind}.union(*(_below(k) for k in kind.__subclasses__()))


def test_every_error_that_a_page_can_show_says_what_happened_and_what_to_do() -> None:
    shown = {
        k.code
        for k in _below(AppError)
        if k.__module__.startswith(("app.", "core.accounts", "referrals", "campaigns"))
        # A face of its own with words of its own, and what only programs hear.
        and not k.__module__.startswith(
            ("app.public.", "app.api.", "app.partner_api.", "app.faces.pages", "core.accounts.repeated_calls")
        )
    }
    texts = set(load_texts())
    # Faults of our own files are found by tests; a page would say of one only that something failed.
    for code in shown - {"error", "content"}:
        assert {f"problem.{code}.what", f"problem.{code}.do"} <= texts, code


def test_no_thai_stands_outside_the_texts() -> None:
    for file in [*TEMPLATES, *CONSOLE.glob("static/*.js"), *CONSOLE.glob("*.py")]:
        code = re.sub(r'""".*?"""', "", file.read_text(), flags=re.DOTALL)
        assert not THAI.search(code), file.name


def test_english_texts_are_english() -> None:
    """Only the way back to Thai is written in it."""
    thai = {key for key, text in load_texts("en").items() if THAI.search(text)}
    assert thai == {"frame.other_language"}


def test_no_text_promises_or_judges() -> None:
    for key, text in load_texts().items():
        assert "ปลอดภัย" not in text, key
        assert "เหยื่อ" not in text, key
    for key in ("notice.staff", "notice.campaign"):
        assert not any(word in say(key) for word in ("ค้ามนุษย์", "ตำรวจ", "ช่วยเหลือ", "อันตราย", "แจ้ง"))


def test_an_unknown_code_gets_general_words() -> None:
    assert say_or("reason.invented_tomorrow", "reason.other") == say("reason.other")
    with pytest.raises(KeyError):
        say("no.such.key")
