import pytest

from app.runtime import Runtime
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.settings import Settings
from tests.app.conftest import Browser, OpenBrowser, OpenBrowserOn


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/partner/v1/nothing"])
async def test_programs_get_problem_json(open_browser: OpenBrowser, path: str) -> None:
    response = await open_browser().get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {"title": "not_found", "status": 404, "detail": ""}


async def test_people_get_a_page_that_says_what_to_do(open_browser: OpenBrowser) -> None:
    response = await open_browser().get("/nowhere", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert 'lang="th"' in response.text


async def test_a_wrong_method_is_no_server_error(anong: Browser) -> None:
    assert (await anong.client.put("/console/referrals")).status_code == 405


async def test_what_went_wrong_inside_is_never_told(anong: Browser, database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE referral RENAME TO was_referral")
    response = await anong.get("/console/referrals")
    assert response.status_code == 500
    assert "referral" not in response.text.replace("/console/referrals", "")
    assert "SELECT" not in response.text


async def test_a_failure_leaves_its_audit_row(anong: Browser, database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE referral RENAME TO was_referral")
    await anong.get("/console/referrals")
    async with database.engine.connect() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT action, outcome FROM audit_event WHERE object_kind = 'queue'"
        )
        assert [tuple(r) for r in rows] == [("queue.read", "failed")]


async def test_an_absent_database_says_to_wait(
    open_browser_on: OpenBrowserOn, settings: Settings, keys: DataKeys
) -> None:
    nowhere = Database("postgresql+asyncpg://postgres@127.0.0.1:1/none")
    browser = open_browser_on(Runtime(settings, nowhere, keys))
    assert (await browser.get("/console/sign-in")).status_code == 200
    response = await browser.post("/console/sign-in", email="anong@rootan.test", password="x" * 12)
    assert response.status_code == 503
    await nowhere.close()


async def test_what_a_page_asks_by_itself_learns_of_the_end_and_leaves_the_page_where_it_is(
    anong: Browser, open_browser: OpenBrowser
) -> None:
    for browser in (open_browser(), anong):
        if browser is anong:
            await anong.post("/console/sign-out-everywhere")
        answer = await browser.client.get("/console/referrals/rows", headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["hx-trigger"], answer.text) == (401, "ended", "")
        assert "hx-redirect" not in answer.headers
