"""Tokens by OAuth 2 client credentials, asked for as any OAuth client does."""

import base64

import httpx
import sqlalchemy as sa

from core.accounts.models import SignInAttempt
from core.clock import utc_now
from core.db.database import Database
from referrals.agencies.models import Agency, AgencyProgram, ProgramToken
from referrals.agencies.programs import PROGRAM_SCOPES, revoke_program
from referrals.agencies.tokens import LIFE
from tests.app.api.conftest import audit_of
from tests.app.partner_api.conftest import Client, Connect
from tests.conftest import MovableClock

TOKEN = "/partner/v1/token"
GRANT = {"grant_type": "client_credentials"}


async def test_a_secret_gets_a_token_for_a_quarter_of_an_hour_in_either_way(prosecutor: Client) -> None:
    http = prosecutor.http
    basic = await http.post(TOKEN, data=GRANT, auth=(prosecutor.client_id, prosecutor.secret))
    post = await http.post(
        TOKEN, data=GRANT | {"client_id": prosecutor.client_id, "client_secret": prosecutor.secret}
    )
    for response in (basic, post):
        assert response.status_code == 200
        told = response.json()
        assert (told["token_type"], told["expires_in"]) == ("Bearer", 900)
        assert told["scope"].split() == list(PROGRAM_SCOPES)
        assert response.headers["cache-control"] == "no-store"
        prosecutor.token = told["access_token"]
        assert (await prosecutor.get("/cases")).status_code == 200
    assert basic.json()["access_token"] != post.json()["access_token"]


async def test_a_token_may_be_asked_for_less_and_never_for_more(connect: Connect) -> None:
    reader = await connect("court", "cases.read", "messages.write")
    told = (await reader.sign_in("cases.read")).json()
    assert told["scope"] == "cases.read"
    refused = await reader.sign_in("cases.read hooks.manage")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")
    unknown = await reader.sign_in("everything")
    assert (unknown.status_code, unknown.json()["error"]) == (400, "invalid_scope")


async def test_a_wrong_request_is_told_as_the_standard_says(prosecutor: Client) -> None:
    for body, error in (
        (b"", "unsupported_grant_type"),
        (b"grant_type=password&username=a&password=b", "unsupported_grant_type"),
        (b"grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        (b"grant_type=client_credentials&client_secret=again", "invalid_request"),
        (b"\xff\xfe", "unsupported_grant_type"),
        (b"&".join([b"a=1"] * 50), "unsupported_grant_type"),
    ):
        response = await prosecutor.http.post(
            TOKEN, content=body, auth=(prosecutor.client_id, prosecutor.secret),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        assert (response.status_code, response.json()["error"]) == (400, error), body
        assert response.headers["content-type"] == "application/json"


async def test_a_wrong_secret_and_an_unknown_name_are_answered_alike_and_slowed(
    prosecutor: Client, database: Database, standing_clock: MovableClock
) -> None:
    http = prosecutor.http
    answers = [
        await http.post(TOKEN, data=GRANT, auth=auth)
        for auth in (
            (prosecutor.client_id, "wrong"), ("rootan-nobody", "wrong"), ("rootan-\0", "x"), ("é", "é"),
        )
    ]  # fmt: skip
    assert {(one.status_code, one.text) for one in answers} == {(401, answers[0].text)}
    assert answers[0].json()["error"] == "invalid_client"
    assert answers[0].headers["www-authenticate"].startswith("Basic")
    raw = {"Authorization": "Basic " + base64.b64encode(b"\xff\xff:x").decode()}
    assert (await http.post(TOKEN, data=GRANT, headers=raw)).status_code == 401
    slowed = await http.post(TOKEN, data=GRANT, auth=(prosecutor.client_id, "wrong"))
    assert (slowed.status_code, slowed.json()["title"]) == (429, "slow_down")
    assert int(slowed.headers["retry-after"]) >= 1
    assert (await prosecutor.sign_in()).status_code == 200
    rows = await audit_of(database, prosecutor.program_id)
    assert ("agency_program.token", "refused") in rows
    assert rows[-1] == ("agency_program.token", "ok")


async def test_a_revoked_program_ends_at_once(prosecutor: Client, database: Database) -> None:
    assert (await prosecutor.get("/cases")).status_code == 200
    async with database.unit_of_work() as session:
        await revoke_program(session, prosecutor.agency_id, prosecutor.program_id, now=utc_now())
    refused = await prosecutor.get("/cases")
    assert (refused.status_code, refused.json()["title"]) == (401, "token")
    assert refused.headers["www-authenticate"] == "Bearer"
    ended = (await prosecutor.sign_in()).json()
    assert (ended["error"], "revoked" in ended["error_description"]) == ("invalid_client", True)


async def test_it_ends_with_its_time_and_with_its_agency(
    prosecutor: Client, database: Database, standing_clock: MovableClock
) -> None:
    await prosecutor.sign_in()
    standing_clock.advance(seconds=LIFE.total_seconds() - 1)
    assert (await prosecutor.get("/cases")).status_code == 200
    standing_clock.advance(seconds=1)
    assert (await prosecutor.get("/cases")).status_code == 401
    await prosecutor.sign_in()
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Agency).values(closed_at=utc_now()))
    assert (await prosecutor.get("/cases")).status_code == 401


async def test_only_hashes_are_stored(prosecutor: Client, database: Database) -> None:
    async with database.unit_of_work() as session:
        stored = str([(await session.scalars(sa.select(sa.cast(sa.literal_column(f"{table}.*::text"), sa.Text)).select_from(sa.text(table)))).all() for table in ("agency_program", "program_token")])  # fmt: skip
        assert await session.scalar(sa.select(sa.func.count()).select_from(ProgramToken)) == 1
        program = await session.get_one(AgencyProgram, prosecutor.program_id)
    assert prosecutor.client_id in stored
    for secret in (prosecutor.secret, prosecutor.token):
        assert secret not in stored
        assert secret.encode().hex() not in stored
    assert len(program.secret_hash) == 32


async def test_without_a_token_nothing_opens_and_guessing_is_slowed(
    http: httpx.AsyncClient, prosecutor: Client, database: Database, standing_clock: MovableClock
) -> None:
    for given in ("", "Bearer", "Bearer ", f"Basic {prosecutor.token}", f"bearer {prosecutor.token}x"):
        response = await http.get("/partner/v1/cases", headers={"Authorization": given})
        assert (response.status_code, response.json()["title"]) == (401, "token")
    guesses = [
        (await http.get("/partner/v1/cases", headers={"Authorization": f"Bearer rootanp_{n}"})).status_code
        for n in range(6)
    ]
    assert guesses[-1] == 429
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 5
    await prosecutor.sign_in()
    assert (await prosecutor.get("/cases")).status_code == 200
