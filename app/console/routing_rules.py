"""The rules that send each report to a team, and a box to try them out in."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.console.teams import ADDRESS as TEAMS
from app.console.texts import spoken
from app.examining.apart import examiner_of
from app.examining.asking import FindPlaces
from core.errors import AppError, InvalidInputError
from referrals.questionnaires.places import say_place
from referrals.teams.roster import list_teams
from referrals.teams.routing import Chosen, Facts, Routes, choose_team, load_routes
from referrals.teams.rules import KINDS, LANGUAGES, PRIORITIES, add_rule, drop_rule, list_rules, move_rule

router = APIRouter()
ADDRESS = f"{TEAMS}/rules"
# Wider than a province or country.
WIDE = ("thailand", "abroad", "sea")
Supervisor = Annotated[Caller, Depends(require("referrals.assign"))]
Codes = Annotated[list[str], Form(max_length=20)]
Code = Annotated[str, Query(max_length=40)]


class UnknownPlaceError(InvalidInputError):
    """A name that is neither a province nor a country; `holder` is the name."""

    code = "place_unknown"

    def __init__(self, name: str) -> None:
        super().__init__("this is neither a province nor a country")
        self.holder = name


async def read_places(request: Request, typed: str) -> list[str]:
    """Return the codes of provinces and countries in a list with commas; raises UnknownPlaceError for the first other."""
    names = [name for raw in typed.replace("\n", ",").split(",") if (name := raw.strip())]
    codes = (await examiner_of(request).ask(FindPlaces(names))).codes if names else ()
    for name, code in zip(names, codes, strict=True):
        if not code:
            raise UnknownPlaceError(name[:60])
    return list(dict.fromkeys(codes))


@router.get(ADDRESS, name="routing_rule.list")
async def show_rules(
    request: Request,
    caller: Supervisor,
    kind: Code = "",
    place: Annotated[str, Query(max_length=80)] = "",
    language: Code = "th",
    priority: Code = "",
) -> Response:
    tried = {"kind": kind, "place": place, "language": language, "priority": priority}
    try:
        facts = await _facts(request, kind, place, language, priority) if priority else None
    except AppError as error:
        return await _draw(request, caller, error, tried=tried)
    return await _draw(request, caller, None, tried=tried, facts=facts)


async def _facts(request: Request, kind: str, place: str, language: str, priority: str) -> Facts:
    """Read what is tried out; raises UnknownPlaceError."""
    wide = place.strip() if place.strip() in WIDE else None
    found = await read_places(request, place) if wide is None else [wide]
    return Facts(frozenset({kind} - {""}), found[0] if found else None, language, priority)


async def _draw(
    request: Request,
    caller: Caller,
    problem: AppError | None,
    *,
    tried: Mapping[str, str] | None = None,
    facts: Facts | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Response:
    async with audited(request, caller, "routing_rule.list") as session:
        rules = await list_rules(session)
        teams = await list_teams(session)
        routes = await load_routes(session)
    names = {team.id: team.name for team in teams}
    nothing: dict[str, Any] = {
        "kinds": [],
        "places": "",
        "wide": [],
        "languages": [],
        "priorities": [],
        "team": "",
    }
    return draw(
        request, "routing_rules.html", caller, status=problem.status if problem else 200, rules=rules,
        teams=teams, names=names, kinds=KINDS, languages=LANGUAGES, priorities=PRIORITIES, wide=WIDE,
        say_place=lambda code: say_place(code, spoken.get()), problem=problem, typed=nothing | dict(typed or {}),
        tried={"kind": "", "place": "", "language": "th", "priority": ""} | dict(tried or {}),
        chosen=_choose(routes, facts), numbers={rule.id: n for n, rule in enumerate(rules, 1)},
    )  # fmt: skip


def _choose(routes: Routes, facts: Facts | None) -> Chosen | None:
    return None if facts is None else choose_team(routes, facts)


@router.post(ADDRESS, name="routing_rule.add")
async def post_rule(
    request: Request,
    caller: Supervisor,
    team: Annotated[str, Form(max_length=40)] = "",
    kinds: Codes = [],  # noqa: B006 - FastAPI copies it
    places: Annotated[str, Form(max_length=2_000)] = "",
    wide: Codes = [],  # noqa: B006 - as above
    languages: Codes = [],  # noqa: B006 - as above
    priorities: Codes = [],  # noqa: B006 - as above
) -> Response:
    try:
        async with audited(request, caller) as session:
            await add_rule(
                session, team_id=_team(team), kinds=kinds, places=[*_wide(wide), *await read_places(request, places)],
                languages=languages, priorities=priorities, by=caller.account_id,
            )  # fmt: skip
    except AppError as error:
        typed = {"team": team, "kinds": kinds, "places": places, "wide": wide, "languages": languages,
                 "priorities": priorities}  # fmt: skip
        return await _draw(request, caller, error, typed=typed)
    return RedirectResponse(ADDRESS, 303)


def _team(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise InvalidInputError("choose a team") from None


def _wide(codes: Sequence[str]) -> Sequence[str]:
    if not set(codes) <= set(WIDE):
        raise InvalidInputError("this place is not known")
    return codes


@router.post(f"{ADDRESS}/{{rule_id}}/move", name="routing_rule.move")
async def post_move(
    request: Request, rule_id: UUID, caller: Supervisor, to: Annotated[Literal["up", "down"], Form()]
) -> Response:
    async with audited(request, caller) as session:
        await move_rule(session, rule_id, up=to == "up")
    return RedirectResponse(ADDRESS, 303)


@router.post(f"{ADDRESS}/{{rule_id}}/drop", name="routing_rule.drop")
async def post_drop(request: Request, rule_id: UUID, caller: Supervisor) -> Response:
    async with audited(request, caller) as session:
        await drop_rule(session, rule_id)
    return RedirectResponse(ADDRESS, 303)
