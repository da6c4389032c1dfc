"""Statistics of aggregation units, asked for by the real SDK."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from linebot.v3.insight import AsyncApiClient, AsyncInsight, Configuration
from linebot.v3.messaging import AsyncMessagingApi, MulticastRequest, TemplateMessage, TextMessage
from linebot.v3.messaging.models import ButtonsTemplate, URIAction

from simulator.client import SimulatorClient
from tests.simulator.process import LINE_TOKEN

SITE = "https://www.doe.go.th/"


def days(back: int = 0, ahead: int = 0) -> tuple[str, str]:
    today = datetime.now(UTC).astimezone(timezone(timedelta(hours=9)))
    return tuple(f"{today + timedelta(days=by):%Y%m%d}" for by in (-back, ahead))  # type: ignore[return-value]


@pytest.fixture
async def insight(phones: SimulatorClient) -> AsyncIterator[AsyncInsight]:
    async with AsyncApiClient(Configuration(host=phones.line_base, access_token=LINE_TOKEN)) as client:
        yield AsyncInsight(client)


async def send(phones: SimulatorClient, line: AsyncMessagingApi, unit: str, count: int) -> list[str]:
    people = [person.id for person in await phones.create_people("line", "คน", count=count)]
    button = TemplateMessage(
        altText="ข่าว",
        template=ButtonsTemplate(text="ข่าว", actions=[URIAction(label="ดู", uri=SITE)]),
    )
    await line.multicast(
        MulticastRequest(to=people, messages=[TextMessage(text="ข่าว"), button], customAggregationUnits=[unit])
    )
    return people


async def click(phones: SimulatorClient, person: str) -> None:
    shown = (await phones.timeline(person)).items[-1]
    assert (await phones.press(person, shown.id, label="ดู")).opened == SITE


async def test_who_opens_the_chat_and_the_link_is_counted_once_and_from_twenty_on(
    phones: SimulatorClient, line: AsyncMessagingApi, insight: AsyncInsight
) -> None:
    people = await send(phones, line, "news", 25)
    nothing = await insight.get_statistics_per_unit("news", *days())
    assert nothing.overview.unique_impression is None
    for person in people[:19]:
        await phones.look(person)
    assert (await insight.get_statistics_per_unit("news", *days())).overview.unique_impression is None
    for person in people[:21]:
        await phones.look(person)
    await phones.say(people[21], "สวัสดี", wait=False)
    for person in [*people[:20], people[0]]:
        await click(phones, person)
    found = await insight.get_statistics_per_unit("news", *days())
    assert (found.overview.unique_impression, found.overview.unique_click) == (22, 20)
    assert [(one.seq, one.impression) for one in found.messages] == [(1, 22), (2, 22)]
    assert [(one.url, one.click, one.unique_click) for one in found.clicks] == [(SITE, 21, 20)]
    other = await insight.get_statistics_per_unit("news", *days(back=3, ahead=-1))
    assert other.overview.unique_impression is None


async def test_after_a_fortnight_nothing_more_counts(
    phones: SimulatorClient, line: AsyncMessagingApi, insight: AsyncInsight
) -> None:
    people = await send(phones, line, "late", 25)
    await phones.advance(14 * 24 * 3_600 + 60)
    for person in people:
        await phones.look(person)
        await click(phones, person)
    found = await insight.get_statistics_per_unit("late", *days(ahead=20))
    assert (found.overview.unique_impression, found.overview.unique_click) == (None, None)


@pytest.mark.parametrize(
    ("unit", "first", "last"),
    [
        ("with-dash", "20261101", "20261102"), ("a" * 31, "20261101", "20261102"), ("u", "2026110", "20261102"),
        ("u", "20261301", "20261302"), ("u", "20261102", "20261101"), ("u", "20261001", "20261101"),
    ],
)  # fmt: skip
async def test_what_the_contract_does_not_allow_is_refused(
    phones: SimulatorClient, unit: str, first: str, last: str, line: AsyncMessagingApi
) -> None:
    asked = {"customAggregationUnit": unit, "from": first, "to": last}
    status, _ = await ask(phones, asked)
    assert status == 400
    status, _ = await ask(phones, {name: value for name, value in asked.items() if name != "to"})
    assert status == 400


async def test_sixty_calls_an_hour_are_answered(phones: SimulatorClient) -> None:
    asked = {"customAggregationUnit": "u", "from": "20261001", "to": "20261031"}
    statuses = [(await ask(phones, asked))[0] for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    await phones.advance(3_601)
    assert (await ask(phones, asked))[0] == 200


async def test_the_answer_is_of_the_shape_that_line_publishes(
    phones: SimulatorClient, line: AsyncMessagingApi, shared: Path
) -> None:
    for person in await send(phones, line, "shape", 20):
        await click(phones, person)
    first, last = days()
    _, answer = await ask(phones, {"customAggregationUnit": "shape", "from": first, "to": last})
    spec = yaml.safe_load((shared / "specs/line/insight.yml").read_text("utf-8"))
    schemas = _strict(spec["components"]["schemas"])
    wanted = {"$ref": "#/components/schemas/GetStatisticsPerUnitResponse", "components": {"schemas": schemas}}
    assert [str(fault) for fault in jsonschema_rs.validator_for(wanted).iter_errors(answer)] == []


def _strict(value: Any) -> Any:
    """OpenAPI's "nullable" in JSON Schema's words, and nothing that is not listed."""
    if isinstance(value, list):
        return [_strict(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {
        name: _strict(inner) for name, inner in value.items() if name not in {"nullable", "example", "format"}
    }
    if value.get("nullable") is True and isinstance(value.get("type"), str):
        found["type"] = [value["type"], "null"]
    if value.get("type") == "object" and "properties" in value:
        found["additionalProperties"] = False
    return found


async def ask(phones: SimulatorClient, query: dict[str, str]) -> tuple[int, Any]:
    address = f"{phones.line_base}/v2/bot/insight/message/event/aggregation"
    headers = {"Authorization": f"Bearer {LINE_TOKEN}"}
    async with phones._open().get(address, params=query, headers=headers) as answer:
        return answer.status, await answer.json()
