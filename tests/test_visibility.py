"""Who sees what of a case, as pages, interfaces, files and tellings really show it, against the matrix that says so.

One case holds a word of its own in every group of fields, and each track a day of its own. Everything that a viewer can
open is opened: a word shows where the matrix says "full" and nowhere else, a day where it says more than "none".
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from app.api.mount import make_api
from app.api.mount import routes_of as calls_of
from app.examiner import Examiner
from app.main import create_app
from app.partner_api.mount import make_partner_api
from app.runtime import Runtime
from bots.dialogues.case_screen import show_case, show_money, show_rights
from core.accounts.invitations import add_account
from core.accounts.sessions import start_session
from core.accounts.tokens import OFFERED, look_over, make_token
from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import new_keyset
from core.db.database import Database
from core.ids import new_id
from core.permissions import ROLES, SCOPES, Role
from core.settings import Settings
from referrals.agencies.directory import add_agency
from referrals.agencies.hooks import add_hook
from referrals.agencies.kinds import AGENCY_KINDS, AgencyKind
from referrals.agencies.models import HookCall
from referrals.agencies.officers import name_officer
from referrals.agencies.pairings import pair
from referrals.agencies.particulars import Particulars
from referrals.agencies.programs import PROGRAM_SCOPES, make_program
from referrals.agencies.templates import templates
from referrals.desk.notes import write_note
from referrals.desk.sealed import seal_words
from referrals.desk.titles import set_title
from referrals.intake import append_citizen_words, open_referral
from referrals.models import Referral
from referrals.progress_reading import read_progress
from referrals.queue import claim
from referrals.referring.answering import accept
from referrals.referring.finding import ByAgency, ByHotline
from referrals.referring.identity import ask_identity, give_identity
from referrals.referring.models import AgencyFile
from referrals.referring.sending import refer
from referrals.referring.telling import note_changes
from referrals.reports import write_consent
from referrals.tracks.models import CaseEvent
from referrals.tracks.recording import By, NewStep, record
from referrals.tracks.visibility import ASSET_STEPS, GROUPS, Group, Viewer, group_of, sees
from tests.support.cast import Person, make_person
from tests.support.postgres import TestCluster
from tests.support.routes import address_of, guarded

ORIGIN = "http://127.0.0.1:8000"
STAFF: tuple[Role, ...] = tuple(role for role in ROLES if role != "partner_officer")
TRACKS: tuple[Group, ...] = ("victim", "prosecution", "compensation", "assets")
# Days as files and interfaces write them, and as pages do.
DAYS: dict[Group, date] = {
    "victim": date(2025, 2, 11), "prosecution": date(2025, 3, 12), "compensation": date(2025, 4, 13),
    "assets": date(2025, 5, 14),
}  # fmt: skip
MONTHS = {2: "ก.พ.", 3: "มี.ค.", 4: "เม.ย.", 5: "พ.ค."}
# Groups of which every viewer's own part is a word of its own.
OWN: tuple[Group, ...] = ("referral", "files")


# Where each group's track stands.
STATES: dict[Group, str] = {"victim": "mdt_screening", "prosecution": "complaint", "assets": "assets_traced"}


def canary(group: str, of: str = "") -> str:
    return f"canary{group}{of}7q"


def says_day(text: str, group: Group) -> bool:
    day = DAYS[group]
    return f"{day}" in text or f"{day.day} {MONTHS[day.month]} {day.year + 543}" in text


@dataclass
class House:
    """One application, one case, an account of every role, an agency of every kind."""

    runtime: Runtime
    client: httpx.AsyncClient
    app: Any
    person: Person
    case: UUID
    accounts: dict[str, UUID] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    agencies: dict[AgencyKind, UUID] = field(default_factory=dict)
    requests: dict[AgencyKind, UUID] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    async def do(self, doing: Any, *given: Any, **more: Any) -> Any:
        async with self.runtime.database.unit_of_work() as session:
            return await doing(session, self.runtime.keys, *given, now=utc_now(), **more)

    async def text(self, address: str, **headers: str) -> str:
        """What an address shows; nothing where it is refused."""
        answer = await self.client.get(address, headers=headers)
        assert answer.status_code < 500, address
        return answer.text if answer.status_code == 200 else ""

    async def pages(self, viewer: str, role: Role, requests: list[UUID]) -> str:
        """Every page that a role may open, with the case and its requests where the address names them."""
        found = []
        for route in guarded(self.app):
            if route.method != "GET" or route.access.halfway or not route.access.scopes <= SCOPES[role]:
                continue
            if not route.name.endswith(".live"):
                for request in requests if "{agency_referral_id}" in route.path else requests[:1]:
                    known = {"referral_id": self.case, "agency_referral_id": request}
                    address = address_of(route.route, known)
                    found.append(await self.text(address, Cookie=f"rootan={self.sessions[viewer]}"))
        return "\n".join(found)

    async def calls(self, viewer: str, api: Any, base: str, known: dict[str, UUID]) -> str:
        """Every reading call of an interface, as one program may make it."""
        bearer = f"Bearer {self.tokens[viewer]}"
        routes = [route for route in calls_of(api) if "GET" in (route.methods or ())]
        assert routes
        return "\n".join(
            [await self.text(base + address_of(one, known), Authorization=bearer) for one in routes]
        )


@pytest.fixture(scope="module")
async def house(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    address = await cluster.copy()
    database, keys = Database(address), DataKeys(new_keyset())
    folder: Path = tmp_path_factory.mktemp("seen")
    runtime = Runtime(Settings(data_dir=folder / "var", base_url=ORIGIN), database, keys)
    app = create_app(runtime, Examiner(runtime))
    async with database.unit_of_work() as session:
        person = await make_person(session, keys, name="dao")
        case = await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line", source="report",
            priority="P1", kinds=("trafficking",), reasons=("can_talk",), receipt=new_id().hex,
        )  # fmt: skip
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        made = House(runtime, client, app, person, case)
        for role in STAFF:
            await _account(made, role, role)
        await _fill_case(made)
        for kind in AGENCY_KINDS:
            await _agency(made, kind)
        yield made
    await database.close()
    await cluster.drop(address)


async def _account(house: House, name: str, role: Role) -> None:
    keys = house.runtime.keys
    async with house.runtime.database.unit_of_work() as session:
        account = await add_account(session, keys, email=f"{name}@rootan.test", name=name, role=role)
        account.password_hash, account.role_confirmed_by = "hash", new_id()
        house.accounts[name] = account.id
        house.sessions[name] = await start_session(session, account.id, confirmed=True)
        if scopes := SCOPES[role] & set(OFFERED):
            given = look_over(SCOPES[role], name="test", scopes=scopes, days=30)
            house.tokens[name] = await make_token(session, account.id, given)


async def _fill_case(house: House) -> None:
    keys, officer = house.runtime.keys, house.accounts["hotline_officer"]
    async with house.runtime.database.unit_of_work() as session:
        words = [(new_id(), canary("thread"))]
        await append_citizen_words(session, keys, identity_id=house.person.identity_id, words=words)
        await claim(session, house.case, officer)
        referral = await session.get_one(Referral, house.case, populate_existing=True)
        await set_title(session, keys, referral, canary("report"))
        await write_note(
            session, keys, referral, account_id=officer, level="team", text=canary("notes"), form_id=new_id()
        )
        for kind in AGENCY_KINDS:
            await write_consent(session, house.case, kind, granted=True, with_identity=True, wording="1")
    by = By("hotline", "manual", account_id=house.accounts["supervisor"])
    for step in _steps():
        await house.do(record, house.case, step, by)


def _steps() -> list[NewStep]:
    """Each group's word stands in a detail of one of its steps, each step on its group's day."""
    victim, prosecution, compensation, assets = (DAYS[group] for group in TRACKS)
    money: dict[str, Any] = {"amount": 85_000_000}
    return [
        NewStep("mdt_screening", "victim", victim, person=1, details={"ref_no": canary("victim")}),
        NewStep("complaint", "prosecution", prosecution, details={"case_no": canary("prosecution")}, note=canary("notes", "of")),
        NewStep("assessed", "compensation", compensation, item="wages", details={"method": canary("compensation")}, **money),
        NewStep("side_opened", "compensation", compensation, fund="fund", **money),
        NewStep("side_ordered", "compensation", compensation, fund="fund", **money),
        NewStep(
            "assets_traced", "compensation", assets, outcome="found", amount=12_345_600, details={"place": canary("assets")}
        ),
    ]  # fmt: skip


async def _agency(house: House, kind: AgencyKind) -> None:
    keys, boon = house.runtime.keys, house.accounts["supervisor"]
    await _account(house, kind, "partner_officer")
    office = Particulars(
        kind=kind, name_th=f"หน่วย {kind}", name_en=f"Office {kind}", template=kind, basis="MOU 2561"
    )
    async with house.runtime.database.unit_of_work() as session:
        agency = house.agencies[kind] = await add_agency(session, f"{kind}-1", office, by=boon)
        await pair(session, None, agency, by=boon, both=True)
        await name_officer(session, agency, house.accounts[kind], by=boon)
        program = await make_program(
            session,
            agency,
            name="test",
            scopes=PROGRAM_SCOPES,
            is_sandbox=False,
            by_account=None,
            now=utc_now(),
        )
    await house.do(add_hook, agency, f"https://{kind}.example.org/hook")
    fields = {"needs": canary("referral", kind)}
    if "standing" in templates().template[kind].fields:
        fields["standing"] = ""
    house.requests[kind] = await house.do(
        refer, house.case, agency_id=agency, fields=fields, note="ขอให้ดูเรื่องนี้",
        by_account=house.accounts["hotline_officer"], oversees=False,
    )  # fmt: skip
    await house.do(accept, house.requests[kind], ByAgency(agency, house.accounts[kind]))
    async with house.runtime.database.unit_of_work() as session:
        referral, file_id = await session.get_one(Referral, house.case), new_id()
        key = await keys.load(session, referral.data_key_id)
        session.add(
            AgencyFile(
                id=file_id, agency_referral_id=house.requests[kind], referral_id=house.case, side="hotline",
                slot=templates().template[kind].gives[0], media_type="application/pdf", at=utc_now(),
                name=seal_words(canary("files", kind), key, "agency_file", "name", file_id),
            )
        )  # fmt: skip
    asked = {"grant_type": "client_credentials"}
    answer = await house.client.post(
        "/partner/v1/token", data=asked, auth=(program.client_id, program.secret)
    )
    house.tokens[f"{kind} program"] = answer.json()["access_token"]


def seen_in(text: str, viewer: Viewer, person: Person) -> dict[str, bool]:
    """Which words and days stand in what a viewer opened."""
    own = viewer if viewer in AGENCY_KINDS else "court"
    words = {
        group: canary(group, own if group in OWN else "")
        for group in GROUPS
        if group not in {"audit", "statistics"}
    }
    found = {group: word in text for group, word in words.items()}
    found["identity"] = person.address in text
    return found | {f"{group} day": says_day(text, group) for group in TRACKS}


def stated(viewer: Viewer) -> dict[str, bool]:
    """The same, as the matrix says it; identity shows nowhere before a second step."""
    groups = [group for group in GROUPS if group not in {"audit", "statistics"}]
    said = {group: sees(viewer, group) == "full" for group in groups} | {"identity": False}
    return said | {f"{group} day": sees(viewer, group) != "none" for group in TRACKS}


@pytest.mark.parametrize("viewer", STAFF)
async def test_pages_show_staff_what_the_matrix_says(house: House, viewer: Role) -> None:
    text = await house.pages(viewer, viewer, list(house.requests.values()))
    assert seen_in(text, viewer, house.person) == stated(viewer)  # type: ignore[arg-type]


@pytest.mark.parametrize("viewer", STAFF)
async def test_the_staff_interface_shows_no_more_than_the_matrix_says(house: House, viewer: Role) -> None:
    if viewer not in house.tokens:
        assert not SCOPES[viewer] & set(OFFERED)
        return
    known = {"referral_id": house.case}
    text = await house.calls(viewer, make_api(house.runtime), "/api/v1", known)
    shown, may = seen_in(text, viewer, house.person), stated(viewer)  # type: ignore[arg-type]
    assert [group for group, is_shown in shown.items() if is_shown and not may[group]] == []


@pytest.mark.parametrize("kind", AGENCY_KINDS)
async def test_the_portal_shows_an_agency_what_the_matrix_says(house: House, kind: AgencyKind) -> None:
    text = await house.pages(kind, "partner_officer", [house.requests[kind]])
    assert seen_in(text, kind, house.person) == stated(kind)
    for other in set(AGENCY_KINDS) - {kind}:
        assert canary("referral", other) not in text
        assert canary("files", other) not in text
        assert str(house.requests[other]) not in text
    assert canary("notes", "of") not in text


@pytest.mark.parametrize("kind", AGENCY_KINDS)
async def test_the_partner_interface_shows_an_agency_what_the_matrix_says(
    house: House, kind: AgencyKind
) -> None:
    known = {"case_id": house.requests[kind]}
    text = await house.calls(f"{kind} program", make_partner_api(house.runtime), "/partner", known)
    assert seen_in(text, kind, house.person) == stated(kind)
    assert canary("notes", "of") not in text
    assert str(house.case) not in text
    for other in set(AGENCY_KINDS) - {kind}:
        assert canary("referral", other) not in text


@pytest.mark.parametrize("kind", AGENCY_KINDS)
async def test_no_file_names_a_step_that_an_agency_does_not_see(house: House, kind: AgencyKind) -> None:
    cookie = f"rootan={house.sessions[kind]}"
    for form in ("csv", "jsonl"):
        text = await house.text(f"/console/portal/exchange/states.{form}", Cookie=cookie)
        assert str(house.requests[kind]) in text
        for group, step in STATES.items():
            assert sees(kind, group) != "none" or step not in text, (form, step)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in AGENCY_KINDS if "standing" in templates().template[kind].fields],
)
async def test_where_a_case_stands_is_told_as_far_as_an_agency_sees_it(
    house: House, kind: AgencyKind
) -> None:
    """As a field that staff chose; what no field may say is not for them to choose."""
    text = await house.text(
        f"/partner/v1/cases/{house.requests[kind]}", Authorization=f"Bearer {house.tokens[f'{kind} program']}"
    )
    assert '"standing"' in text
    for group, step in STATES.items():
        assert sees(kind, group) != "none" or step not in text, step


async def test_agencies_are_told_of_what_they_see_and_never_what_it_says(house: House) -> None:
    """A call names the case by the agency's own id, and the event; steps of groups that it does not see make none."""
    async with house.runtime.database.unit_of_work() as session:
        await note_changes(session, utc_now() - timedelta(days=1), now=utc_now())
        rows = await session.execute(
            sa.select(HookCall.agency_referral_id, CaseEvent.track, CaseEvent.step).join(
                CaseEvent, CaseEvent.id == HookCall.event_id
            )
        )
        told = {(row.agency_referral_id, group_of(row.track, row.step)) for row in rows}
    for kind, request in house.requests.items():
        seen = {group for group in TRACKS if sees(kind, group) != "none"}
        assert {group for one, group in told if one == request and group in TRACKS} <= seen, kind
        assert not {group for one, group in told if one == request} & {"report", "notes"}


