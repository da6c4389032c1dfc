"""Asking the register of licensed recruiters about what an offer claims."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from core.clock import bangkok
from nlp.findings import Judgement
from screening.licences.names import ALIKE, grams_of
from screening.licences.numbers import has_prefix, number_key
from screening.standing import LicenceMatch

# An offer names one or two; more would only cost.
_MOST = 3

_REGISTER = "SELECT as_of FROM licence_register ORDER BY imported_at DESC, id DESC LIMIT 1"
# Offers often leave the letter before the number out.
_BY_NUMBER = """
SELECT number_key, number, company, expires_on FROM licensed_recruiter
WHERE number_key = ANY($1) OR split_part(number_key, '.', 2) = ANY($2) ORDER BY number_key
"""
_BY_NAME = """
SELECT DISTINCT ON (asked.name) asked.name, r.number, r.company, r.expires_on,
       2.0 * count(*) / (r.name_grams + asked.grams) AS likeness
FROM unnest($1::text[], $2::int[], $3::text[]) AS asked(name, grams, gram)
JOIN licence_gram g ON g.gram = asked.gram JOIN licensed_recruiter r ON r.id = g.recruiter_id
GROUP BY asked.name, asked.grams, r.id
HAVING 2.0 * count(*) >= $4 * (r.name_grams + asked.grams)
ORDER BY asked.name, likeness DESC, r.number_key
"""


class Claim(msgspec.Struct, frozen=True):
    """Licence numbers and employers that an offer names, as the judgement gives them."""

    numbers: tuple[str, ...] = ()
    employers: tuple[str, ...] = ()


def claim_in(judgement: Judgement) -> Claim:
    named = judgement.entities
    return Claim(
        tuple(dict.fromkeys(e.value for e in named.get("licence", ())))[:_MOST],
        tuple(dict.fromkeys(e.value for e in named.get("employer", ())))[:_MOST],
    )


async def look_up(
    connection: Any, claims: Sequence[Claim], now: datetime
) -> Mapping[Claim, tuple[LicenceMatch, ...]]:
    """Return for each claim what the register says: nothing where no register was imported, or nothing is claimed."""
    found: dict[Claim, tuple[LicenceMatch, ...]] = dict.fromkeys(claims, ())
    asking = [claim for claim in found if claim.numbers or claim.employers]
    as_of = await connection.fetchval(_REGISTER) if asking else None
    if as_of is None:
        return found
    today = bangkok(now).date()
    numbers = await _by_number(connection, {n for c in asking for n in c.numbers}, as_of, today)
    names = await _by_name(connection, {e for c in asking for e in c.employers}, as_of, today)
    for claim in asking:
        of_numbers = tuple(match for number in claim.numbers for match in numbers[number])
        shown = {match.number for match in of_numbers}
        of_names = (names[e] for e in claim.employers if e in names)
        found[claim] = of_numbers + tuple(match for match in of_names if match.number not in shown)
    return found


async def _by_number(
    connection: Any, claimed: set[str], as_of: date, today: date
) -> dict[str, tuple[LicenceMatch, ...]]:
    keys = {written: key for written in claimed if (key := number_key(written)) is not None}
    if not keys:
        return dict.fromkeys(claimed, ())
    bare = [key for key in keys.values() if not has_prefix(key)]
    rows = await connection.fetch(_BY_NUMBER, list(keys.values()), bare)
    found: dict[str, tuple[LicenceMatch, ...]] = dict.fromkeys(claimed, ())
    for written, key in keys.items():
        same = [row for row in rows if key in (row["number_key"], row["number_key"].rpartition(".")[2])]
        found[written] = tuple(_match(row, "number", written, as_of, today, 1.0) for row in same[:_MOST]) or (
            LicenceMatch("unknown_number", written, as_of),
        )
    return found


async def _by_name(connection: Any, claimed: set[str], as_of: date, today: date) -> dict[str, LicenceMatch]:
    grams = [(name, gram) for name in claimed for gram in grams_of(name)]
    if not grams:
        return {}
    sizes = {name: len(grams_of(name)) for name, _ in grams}
    rows = await connection.fetch(
        _BY_NAME, [n for n, _ in grams], [sizes[n] for n, _ in grams], [g for _, g in grams], ALIKE
    )
    return {
        row["name"]: _match(row, "name", row["name"], as_of, today, float(row["likeness"])) for row in rows
    }


def _match(row: Any, how: Any, claimed: str, as_of: date, today: date, likeness: float) -> LicenceMatch:
    expired = row["expires_on"] is not None and row["expires_on"] < today
    return LicenceMatch(how, claimed, as_of, row["number"], row["company"], expired, round(likeness, 2))
