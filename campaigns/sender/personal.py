"""What is rendered for each person at the moment of sending: the wording as it was frozen, and what is known of them."""

import contextlib
from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

import msgspec

from campaigns.composer.rendering import render
from campaigns.media import MediaFacts
from campaigns.plans.blocks import Wording
from core.crypto.sealing import context, open_sealed
from core.errors import CryptoError
from core.languages import Language
from core.messages.content import Content
from referrals.questionnaires.places import say_place


class Template(msgspec.Struct, frozen=True, omit_defaults=True):
    """A wording with all that rendering needs but the person."""

    wording: Wording
    language: Language
    campaign_id: UUID
    links: dict[str, str]
    media: dict[str, MediaFacts]


def encode_template(template: Template) -> str:
    return msgspec.json.encode(template).decode()


@lru_cache(maxsize=64)
def _decoded(template: str) -> Template:
    return msgspec.json.decode(template, type=Template)


def render_for(template: str, person: Mapping[str, str]) -> Content:
    """What this person gets; `person` is what is known of them, by variable."""
    one = _decoded(template)
    return render(
        one.wording,
        one.language,
        person=person,
        links=one.links,
        campaign_id=one.campaign_id,
        media=one.media,
    )


def person_of(
    template: str, key: bytes, contact_id: UUID, name: bytes | None, province: str | None
) -> dict[str, str]:
    """What is known of a person, from their sealed name and their province's number; what opens no more is not known."""
    known: dict[str, str] = {}
    if name is not None:
        with contextlib.suppress(CryptoError):
            known["name"] = open_sealed(key, name, context("contact_trait", "name", contact_id)).decode()
    if province:
        with contextlib.suppress(KeyError):
            known["province"] = say_place(f"province:TH-{province}", _decoded(template).language)
    return known
