"""Puts the sandbox page into the application."""

import importlib
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from app.faces.routes import add_routes
from core.settings import Settings


def add_sandbox(app: FastAPI, settings: Settings) -> None:
    """Add `/sandbox` and its static files where the settings say demo; nothing otherwise."""
    if settings.env != "demo":
        return
    app.state.sandbox_settings = settings
    # Their client takes 6 MB and belongs to trials alone.
    for part in ("pages", "acts"):
        add_routes(app, importlib.import_module(f"app.sandbox.{part}").router)
    app.mount(
        "/static/sandbox", StaticFiles(directory=Path(__file__).parent / "static"), name="sandbox-static"
    )
