"""The timeline: each viewer sees what the matrix allows, and what became of every event."""

from datetime import UTC, date, datetime

from core.ids import new_id
from referrals.tracks.events import Event
from referrals.tracks.timeline import Line, lines

POLICE, PROSECUTOR = new_id(), new_id()
TO_POLICE, TO_PROSECUTOR = new_id(), new_id()
DAY, AT = date(2026, 11, 23), datetime(2026, 11, 23, 3, tzinfo=UTC)


def event(track: str, step: str, **more: object) -> Event:
    return Event(new_id(), track, step, DAY, AT, more.pop("source", "manual"), **more)  # type: ignore[arg-type]


SENT = event("referral", "sent", agency_referral_id=TO_POLICE)
OTHERS = event("referral", "sent", agency_referral_id=TO_PROSECUTOR)
CHARGE = event(
    "prosecution", "indicted", agency_id=PROSECUTOR, agency_referral_id=TO_PROSECUTOR, people=2, note="n"
)
RIVAL = event("prosecution", "non_indict", agency_id=POLICE, agency_referral_id=TO_POLICE, is_disputed=True)
ASSETS = event("compensation", "assets_traced", outcome="found", amount=5)
WRONG = event("compensation", "paid", amount=900, fund="court")
BACK = event("compensation", "paid", reverses_id=WRONG.id, note="typed wrongly")
EVENTS = [SENT, OTHERS, CHARGE, RIVAL, ASSETS, WRONG, BACK]


def by_id(found: list[Line]) -> dict[object, Line]:
    return {line.id: line for line in found}


def test_a_supervisor_sees_everything_and_what_became_of_it() -> None:
    found = lines(EVENTS, "supervisor")
    assert [line.standing for line in found] == [
        "holds", "holds", "disputed", "disputed", "holds", "taken_back", "takes_back",
    ]  # fmt: skip
    assert (found[2].people, found[2].note, found[6].of_id) == (2, "n", WRONG.id)


def test_staffs_word_settles_and_the_other_is_overruled() -> None:
    word = event("prosecution", "non_indict", same_as_id=RIVAL.id)
    found = by_id(lines([*EVENTS, word], "supervisor"))
    assert [found[one.id].standing for one in (CHARGE, RIVAL, word)] == ["overruled", "holds", "settles"]
    echo = event("prosecution", "indicted", same_as_id=CHARGE.id, agency_id=new_id())
    assert by_id(lines([CHARGE, echo], "supervisor"))[echo.id].standing == "same"


def test_an_officer_sees_that_and_when_alone() -> None:
    charge = by_id(lines(EVENTS, "hotline_officer"))[CHARGE.id]
    assert (charge.step, charge.on, charge.is_full) == ("indicted", DAY, False)
    assert (charge.people, charge.note, charge.teller, charge.recorded_at) == (None, None, "", None)


def test_an_agency_sees_its_own_request_and_its_own_words_and_no_others() -> None:
    found = by_id(lines(EVENTS, "police", own_request=TO_POLICE))
    assert SENT.id in found
    assert OTHERS.id not in found
    assert found[CHARGE.id].people == 2
    # Notes are for colleagues of the hotline.
    assert found[CHARGE.id].note is None
    assert not found[WRONG.id].is_full
    labour = by_id(lines(EVENTS, "labour", own_request=TO_PROSECUTOR))
    assert labour[CHARGE.id].is_full
    assert ASSETS.id not in labour


def test_the_person_never_sees_what_the_accused_own() -> None:
    found = by_id(lines(EVENTS, "citizen"))
    assert ASSETS.id not in found
    assert found[WRONG.id].amount == 900
    assert not found[CHARGE.id].is_full
