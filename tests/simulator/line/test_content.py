"""Files that people sent are fetched by the real SDK."""

import pytest
from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApiBlob, Configuration
from linebot.v3.messaging.exceptions import ApiException

from simulator.client import SimulatorClient
from simulator.control.shapes import Say
from simulator.phone import Person
from tests.simulator.process import LINE_TOKEN


async def test_a_picture_comes_back_as_it_was_sent(
    phones: SimulatorClient, somsri: Person, line_blob: AsyncMessagingApiBlob, picture: bytes
) -> None:
    done = await phones.send_picture(somsri.id, picture)
    assert await line_blob.get_message_content(done.message_ids[0]) == picture
    assert await line_blob.get_message_content_preview(done.message_ids[0]) == picture
    with pytest.raises(ApiException, match="Transcoding status doesn't support"):
        await line_blob.get_message_content_transcoding_by_message_id(done.message_ids[0])


async def test_files_have_an_address_of_their_own(
    phones: SimulatorClient, somsri: Person, picture: bytes
) -> None:
    done = await phones.send_picture(somsri.id, picture)
    async with AsyncApiClient(Configuration(host=phones.line_data_base, access_token=LINE_TOKEN)) as client:
        assert await AsyncMessagingApiBlob(client).get_message_content(done.message_ids[0]) == picture
    assert await phones.media("line", done.message_ids[0]) == picture


async def test_a_large_picture_passes(
    phones: SimulatorClient, somsri: Person, line_blob: AsyncMessagingApiBlob
) -> None:
    body = bytes(range(256)) * 4096 * 3
    done = await phones.send_picture(somsri.id, body)
    assert await line_blob.get_message_content(done.message_ids[0]) == body


async def test_a_sound_is_prepared_first(
    phones: SimulatorClient, somsri: Person, line_blob: AsyncMessagingApiBlob
) -> None:
    done = await phones.say_many([Say(person=somsri.id, kind="audio", data=b"sound", preparing_s=30)])
    sound = done.message_ids[0]
    assert (await line_blob.get_message_content_transcoding_by_message_id(sound)).status == "processing"
    assert (await line_blob.get_message_content_with_http_info(sound)).status_code == 202
    await phones.advance(31)
    assert (await line_blob.get_message_content_transcoding_by_message_id(sound)).status == "succeeded"
    assert await line_blob.get_message_content(sound) == b"sound"


async def test_an_unsent_picture_is_gone(
    phones: SimulatorClient, somsri: Person, line_blob: AsyncMessagingApiBlob, picture: bytes
) -> None:
    done = await phones.send_picture(somsri.id, picture)
    await phones.unsend(somsri.id, done.message_ids[0])
    with pytest.raises(ApiException) as gone:
        await line_blob.get_message_content(done.message_ids[0])
    assert (gone.value.status, gone.value.body) == (410, '{"message":"The content is gone"}')


async def test_an_unknown_message_has_no_content(line_blob: AsyncMessagingApiBlob) -> None:
    with pytest.raises(ApiException) as unknown:
        await line_blob.get_message_content("1")
    assert unknown.value.status == 404
