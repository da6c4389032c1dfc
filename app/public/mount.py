"""Putting the public face into the application: `/check`, its static files and headers, and pictures of campaigns."""

from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from app.public import copy, links, media, page
from app.public.drawing import STATIC
from app.public.headers import CheckHeaders
from app.runtime import Runtime


def mount_public(app: FastAPI, runtime: Runtime) -> None:
    """Add the page to an application whose `state.runtime` is set."""
    app.state.check_desk = page.CheckDesk()
    app.include_router(page.router, include_in_schema=False)
    app.include_router(copy.router, include_in_schema=False)
    app.include_router(media.router, include_in_schema=False)
    app.include_router(links.router, include_in_schema=False)
    app.mount("/static/public", StaticFiles(directory=STATIC), name="public-static")
    app.add_middleware(CheckHeaders, https=urlsplit(runtime.settings.base_url).scheme == "https")