async def test_nothing_that_is_stored_to_be_sent_holds_a_word_in_the_clear(house: House) -> None:
    async with house.runtime.database.unit_of_work() as session:
        for table in ("hook_call", "staff_alert", "pgqueuer", "message"):
            rows = await session.execute(sa.text(f"SELECT t::text FROM {table} t"))
            text = "\n".join(row[0] for row in rows)
            assert "canary" not in text, table
            assert house.person.address not in text, table


async def test_the_person_is_shown_their_own_money_and_no_property_of_the_accused(house: House) -> None:
    """That execution goes on is told, in the same words whatever was found."""
    async with house.runtime.database.unit_of_work() as session:
        progress = await read_progress(session, house.runtime.keys, house.case, bangkok(utc_now()).date())
    bubbles = (*show_case("th", progress), *show_rights("th", progress), *show_money("th", progress.money))
    text = "\n".join(map(repr, bubbles))
    assert "850,000" in text
    assert "123,456" not in text
    assert "canary" not in text
    stop = next(stop for stop in progress.stops if stop.step in ASSET_STEPS)
    for step in ASSET_STEPS:
        stops = tuple(replace(one, step=step) if one == stop else one for one in progress.stops)
        assert show_case("th", replace(progress, stops=stops)) == show_case("th", progress)


