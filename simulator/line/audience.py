"""Whom a narrowcast is for: recipients and demographic filters. Source: LINE messaging-api.yml."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET

from simulator.line.strict import Maybe, Strict


class AudienceRecipient(Strict, tag_field="type", tag="audience", kw_only=True):
    audience_group_id: int


class RedeliveryRecipient(Strict, tag_field="type", tag="redelivery", kw_only=True):
    request_id: str


class OperatorRecipient(
    Strict, rename={"and_": "and", "or_": "or", "not_": "not"}, tag_field="type", tag="operator", kw_only=True
):
    and_: Maybe[list[Recipient]] = UNSET
    or_: Maybe[list[Recipient]] = UNSET
    not_: Maybe[Recipient] = UNSET


Recipient = AudienceRecipient | RedeliveryRecipient | OperatorRecipient


class AgeFilter(Strict, tag_field="type", tag="age", kw_only=True):
    gte: Maybe[str] = UNSET
    lt: Maybe[str] = UNSET


class AppTypeFilter(Strict, tag_field="type", tag="appType", kw_only=True):
    one_of: list[Literal["ios", "android"]]


class AreaFilter(Strict, tag_field="type", tag="area", kw_only=True):
    one_of: list[str]


class GenderFilter(Strict, tag_field="type", tag="gender", kw_only=True):
    one_of: list[Literal["male", "female"]]


class SubscriptionPeriodFilter(Strict, tag_field="type", tag="subscriptionPeriod", kw_only=True):
    gte: Maybe[str] = UNSET
    lt: Maybe[str] = UNSET


class OperatorFilter(
    Strict, rename={"and_": "and", "or_": "or", "not_": "not"}, tag_field="type", tag="operator", kw_only=True
):
    and_: Maybe[list[DemographicFilter]] = UNSET
    or_: Maybe[list[DemographicFilter]] = UNSET
    not_: Maybe[DemographicFilter] = UNSET


DemographicFilter = (
    AgeFilter | AppTypeFilter | AreaFilter | GenderFilter | SubscriptionPeriodFilter | OperatorFilter
)


class Filter(Strict, kw_only=True):
    demographic: Maybe[DemographicFilter] = UNSET
