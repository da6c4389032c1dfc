import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pypdfium2
import pytest
import sqlalchemy as sa

from app.console.texts import load_texts
from app.console.yearly_tables import say_where
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.languages import WHOLE
from referrals.compensation.sources import FUNDS
from referrals.intake import open_referral
from referrals.models import Referral
from referrals.tracks.models import CaseEvent, CasePerson
from referrals.tracks.people import person_codes
from referrals.yearly.counting import NATIONALITIES, OTHERS
from referrals.yearly.queries import PAIRS, SENTENCES
from referrals.yearly.report import BASES, KINDS, MONEY
from tests.app.conftest import Browser
from tests.support.cast import make_person

_ADDRESS = "/console/yearly"
YEAR = 2025
HIDDEN = (
    '<td class="number veiled"><span aria-hidden="true">•</span><span class="visually-hidden">ซ่อน</span></td>'
)


async def victims(database: Database, keys: DataKeys, number: int, *, place: str, age: str) -> list[UUID]:
    """So many cases, each with one person who was identified and an order of 1,000 baht."""
    made = []
    recorded = datetime(2026, 1, 5, tzinfo=UTC)
    async with database.unit_of_work() as session:
        for _ in range(number):
            person = await make_person(session, keys, name=new_id().hex)
            case = await open_referral(
                session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
                source="report", priority="P2", kinds=(), reasons=("can_talk",), receipt=new_id().hex,
            )  # fmt: skip
            await session.execute(sa.update(Referral).where(Referral.id == case).values(place=place))
            await session.flush()
            session.add(CasePerson(referral_id=case, number=1, age_band=age, changed_at=recorded))
            for track, step, more in (
                ("victim", "identified", {"person": 1, "outcome": "s6"}),
                ("compensation", "ordered", {"amount": 1_000_00, "fund": "court"}),
            ):
                session.add(
                    CaseEvent(
                        id=new_id(), referral_id=case, track=track, step=step, happened_on=date(YEAR, 5, 1),
                        recorded_at=recorded, source="manual", **more,
                    )
                )  # fmt: skip
            made.append(case)
    return made


