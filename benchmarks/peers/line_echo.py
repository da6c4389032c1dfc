"""The peer: what LINE's Python SDK shows for FastAPI, an echo that stores nothing.

Written after the SDK's documented way (WebhookParser, AsyncMessagingApi, one route); `ECHO_REPLIES=0` leaves the reply
out, for the comparison of receiving alone.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from linebot.v3 import WebhookParser
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import (
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    ReplyMessageRequest,
    TextMessage,
)
from linebot.v3.webhooks import MessageEvent, TextMessageContent

_parser = WebhookParser(os.environ.get("ECHO_SECRET", ""))
_replies = os.environ.get("ECHO_REPLIES", "1") == "1"


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    configuration = Configuration(
        host=os.environ["ECHO_LINE_BASE"], access_token=os.environ["ECHO_LINE_TOKEN"]
    )
    async with AsyncApiClient(configuration) as client:
        app.state.api = AsyncMessagingApi(client)
        yield


app = FastAPI(lifespan=_lifespan)


@app.post("/webhooks/line")
async def callback(request: Request) -> str:
    body = (await request.body()).decode()
    try:
        events = _parser.parse(body, request.headers["X-Line-Signature"])
    except InvalidSignatureError:
        raise HTTPException(status_code=400, detail="Invalid signature") from None
    for event in events:
        if _replies and isinstance(event, MessageEvent) and isinstance(event.message, TextMessageContent):
            await _echo(app.state.api, event)
    return "OK"


async def _echo(api: Any, event: MessageEvent) -> None:
    await api.reply_message(
        ReplyMessageRequest(reply_token=event.reply_token, messages=[TextMessage(text=event.message.text)])
    )
