"""Putting the console into the application: pages, static files, headers, errors, live news."""

from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from app.auth import note_refused_form
from app.console import (
    account,
    agency_directory,
    agency_hooks,
    agency_page,
    alert_addresses,
    alerts,
    api_tokens,
    audit_log,
    breach,
    campaign_compose_pages,
    campaign_pages,
    canned,
    case_agencies,
    case_agencies_link,
    case_agencies_one,
    case_agencies_steps,
    case_closing,
    case_money,
    case_notes,
    case_steps,
    case_tasks,
    case_tracks,
    case_tracks_record,
    duty_days,
    ending,
    enrolment,
    evidence,
    handles,
    holding,
    home,
    hotlines,
    openid,
    owed,
    owed_clocks,
    packet,
    portal_answer,
    portal_case,
    portal_exchange,
    portal_inbox,
    portal_steps,
    portal_talk,
    presence,
    privacy_register,
    referral_case,
    referral_queue,
    retention,
    routing_rules,
    saved_views,
    screening_desk,
    search,
    several,
    shifts,
    sign_in,
    speaking,
    staff,
    statistics,
    teams,
    telephone,
    waves,
    yearly,
)
from app.console.headers import PageHeaders
from app.console.live import LiveFeed
from app.console.pages import STATIC, draw_problem
from app.errors import install_errors
from app.faces.drawing import SHARED, VENDOR
from app.faces.routes import add_routes
from app.runtime import Runtime
from core.accounts.openid import OpenIdProvider

# In this order; of two that answer the same address the first does.
_PAGES = (
    home, account, api_tokens, alerts, sign_in, openid, enrolment, holding, presence, saved_views, search,
    several, referral_queue, referral_case, case_notes, case_tasks, case_steps, case_closing, case_agencies,
    case_agencies_one, case_agencies_steps, case_agencies_link, case_tracks, case_tracks_record, case_money,
    owed, owed_clocks, canned, telephone, evidence, packet, hotlines, portal_inbox, portal_steps,
    portal_case, portal_answer, portal_talk, portal_exchange, agency_directory, agency_page, agency_hooks,
    screening_desk, handles, waves, staff, statistics, yearly, routing_rules, duty_days, teams, shifts,
    alert_addresses, audit_log, retention, ending, privacy_register, breach, speaking,
    *campaign_compose_pages.PAGES, *campaign_pages.PAGES,
)  # fmt: skip


def mount_console(app: FastAPI, runtime: Runtime) -> None:
    """Add the console to an application whose `state.runtime` is set."""
    app.state.live_feed = LiveFeed(runtime.database)
    app.state.openid = OpenIdProvider(runtime.settings) if runtime.settings.oidc_on else None
    for page in _PAGES:
        add_routes(app, page.router)
    app.mount("/static/console", StaticFiles(directory=STATIC), name="console-static")
    app.mount("/static/faces", StaticFiles(directory=SHARED), name="faces-static")
    app.mount("/static/vendor", StaticFiles(directory=VENDOR, check_dir=False), name="vendor-static")
    install_errors(app, draw_problem, note_refused_form)
    app.add_middleware(speaking.Speaking)
    app.add_middleware(PageHeaders, https=urlsplit(runtime.settings.base_url).scheme == "https")
