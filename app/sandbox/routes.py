"""Puts the sandbox page into the application."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from core.settings import Settings


def add_sandbox(app: FastAPI, settings: Settings) -> None:
    """Add `/sandbox` and its static files where the settings say demo; nothing otherwise."""
    if settings.env != "demo":
        return
    from app.sandbox import acts, pages  # noqa: PLC0415 - its client takes 6 MB and belongs to trials alone

    app.state.sandbox_settings = settings
    app.include_router(pages.router)
    app.include_router(acts.router)
    app.mount(
        "/static/sandbox", StaticFiles(directory=Path(__file__).parent / "static"), name="sandbox-static"
    )
