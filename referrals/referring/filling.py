"""What stands in the fields of a request: read from the case when it is sent, or written by staff; never a name."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import bangkok
from core.contacts.models import ContactRule
from core.crypto.data_keys import DataKeys
from core.errors import CryptoError
from referrals.agencies.kinds import AgencyKind, read_kind
from referrals.agencies.naming import names_somebody
from referrals.agencies.templates import Template, templates
from referrals.desk.sealed import plain
from referrals.models import Referral
from referrals.referring.errors import FieldError, NamesSomebodyError
from referrals.reports import read_report
from referrals.tracks.models import CasePerson, CaseStanding
from referrals.tracks.visibility import Track, shown_state

# A code, words, a day as ISO 8601, several codes, or people as codes.
Value = str | list[str] | list[dict[str, Any]]
LONGEST_WORDS = 2_000
_CHILD = "G3"


async def read_fields(
    session: AsyncSession, keys: DataKeys, referral: Referral, codes: Iterable[str], *, kind: str
) -> dict[str, Value]:
    """Return what the case itself says in these fields to an agency of this kind; "" or [] where it says nothing."""
    wanted = set(codes)
    found: dict[str, Value] = {
        "kinds": list(referral.kinds),
        "priority": referral.priority,
        "place": referral.place or "",
        "opened_on": bangkok(referral.opened_at).date().isoformat(),
        "bands": list(referral.bands),
    }
    if wanted & {"signs", "under_18"}:
        report = await read_report(session, keys, referral)
        told = report.answers.get(_CHILD)
        found["under_18"] = next(iter(told.codes), "") if told else ""
        found["signs"] = [str(number) for number in report.assessment.ilo] if report.assessment else []
    if "contact_way" in wanted:
        found["contact_way"] = _contact_way(await session.get(ContactRule, referral.contact_id))
    if "people" in wanted:
        found["people"] = await _people(session, referral)
    if "standing" in wanted:
        found["standing"] = _standing(await session.get(CaseStanding, referral.id), read_kind(kind))
    return {code: found[code] for code in codes if code in found}


def _contact_way(rule: ContactRule | None) -> str:
    """Agencies must know above all when not to write first."""
    if rule is None or not rule.may_write_first:
        return "wait"
    return "hours" if rule.from_minute is not None else "chat"


async def _people(session: AsyncSession, referral: Referral) -> list[dict[str, Any]]:
    rows = await session.scalars(
        sa.select(CasePerson).where(CasePerson.referral_id == referral.id).order_by(CasePerson.number)
    )
    return [
        {"number": row.number, "age_band": row.age_band, "sex": row.sex, "nationality": row.nationality, "forms": list(row.forms)}
        for row in rows
    ]  # fmt: skip


def _standing(row: CaseStanding | None, kind: AgencyKind) -> list[str]:
    """As "track.step" for each track that has begun and that an agency of this kind may know of."""
    if row is None:
        return []
    tracks: dict[Track, str | None] = {
        "victim": row.victim, "prosecution": row.prosecution, "compensation": row.compensation,
    }  # fmt: skip
    shown = {track: shown_state(kind, track, step) for track, step in tracks.items()}
    return [f"{track}.{step}" for track, step in shown.items() if step]


async def fill(
    session: AsyncSession,
    keys: DataKeys,
    referral: Referral,
    template: Template,
    chosen: Mapping[str, str],
    *,
    kind: str,
    looked_through: bool,
) -> dict[str, Value]:
    """Return what goes along to an agency of this kind in the chosen fields: code → "" where the case fills it, else what staff wrote.

    Raises FieldError, NamesSomebodyError unless somebody looked through the words.
    """
    written = _written(template, chosen)
    known = templates().field
    naming = tuple(
        code for code, words in written.items() if not known[code].names_others and names_somebody(words)
    )
    if naming and not looked_through:
        raise NamesSomebodyError(naming)
    asked = [code for code in chosen if code not in written]
    from_case = await read_fields(session, keys, referral, asked, kind=kind)
    return {code: written[code] if code in written else from_case[code] for code in chosen}


def _written(template: Template, chosen: Mapping[str, str]) -> dict[str, str]:
    if not chosen:
        raise FieldError("field_missing", "", "choose at least one field")
    found: dict[str, str] = {}
    for code, words in chosen.items():
        field = templates().field.get(code)
        if field is None or code not in template.fields:
            raise FieldError("field_unknown", code, "this agency is not given this field")
        said = plain(words)
        if not field.is_written:
            if said:
                raise FieldError("field_of_case", code, "the case itself fills this field")
            continue
        if not 1 <= len(said) <= LONGEST_WORDS:
            raise FieldError(
                "field_length", code, f"write 1 to {LONGEST_WORDS} characters, or leave the field out"
            )
        found[code] = said
    return found


def to_text(values: Mapping[str, Any]) -> str:
    """Return values as they are sealed."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def from_text(text: str | None) -> dict[str, Any]:
    """Read what `to_text` made; nothing once it was erased."""
    if text is None:
        return {}
    values = json.loads(text)
    if not isinstance(values, dict):
        raise CryptoError("what was shared is damaged")
    return values
