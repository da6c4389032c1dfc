"""The router of a module of the interface: its version, its tag, and how its calls are named."""

from fastapi import APIRouter
from fastapi.routing import APIRoute


def make_router(tag: str) -> APIRouter:
    """Clients that are made from the description call a route as the audit does."""
    return APIRouter(prefix="/v1", tags=[tag], generate_unique_id_function=_name)


def _name(route: APIRoute) -> str:
    return route.name.replace(".", "_")
