"""Request bodies of the sending calls. Message objects stay raw here and are decoded one by one."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Raw

from simulator.line.audience import Filter, Recipient
from simulator.line.strict import Maybe, Strict

Unit = Annotated[str, Meta(pattern=r"^[a-zA-Z0-9_]{1,30}$")]
Units = Annotated[list[Unit], Meta(max_length=1)]


class _Sending(Strict, kw_only=True):
    messages: Annotated[list[Raw], Meta(min_length=1, max_length=5)]
    notification_disabled: bool = False


class ReplyRequest(_Sending, kw_only=True):
    reply_token: str


class PushRequest(_Sending, kw_only=True):
    to: str
    custom_aggregation_units: Maybe[Units] = UNSET


class MulticastRequest(_Sending, kw_only=True):
    to: Annotated[list[str], Meta(min_length=1, max_length=500)]
    custom_aggregation_units: Maybe[Units] = UNSET


class BroadcastRequest(_Sending, kw_only=True):
    pass


class Limit(Strict, kw_only=True):
    max: Maybe[Annotated[int, Meta(ge=1)]] = UNSET
    up_to_remaining_quota: bool = False
    forbid_partial_delivery: bool = False


class NarrowcastRequest(_Sending, kw_only=True):
    recipient: Maybe[Recipient] = UNSET
    filter: Maybe[Filter] = UNSET
    limit: Maybe[Limit] = UNSET


class ValidateRequest(Strict, kw_only=True):
    messages: Annotated[list[Raw], Meta(min_length=1, max_length=5)]


class LoadingRequest(Strict, kw_only=True):
    chat_id: str
    loading_seconds: int = 20


class MarkAsReadRequest(Strict, kw_only=True):
    mark_as_read_token: str


class WebhookEndpointRequest(Strict, kw_only=True):
    endpoint: Annotated[str, Meta(max_length=500)]


class WebhookTestRequest(Strict, kw_only=True):
    endpoint: Maybe[Annotated[str, Meta(max_length=500)]] = UNSET


reply_decoder = msgspec.json.Decoder(ReplyRequest)
push_decoder = msgspec.json.Decoder(PushRequest)
multicast_decoder = msgspec.json.Decoder(MulticastRequest)
broadcast_decoder = msgspec.json.Decoder(BroadcastRequest)
narrowcast_decoder = msgspec.json.Decoder(NarrowcastRequest)
validate_decoder = msgspec.json.Decoder(ValidateRequest)
loading_decoder = msgspec.json.Decoder(LoadingRequest)
mark_as_read_decoder = msgspec.json.Decoder(MarkAsReadRequest)
endpoint_decoder = msgspec.json.Decoder(WebhookEndpointRequest)
webhook_test_decoder = msgspec.json.Decoder(WebhookTestRequest)
