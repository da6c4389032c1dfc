"""Puts the sandbox page into the application."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from app.sandbox import acts, pages
from app.sandbox.desk import HERE
from core.settings import Settings


def add_sandbox(app: FastAPI, settings: Settings) -> None:
    """Add `/sandbox` and its static files where the settings say demo; nothing otherwise."""
    if settings.env != "demo":
        return
    app.state.sandbox_settings = settings
    app.include_router(pages.router)
    app.include_router(acts.router)
    app.mount("/static/sandbox", StaticFiles(directory=HERE / "static"), name="sandbox-static")
