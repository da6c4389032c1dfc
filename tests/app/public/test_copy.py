import base64
import re
from datetime import timedelta

import orjson
import pytest
import sqlalchemy as sa

from app.faces.headers import CONTENT_POLICY
from app.runtime import Runtime
from core.audit.chain import AuditEvent
from core.contacts.copy_links import LIFE, ask_for_link, make_token
from core.contacts.erasure import forget_contact
from core.contacts.models import CopyLink
from core.ids import new_id
from referrals.intake import append_citizen_words, open_referral
from tests.app.public.conftest import Phone
from tests.conftest import MovableClock
from tests.support.cast import Person, make_person

WORDS = "เขายึดบัตรของเราไว้"


@pytest.fixture
async def dao(runtime: Runtime) -> Person:
    """Somebody with a report."""
    async with runtime.database.unit_of_work() as session:
        person = await make_person(session, runtime.keys, name="dao")
        await open_referral(
            session, runtime.keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="staff_request", priority="P2", kinds=(), reasons=("asked_for_staff",), receipt="1",
        )  # fmt: skip
        await append_citizen_words(
            session, runtime.keys, identity_id=person.identity_id, words=[(new_id(), WORDS)]
        )
    return person


async def link_of(runtime: Runtime, person: Person) -> str:
    async with runtime.database.unit_of_work() as session:
        link_id = await ask_for_link(session, person.contact_id)
        assert link_id is not None
        made = await make_token(session, runtime.keys.keyset, link_id)
        assert made is not None
        # A job that runs twice makes no second token.
        assert await make_token(session, runtime.keys.keyset, link_id) is None
    return f"/media/copy/{made[1]}"


async def test_it_shows_the_copy_once_and_offers_it_as_a_file(
    runtime: Runtime, phone: Phone, dao: Person
) -> None:
    link = await link_of(runtime, dao)
    shown = await phone.post(link)
    assert shown.status_code == 200
    assert WORDS in shown.text
    file = re.search(r'href="data:application/json;base64,([^"]+)"', shown.text)
    assert file is not None
    copy = orjson.loads(base64.b64decode(file[1]))
    assert copy["thread"][0]["text"] == WORDS
    assert copy["addresses"][0]["address"] == dao.address
    again = await phone.post(link)
    assert again.status_code == 404
    assert WORDS not in again.text


async def test_what_fetches_every_link_of_a_chat_uses_nothing_up(
    runtime: Runtime, phone: Phone, dao: Person
) -> None:
    link = await link_of(runtime, dao)
    seen = [await phone.get(link) for _ in range(3)]
    assert {page.status_code for page in seen} == {200}
    assert WORDS not in seen[0].text
    # It does not even tell whether the link is ours.
    assert (await phone.get("/media/copy/nobodys")).text == seen[0].text
    assert WORDS in (await phone.post(link)).text


async def test_unknown_used_and_too_old_links_look_the_same(
    runtime: Runtime, phone: Phone, dao: Person, standing_clock: MovableClock
) -> None:
    used = await link_of(runtime, dao)
    await phone.post(used)
    old = await link_of(runtime, dao)
    standing_clock.advance(seconds=LIFE.total_seconds() + 1)
    pages = [await phone.post(link) for link in (old, used, "/media/copy/nobodys")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert timedelta(minutes=15) == LIFE


async def test_the_link_names_nobody_and_the_database_does_not_hold_it(
    runtime: Runtime, phone: Phone, dao: Person
) -> None:
    link = await link_of(runtime, dao)
    token = link.rsplit("/", 1)[1]
    assert dao.address not in link
    assert len(token) >= 32
    async with runtime.database.unit_of_work() as session:
        stored = (await session.scalars(sa.select(CopyLink))).one()
        assert stored.token_key == runtime.keys.keyset.index("copy_link", token)
    await phone.post(link)
    async with runtime.database.unit_of_work() as session:
        rows = (await session.scalars(sa.select(AuditEvent))).all()
        assert [(r.actor_id, r.action, r.object_id) for r in rows] == [(None, "contact.copy", stored.id)]


async def test_of_a_forgotten_person_there_is_no_copy(runtime: Runtime, phone: Phone, dao: Person) -> None:
    link = await link_of(runtime, dao)
    async with runtime.database.unit_of_work() as session:
        await forget_contact(session, dao.contact_id)
    assert (await phone.post(link)).status_code == 404


async def test_nothing_keeps_frames_or_follows_the_page(runtime: Runtime, phone: Phone, dao: Person) -> None:
    for page in (await phone.get("/media/copy/x"), await phone.post(await link_of(runtime, dao))):
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["content-security-policy"] == CONTENT_POLICY
        assert "noindex" in page.headers["x-robots-tag"]


async def test_of_a_day_only_so_many_links_are_sent(runtime: Runtime, phone: Phone, dao: Person) -> None:
    for _ in range(10):
        await phone.post(await link_of(runtime, dao))
    async with runtime.database.unit_of_work() as session:
        assert await ask_for_link(session, dao.contact_id) is None
