"""Every page of the console, enumerated from its routes, with addresses of what was sown."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.auth import PUBLIC
from core.languages import Language
from core.permissions import SCOPES, Role
from tests.support.routes import access_of

# Who looks first; everybody else sees less of the same page.
_LOOKERS: tuple[Role, ...] = ("supervisor", "administrator", "campaign_manager", "auditor", "partner_officer")
# Streams, files and beginnings of somebody else's page; none draws a page of ours.
_NO_PAGES = frozenset(
    {"queue.live", "account.openid_begin", "account.openid_back", "home.root", "entry.poster"}
)


# Who gave the password and still owes the code, or an authenticator.
_HALFWAY: dict[str, Role] = {
    "account.code_page": "partner_officer",
    "account.enrol_page": "campaign_approver",
}
# What a page needs to be told behind its address.
_ASKED = {"portal_case.write_step": "?track=prosecution&step=inquiry"}
# The same routes in other states; words in braces are what was sown.
_STATES: tuple[tuple[str, str, str, Role | None], ...] = (
    ("queue.read", "mine", "/console/referrals?view=mine", "supervisor"),
    ("queue.read", "waiting", "/console/referrals?view=waiting", "hotline_officer"),
    ("referral.read", "waiting", "/console/referrals/{waiting}", "hotline_officer"),
    ("referral.read", "held_by_another", "/console/referrals/{held}", "supervisor"),
    ("referral.read", "closed", "/console/referrals/{closed}", "supervisor"),
    ("ending.list", "held", "/console/ending?which=held", "supervisor"),
    ("retention.list", "of_an_auditor", "/console/retention", "auditor"),
    ("account.welcome_page", "ended", "/console/welcome/ended", None),
    ("campaign.see_approval", "to_decide", "/console/campaigns/{asked}/approval", "campaign_approver"),
    ("campaign.read", "of_an_approver", "/console/campaigns/{asked}", "campaign_approver"),
    ("campaign.see_audience", "of_an_approver", "/console/campaigns/{asked}/audience", "campaign_approver"),
    ("campaign.see_run", "paused_by_itself", "/console/campaigns/{paused}/run", "campaign_manager"),
    ("campaign.outcomes", "under_way", "/console/campaigns/{paused}/report", "campaign_manager"),
    ("referral.see_agency", "declined", "/console/referrals/{referral_id}/agencies/{declined}", "supervisor"),
    (
        "referral.choose_agency",
        "to_one",
        "/console/referrals/{referral_id}/agencies/new?agency={agency_id}",
        "supervisor",
    ),
    (
        "referral.write_step",
        "of_one",
        "/console/referrals/{referral_id}/tracks/new?track=compensation&step=ordered",
        "supervisor",
    ),
    ("problem", "not_found", "/console/nowhere", "supervisor"),
    ("problem", "forbidden", "/console/audit", "hotline_officer"),
)
# What somebody sees on the first day, before anything happened.
_EMPTY: tuple[tuple[str, str, Role], ...] = (
    ("queue.read", "/console/referrals", "hotline_officer"),
    ("tasks.read", "/console/tasks", "hotline_officer"),
    ("ending.list", "/console/ending", "hotline_officer"),
    ("alert.list", "/console/alerts", "hotline_officer"),
    ("screening.list", "/console/screening", "hotline_officer"),
    ("handle.list", "/console/screening/handles", "hotline_officer"),
    ("radar.read", "/console/screening/radar", "hotline_officer"),
    ("screening.agreement", "/console/screening/agreement", "hotline_officer"),
    ("team.list", "/console/teams", "supervisor"),
    ("routing_rule.list", "/console/teams/rules", "supervisor"),
    ("statistics.read", "/console/statistics", "supervisor"),
    ("campaign.list", "/console/campaigns", "campaign_manager"),
    ("campaign.calendar", "/console/campaigns/calendar", "campaign_manager"),
    ("segment.list", "/console/campaigns/segments", "campaign_manager"),
    ("people_list.list", "/console/campaigns/lists", "campaign_manager"),
    ("breach.list", "/console/privacy/breaches", "administrator"),
    ("audit.read", "/console/audit?name=nobody", "auditor"),
    ("portal.home", "/console/portal", "partner_officer"),
    ("agency.list", "/console/agencies", "supervisor"),
    ("owed.list", "/console/owed", "supervisor"),
    ("track_clock.list", "/console/clocks", "hotline_officer"),
)


class Form(NamedTuple):
    """What is sent from a page: where to, and what is typed; the rest goes as it stands there."""

    action: str
    fields: tuple[tuple[str, str], ...]


class Visit(NamedTuple):
    """One look: the route's name, what sets it apart from others of the same route, where, and as whom."""

    route: str
    state: str
    address: str
    role: Role | None
    halfway: bool = False
    language: Language = "th"
    form: Form | None = None

    @property
    def name(self) -> str:
        return f"{self.route}.{self.state}" if self.state else self.route

    @property
    def is_refused(self) -> bool:
        """Whether what comes back says that something is not done."""
        return self.route == "problem" or self.state.startswith(("refused", "ended"))


def first_day() -> Iterator[Visit]:
    """Yield the lists as they are before anything happened."""
    for route, address, role in _EMPTY:
        yield Visit(route, "empty", address, role)


def visits(app: FastAPI, sown: Mapping[str, str]) -> Iterator[Visit]:
    """Yield every GET route below /console; raises KeyError naming what an address needs and nobody sowed."""
    for route in app.routes:
        if not isinstance(route, APIRoute) or "GET" not in (route.methods or ()):
            continue
        if not route.path.startswith("/console") or route.name in _NO_PAGES:
            continue
        address = route.path
        for field in route.dependant.path_params:
            value = sown.get(f"{route.name}:{field.alias}") or sown[field.alias]
            address = address.replace("{" + field.alias + "}", value)
        address += _ASKED.get(route.name, "")
        halfway = _HALFWAY.get(route.name)
        yield Visit(route.name, "", address, halfway or _looker(route), halfway is not None)
    for name, state, address, role in _STATES:
        yield Visit(name, state, address.format_map(sown), role)


def _looker(route: APIRoute) -> Role | None:
    """Return the first role that may look; None where nobody is signed in."""
    access = access_of(route)
    if access is None:
        assert route.path in PUBLIC, route.path
        return None
    return next(role for role in _LOOKERS if access.scopes <= SCOPES[role])