def row(page: str, table: str, name: str) -> list[str]:
    """The cells of a line of a table, tags left out."""
    section = page[page.index(f'id="t-{table}"') :].split("</section>", maxsplit=1)[0]
    line = section[section.index(f'<th scope="row">{name}</th>') :].split("</tr>")[0]
    return [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", line)]


async def test_a_supervisor_reads_a_year_with_small_cells_hidden(
    boon: Browser, database: Database, keys: DataKeys
) -> None:
    await victims(database, keys, 30, place="province:TH-10", age="18-24")
    await victims(database, keys, 22, place="province:TH-50", age="25-34")
    await victims(database, keys, 2, place="province:TH-83", age="15-17")
    page = (await boon.get(f"{_ADDRESS}?year={YEAR}")).text
    assert "ปี 2568" in page
    assert row(page, "years", "ผู้เสียหาย (คน)")[-1] == "54"
    assert row(page, "years", "เงินที่สั่งให้จ่าย (บาท)")[-1] == "54,000"
    assert row(page, "places", "กรุงเทพมหานคร")[1] == "30"
    # Or 54 - 30 - 22 would tell.
    assert row(page, "places", "ภูเก็ต")[1] == row(page, "places", "เชียงใหม่")[1] == "•ซ่อน"
    assert "•ซ่อน" in row(page, "age", "15–17 ปี")
    both = (await boon.get(f"{_ADDRESS}?year={YEAR}&place=province:TH-10&form=statutory")).text
    assert row(both, "sex", "ยังไม่ทราบ") == ["54", "30"]


async def test_the_files_hold_the_same_figures_and_the_same_mark(
    boon: Browser, database: Database, keys: DataKeys
) -> None:
    await victims(database, keys, 25, place="province:TH-10", age="18-24")
    await victims(database, keys, 3, place="province:TH-83", age="18-24")
    asked = f"year={YEAR}&form=elsewhere"
    found = re.search(r"รหัสชุดตัวเลข (\w{12})", (await boon.get(f"{_ADDRESS}?{asked}")).text)
    assert found
    book_file = (await boon.get(f"{_ADDRESS}/file?{asked}&kind=xlsx")).content
    with zipfile.ZipFile(io.BytesIO(book_file)) as book:
        words = book.read("xl/sharedStrings.xml").decode()
        named = book.read("xl/workbook.xml").decode()
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/" in name]
    assert found[1] in words
    assert "ภูเก็ต" in words
    # A tab holds 31 characters and no colon: none of ours is cut.
    assert 'name="รายจังหวัด ผู้เสียหายตามอายุ"' in named
    for language in WHOLE:
        with_place = load_texts(language)["yearly.sheet_by_place"]
        for name in KINDS:
            title = (
                load_texts(language).get(f"yearly.sheet.{name}")
                or load_texts(language)[f"yearly.table.{name}"]
            )
            assert len(with_place.format(title=title)) <= 31, title
    assert not any("<v>3</v>" in sheet and "<v>28</v>" in sheet and "<v>25</v>" in sheet for sheet in sheets)
    paper = pypdfium2.PdfDocument((await boon.get(f"{_ADDRESS}/file?{asked}&kind=pdf")).content)
    text = "".join(page.get_textpage().get_text_range() for page in paper)
    assert found[1] in text
    assert "Boon" in text


async def test_a_day_gives_the_figures_of_that_day_for_ever(
    boon: Browser, database: Database, keys: DataKeys
) -> None:
    await victims(database, keys, 25, place="province:TH-10", age="18-24")
    later = await victims(database, keys, 30, place="province:TH-10", age="18-24")
    async with database.unit_of_work() as session:
        await session.execute(
            sa.update(CaseEvent)
            .where(CaseEvent.referral_id.in_(later))
            .values(recorded_at=datetime(2026, 2, 1, tzinfo=UTC))
        )
    for _ in range(2):
        page = (await boon.get(f"{_ADDRESS}?year={YEAR}&as_of=2026-01-31")).text
        assert row(page, "years", "ผู้เสียหาย (คน)")[-1] == "25"
        assert (
            row((await boon.get(f"{_ADDRESS}?year={YEAR}&as_of=2026-02-01")).text, "years", "ผู้เสียหาย (คน)")[
                -1
            ]
            == "55"
        )
        async with database.unit_of_work() as session:
            await session.execute(sa.update(Referral).values(place=None))


@pytest.mark.parametrize("query", ["year=2568", "as_of=2999-01-01", "as_of=x", "year=1900"])
async def test_it_refuses_a_year_or_day_to_come(boon: Browser, query: str) -> None:
    assert (await boon.get(f"{_ADDRESS}?{query}")).status_code == 400
    assert (await boon.get(f"{_ADDRESS}/file?{query}")).status_code == 400


async def test_today_is_not_over(boon: Browser) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    assert (await boon.get(f"{_ADDRESS}?as_of={tomorrow}")).status_code == 400
    assert (await boon.get(_ADDRESS)).status_code == 200


async def test_officers_see_no_yearly_figures(anong: Browser) -> None:
    assert (await anong.get(_ADDRESS)).status_code == 403
    assert (await anong.get(f"{_ADDRESS}/file?kind=pdf")).status_code == 403


def test_every_code_of_the_report_has_its_words() -> None:
    codes = person_codes()
    asked = {
        "yearly.age": codes.age_bands, "yearly.sex": codes.sexes, "yearly.form": codes.forms,
        "yearly.nationality": (*NATIONALITIES, OTHERS), "yearly.sentence": [code for code, _ in SENTENCES],
        "yearly.pair": [name for name, _, _ in PAIRS], "yearly.fund": FUNDS, "yearly.count": BASES, "yearly.baht": MONEY,
        "yearly.table": (*KINDS, "years", "places", "places_money", "funds", "days", "about"), "yearly.column": KINDS,
    }  # fmt: skip
    for language in ("th", "en"):
        texts = load_texts(language)
        assert not {f"{section}.{code}" for section, some in asked.items() for code in some} - set(texts)
    assert say_where("unsaid") == "ที่อื่นหรือยังไม่ทราบ"