@pytest.mark.parametrize(
    ("address", "group"), [("/console/audit", "audit"), ("/console/yearly", "statistics")]
)
@pytest.mark.parametrize("viewer", STAFF)
async def test_the_log_and_the_yearly_report_open_for_whom_the_matrix_names(
    house: House, viewer: Role, address: str, group: Group
) -> None:
    answer = await house.client.get(address, headers={"Cookie": f"rootan={house.sessions[viewer]}"})
    assert (answer.status_code == 200) == (sees(viewer, group) == "full")  # type: ignore[arg-type]
    assert "canary" not in answer.text


def test_no_field_that_may_be_chosen_tells_an_agency_of_what_it_does_not_see() -> None:
    for kind in AGENCY_KINDS:
        chosen = templates().template[kind].fields
        assert "assets" not in chosen or sees(kind, "assets") == "full", kind


async def test_a_name_that_was_given_shows_to_that_agency_alone(house: House) -> None:
    """The last one here: the second step changes the case."""
    agency, officer = house.agencies["police"], house.accounts["hotline_officer"]
    request = house.requests["police"]
    await house.do(ask_identity, request, ByAgency(agency, house.accounts["police"]), reason="ต้องออกหมาย")
    await house.do(
        give_identity,
        request,
        ByHotline(house.case, officer),
        who={"name": canary("name")},
        reason="ขอมาตามหมาย",
    )
    for kind in ("police", "prosecutor", "msdhs"):
        text = await house.pages(kind, "partner_officer", [house.requests[kind]])
        assert (canary("name") in text) == (kind == "police"), kind
