"""The supervisor's case among agencies: asked, answered, written about, ordered money for; and an agency's officer."""

from datetime import timedelta
from uuid import UUID

from core.clock import bangkok, utc_now
from referrals.agencies.hooks import add_hook
from referrals.agencies.officers import name_officer
from referrals.agencies.pairings import pair
from referrals.agencies.programs import make_program
from referrals.cleaning.kinds import Cleaned
from referrals.referring import answering, files, identity, messages
from referrals.referring.finding import ByHotline
from referrals.referring.sending import refer
from referrals.tracks.events import By, NewStep
from referrals.tracks.recording import record, settle
from tests.app.console.offices import Offices
from tests.e2e.console_pages.staging import Stage
from tests.support.casework import Casework

_DAY = timedelta(days=1)
_FIELDS = {"kinds": "", "place": "", "contact_way": "", "needs": "ขอให้ไปดูแลที่จุดนัดคืนนี้"}


async def sow_agencies(stage: Stage, referral_id: UUID, picture: bytes) -> dict[str, str]:
    """Refer the case, let agencies answer and tell, and return what addresses name."""
    offices = Offices(stage.runtime.database, stage.runtime.keys)
    boon = stage.accounts["supervisor"]
    await offices.open(boon)
    await _connect(stage, offices)
    request_id = await _send(stage, offices.police, referral_id, boon)
    file_id = await _exchange(
        stage, offices, request_id, ByHotline(referral_id, boon, oversees=True), picture
    )
    declined = await _send(stage, offices.shelter, referral_id, boon, ground="life_danger")
    await offices.do(answering.decline, declined, offices.shelter, reason="no_capacity", note="เต็มจนถึงวันศุกร์")
    event_id = await _tell(stage, offices, referral_id, request_id)
    await _money(Casework(stage.runtime.database, stage.runtime.keys, referral_id, boon))
    return {
        "agency_id": str(offices.police), "agency_referral_id": str(request_id), "agency_file_id": str(file_id),
        "file_id": str(file_id), "event_id": str(event_id), "form": "csv", "declined": str(declined),
    }  # fmt: skip


async def _connect(stage: Stage, offices: Offices) -> None:
    """An officer, a program and an address for news of the police."""
    async with stage.runtime.database.unit_of_work() as session:
        boon = stage.accounts["supervisor"]
        await pair(session, None, offices.police, by=boon)
        await name_officer(session, offices.police, stage.accounts["partner_officer"], by=boon)
        await make_program(
            session, offices.police, name="ระบบคดี", scopes=["cases.read"], by_account=boon, now=utc_now()
        )
        await add_hook(
            session, stage.runtime.keys, offices.police, "https://cases.police.example/news", by_account=boon,
            now=utc_now(),
        )  # fmt: skip


async def _send(stage: Stage, agency: UUID, referral_id: UUID, boon: UUID, ground: str = "") -> UUID:
    async with stage.runtime.database.unit_of_work() as session:
        return await refer(
            session, stage.runtime.keys, referral_id, agency_id=agency, fields=_FIELDS, note="โทรประสานก่อนออกเดินทาง",
            by_account=boon, oversees=True, ground=ground, ground_reason="ถูกเฝ้าอยู่" if ground else "", now=utc_now(),
        )  # fmt: skip


async def _exchange(
    stage: Stage, offices: Offices, request_id: UUID, staff: ByHotline, picture: bytes
) -> UUID:
    await offices.do(answering.open_request, request_id, offices.police)
    await offices.do(answering.accept, request_id, offices.police)
    keys = stage.runtime.keys
    async with stage.runtime.database.unit_of_work() as session:
        await messages.write(session, keys, request_id, staff, text="ถึงจุดนัดหรือยังคะ", now=utc_now())
        file_id = await files.give(
            session, keys, request_id, staff, slot="picture", cleaned=Cleaned("picture", "image/jpeg", picture),
            now=utc_now(),
        )  # fmt: skip
    await offices.do(messages.write, request_id, offices.police, text="ถึงแล้ว กำลังรอ")
    await offices.do(identity.ask_identity, request_id, offices.police, reason="ต้องเรียกชื่อที่จุดนัด")
    return file_id


async def _tell(stage: Stage, offices: Offices, referral_id: UUID, request_id: UUID) -> UUID:
    """Let the police tell steps, and the hotline otherwise; return a step that is the police's own."""
    keys, today = stage.runtime.keys, bangkok(utc_now()).date()
    hotline = By("hotline", "manual", account_id=stage.accounts["supervisor"])
    officer = stage.accounts["partner_officer"]
    police = By(
        "police", "manual", agency_id=offices.police, agency_referral_id=request_id, account_id=officer
    )
    told: list[UUID] = []
    for step, by, days in (
        ("complaint", police, 300), ("inquiry", hotline, 280), ("to_prosecutor", hotline, 250),
        ("non_indict", police, 240), ("indicted", hotline, 230),
    ):  # fmt: skip
        async with stage.runtime.database.unit_of_work() as session:
            new = NewStep(step=step, track="prosecution", happened_on=today - days * _DAY)
            told.append(await record(session, keys, referral_id, new, by, now=utc_now()))
    async with stage.runtime.database.unit_of_work() as session:
        await settle(session, keys, referral_id, told[-1], hotline, now=utc_now())
        # Settled, and disputed again elsewhere.
        for by, day in ((police, 20), (hotline, 10)):
            new = NewStep(step="possible", track="victim", happened_on=today - day * _DAY, person=1)
            await record(session, keys, referral_id, new, by, now=utc_now())
    return told[3]


async def _money(work: Casework) -> None:
    """An order, nothing found at first, two payments of which the person confirmed one."""
    today = bangkok(utc_now()).date()
    await work.step("compensation", "assessed", today - 220 * _DAY, amount=90_000_000, item="wages")
    await work.order(85_000_000, today - 200 * _DAY)
    await work.step("compensation", "order_final", today - 170 * _DAY)
    await work.step("compensation", "execution_opened", today - 150 * _DAY)
    await work.step("compensation", "assets_traced", today - 100 * _DAY, outcome="none_found")
    paid = await work.pay(20_000_000, today - 50 * _DAY)
    await work.step("compensation", "receipt_confirmed", today - 49 * _DAY, about_id=paid)
    await work.pay(5_000_050, today - 5 * _DAY)
    await work.step("compensation", "side_opened", today - 60 * _DAY, fund="fund")
    await work.step("compensation", "side_ordered", today - 55 * _DAY, fund="fund", amount=3_000_000)
