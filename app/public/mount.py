"""Putting the public face into the application: `/check`, its static files and headers, pictures of campaigns, packets."""

from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from app.faces.routes import add_routes
from app.public import copy, links, media, packet, page
from app.public.drawing import STATIC
from app.public.headers import CheckHeaders
from app.runtime import Runtime


def mount_public(app: FastAPI, runtime: Runtime) -> None:
    """Add the page to an application whose `state.runtime` is set."""
    app.state.check_desk = page.CheckDesk()
    app.state.packet_pace = packet.PacketPace()
    add_routes(app, page.router, copy.router, media.router, links.router, packet.router)
    app.mount("/static/public", StaticFiles(directory=STATIC), name="public-static")
    app.add_middleware(CheckHeaders, https=urlsplit(runtime.settings.base_url).scheme == "https")
