from uuid import UUID

import httpx
import pytest

from app.faces.gate import MOST_BYTES
from core.db.database import Database
from core.ids import new_id
from tests.app.api.conftest import Client


def _as(client: Client, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.token}", "Idempotency-Key": "k"} | more


async def test_every_answer_forbids_keeping_and_names_no_other_site(
    anong: Client, http: httpx.AsyncClient
) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    for response in (
        await http.get("/api/v1/referrals", headers=_as(anong) | origin),
        await http.get("/api/v1/referrals", headers=origin),
        await http.get("/api/v1/nowhere", headers=origin),
        await http.get("/api/openapi.json", headers=origin),
        await http.options("/api/v1/referrals", headers=origin | {"Access-Control-Request-Method": "GET"}),
        await http.delete("/api/v1/referrals", headers=origin),
    ):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert not [name for name in response.headers if name.startswith("access-control")]
        assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/referrals", "GET, HEAD, OPTIONS"),
        (f"/referrals/{UUID(int=1)}/claim", "POST, OPTIONS"),
        (f"/referrals/{UUID(int=1)}/notes", "GET, POST, HEAD, OPTIONS"),
    ],
)
async def test_other_methods_are_told_which_there_are(http: httpx.AsyncClient, path: str, allow: str) -> None:
    asked = await http.options(f"/api/v1{path}")
    assert (asked.status_code, asked.headers["allow"], asked.content) == (204, allow, b"")
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
        refused = await http.request(method, f"/api/v1{path}")
        assert (refused.status_code, refused.json()["title"], refused.headers["allow"]) == (
            405,
            "method",
            allow,
        )


async def test_what_does_not_exist_takes_no_method(http: httpx.AsyncClient) -> None:
    for method in ("GET", "POST", "OPTIONS", "HEAD", "PUT"):
        assert (await http.request(method, "/api/v1/nowhere")).status_code == 404
    assert (await http.get("/api")).status_code in {307, 404}


async def test_a_head_is_a_get_without_its_body(anong: Client, http: httpx.AsyncClient) -> None:
    got = await http.get("/api/v1/referrals", headers=_as(anong))
    head = await http.head("/api/v1/referrals", headers=_as(anong))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    assert (await http.head("/api/v1/referrals")).status_code == 401


async def test_a_body_is_json_and_not_large(anong: Client, http: httpx.AsyncClient) -> None:
    address, body = "/api/v1/screenings", b'{"id":"1","text":"a"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        refused = await http.post(address, content=body, headers=_as(anong, **{"Content-Type": kind}))
        assert (refused.status_code, refused.json()["title"]) == (415, "media_type")
    json = {"Content-Type": "application/json; charset=utf-8"}
    assert (await http.post(address, content=body, headers=_as(anong, **json))).status_code == 200
    large = await http.post(address, content=b" " * (MOST_BYTES + 1), headers=_as(anong, **json))
    assert (large.status_code, large.json()["title"]) == (413, "too_large")
    for broken in (
        b"{",
        b"[" * 60_000,
        b"\xff\xfe",
        b"null",
        b'{"id":"1","text":"\\ud800"}',
        b'{"id":1,"text":"a"}',
    ):
        response = await http.post(address, content=broken, headers=_as(anong, **json))
        assert response.status_code == 400, broken[:20]
        assert response.headers["content-type"] == "application/problem+json"


async def test_what_it_does_not_know_it_refuses(anong: Client, http: httpx.AsyncClient) -> None:
    extra = await anong.post("/screenings", {"id": "1", "text": "a", "store": True})
    assert extra.status_code == 400
    assert extra.json()["fields"] == [{"field": "body.store", "code": "extra_forbidden"}]
    for query in (
        "?colour=red",
        "?limit=0",
        "?limit=101",
        "?limit=x",
        "?priority=P9",
        "?view=all",
        "?cursor=%00",
    ):
        response = await http.get(f"/api/v1/referrals{query}", headers=_as(anong))
        assert response.status_code == 400, query
        assert "red" not in response.text
    assert (await http.get(f"/api/v1/referrals/{new_id()}?x=1", headers=_as(anong))).status_code == 400


async def test_what_went_wrong_inside_is_never_told(anong: Client, database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE referral RENAME TO was_referral")
    response = await anong.get("/referrals")
    assert (response.status_code, response.json()) == (500, {"title": "failed", "status": 500, "detail": ""})
    assert response.headers["cache-control"] == "no-store"
