"""The account, its friends, its webhook, its statistics and its groups, asked by the real SDK."""

import aiohttp
import pytest
from linebot.v3.messaging import (
    AsyncMessagingApi,
    MarkMessagesAsReadByTokenRequest,
    MulticastRequest,
    SetWebhookEndpointRequest,
    ShowLoadingAnimationRequest,
    TextMessage,
)
from linebot.v3.messaging import TestWebhookEndpointRequest as CheckRequest
from linebot.v3.messaging.exceptions import ApiException

from simulator.client import SimulatorClient
from simulator.phone import Person
from tests.simulator.process import LINE_TOKEN
from tests.simulator.receiver import Receiver


async def test_the_account_knows_itself(phones: SimulatorClient, line: AsyncMessagingApi) -> None:
    info = await line.get_bot_info()
    assert info.user_id == (await phones.bot())["line"]
    assert info.display_name == "รู้ทัน"


async def test_a_profile_is_shown_of_friends_only(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    profile = await line.get_profile(somsri.id)
    assert (profile.display_name, profile.language) == ("สมศรี", "th")
    await phones.unfollow(somsri.id)
    with pytest.raises(ApiException, match="Not found"):
        await line.get_profile(somsri.id)
    with pytest.raises(ApiException, match="The value for the 'userId' parameter is invalid"):
        await line.get_profile("nobody")


async def test_friends_are_listed_in_pages(phones: SimulatorClient, line: AsyncMessagingApi) -> None:
    people = [person.id for person in await phones.create_people("line", "คน", count=5)]
    first = await line.get_followers(limit=3)
    rest = await line.get_followers(limit=3, start=first.next)
    assert [*first.user_ids, *rest.user_ids] == people
    assert rest.next is None
    with pytest.raises(ApiException, match="Invalid start param"):
        await line.get_followers(start="soon")


async def test_the_webhook_is_set_read_and_tested(
    phones: SimulatorClient, line: AsyncMessagingApi, receiver: Receiver
) -> None:
    before = (await line.get_webhook_endpoint()).endpoint
    receiver.statuses = [200, 404]
    assert (await line.test_webhook_endpoint(CheckRequest())).success
    assert receiver.got[-1].json["events"] == []
    failed = await line.test_webhook_endpoint(CheckRequest(endpoint=f"{receiver.url}/line"))
    assert (failed.success, failed.status_code) == (False, 404)
    await line.set_webhook_endpoint(SetWebhookEndpointRequest(endpoint="https://example.com/webhooks/line"))
    assert (await line.get_webhook_endpoint()).endpoint == "https://example.com/webhooks/line"
    await line.set_webhook_endpoint(SetWebhookEndpointRequest(endpoint=before))
    with pytest.raises(ApiException, match="Invalid webhook endpoint URL"):
        await line.set_webhook_endpoint(SetWebhookEndpointRequest(endpoint="http://example.com/"))


@pytest.mark.parametrize(("seconds", "errors"), [(4, 2), (61, 2), (12, 1)])
async def test_the_loading_animation_lasts_in_steps_of_five(
    phones: SimulatorClient, somsri: Person, seconds: int, errors: int
) -> None:
    headers = {"Authorization": f"Bearer {LINE_TOKEN}"}
    body = {"chatId": somsri.id, "loadingSeconds": seconds}
    url = f"{phones.line_base}/v2/bot/chat/loading/start"
    async with aiohttp.ClientSession() as session, session.post(url, json=body, headers=headers) as response:
        answer = await response.json()
    assert (response.status, len(answer["details"])) == (400, errors)


async def test_the_loading_animation_is_for_people_only(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    group = await phones.create_group("line", "เพื่อนบ้าน", [somsri.id])
    with pytest.raises(ApiException, match="Only user id is acceptable"):
        await line.show_loading_animation(ShowLoadingAnimationRequest(chatId=group.id))
    shown = await line.show_loading_animation_with_http_info(
        ShowLoadingAnimationRequest(chatId="U" + "0" * 32)
    )
    assert shown.status_code == 202


async def test_messages_are_marked_as_read_by_their_token(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi, receiver: Receiver
) -> None:
    done = await phones.say(somsri.id, "อ่านหรือยัง")
    token = receiver.event["message"]["markAsReadToken"]
    await line.mark_messages_as_read_by_token(MarkMessagesAsReadByTokenRequest(markAsReadToken=token))
    assert (await phones.timeline(somsri.id)).read_up_to == done.message_ids[0]
    with pytest.raises(ApiException, match="Invalid markAsReadToken"):
        await line.mark_messages_as_read_by_token(MarkMessagesAsReadByTokenRequest(markAsReadToken="x"))


async def test_groups_are_described_while_the_account_is_inside(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    group = await phones.create_group("line", "เพื่อนบ้าน", [somsri.id])
    with pytest.raises(ApiException, match="Not found"):
        await line.get_group_summary(group.id)
    await phones.add_bot(group.id, somsri.id)
    assert (await line.get_group_summary(group.id)).group_name == "เพื่อนบ้าน"
    assert (await line.get_group_member_count(group.id)).count == 1
    assert (await line.get_group_members_ids(group.id)).member_ids == [somsri.id]
    assert (await line.get_group_member_profile(group.id, somsri.id)).display_name == "สมศรี"
    await line.leave_group(group.id)
    with pytest.raises(ApiException, match="Not found"):
        await line.get_group_summary(group.id)


async def test_sent_messages_are_counted_by_day(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    await line.multicast(MulticastRequest(to=[somsri.id], messages=[TextMessage(text="ข่าว")]))
    await phones.advance(24 * 3600)
    from_yesterday = await line.get_number_of_sent_multicast_messages("20200101")
    assert (from_yesterday.status, from_yesterday.success) == ("ready", 0)
    assert (await line.get_number_of_sent_multicast_messages("29990101")).status == "unready"
    with pytest.raises(ApiException, match="'date' parameter is invalid"):
        await line.get_number_of_sent_multicast_messages("yesterday")


async def test_a_token_is_verified(phones: SimulatorClient) -> None:
    url = f"{phones.line_base}/v2/oauth/verify"
    async with aiohttp.ClientSession() as session:
        async with session.post(url, data={"access_token": LINE_TOKEN}) as response:
            assert response.status == 200
        async with session.post(url, data={"access_token": "x"}) as response:
            assert (response.status, (await response.json())["error"]) == (400, "invalid_request")
