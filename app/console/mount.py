"""Putting the console into the application: pages, static files, headers, errors, live news."""

from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from app.auth import note_refused_form
from app.console import (
    account,
    alert_addresses,
    alerts,
    api_tokens,
    audit_log,
    breach,
    campaign_compose_pages,
    campaign_pages,
    canned,
    case_closing,
    case_notes,
    case_steps,
    case_tasks,
    duty_days,
    ending,
    enrolment,
    evidence,
    handles,
    holding,
    home,
    hotlines,
    openid,
    packet,
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
)
from app.console.headers import PageHeaders
from app.console.live import LiveFeed
from app.console.pages import STATIC, draw_problem
from app.errors import install_errors
from app.faces.drawing import SHARED, VENDOR
from app.faces.routes import add_routes
from app.runtime import Runtime
from core.accounts.openid import OpenIdProvider


def mount_console(app: FastAPI, runtime: Runtime) -> None:
    """Add the console to an application whose `state.runtime` is set."""
    app.state.live_feed = LiveFeed(runtime.database)
    app.state.openid = OpenIdProvider(runtime.settings) if runtime.settings.oidc_on else None
    for page in (
        home,
        account,
        api_tokens,
        alerts,
        sign_in,
        openid,
        enrolment,
        holding,
        presence,
        saved_views,
        search,
        several,
        referral_queue,
        referral_case,
        case_notes,
        case_tasks,
        case_steps,
        case_closing,
        canned,
        telephone,
        evidence,
        packet,
        hotlines,
        screening_desk,
        handles,
        waves,
        staff,
        statistics,
        routing_rules,
        duty_days,
        teams,
        shifts,
        alert_addresses,
        audit_log,
        retention,
        ending,
        privacy_register,
        breach,
        speaking,
        *campaign_compose_pages.PAGES,
        *campaign_pages.PAGES,
    ):
        add_routes(app, page.router)
    app.mount("/static/console", StaticFiles(directory=STATIC), name="console-static")
    app.mount("/static/faces", StaticFiles(directory=SHARED), name="faces-static")
    app.mount("/static/vendor", StaticFiles(directory=VENDOR, check_dir=False), name="vendor-static")
    install_errors(app, draw_problem, note_refused_form)
    app.add_middleware(speaking.Speaking)
    app.add_middleware(PageHeaders, https=urlsplit(runtime.settings.base_url).scheme == "https")
