"""Every route of the application, who may call it, and addresses and forms that fit it, whatever it is."""

import enum
import types
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin
from uuid import UUID

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.auth import Access
from core.ids import new_id


class Guarded(NamedTuple):
    """One method of one route that `require(…)` guards."""

    method: str
    path: str
    name: str
    access: Access
    route: APIRoute

    @property
    def ids(self) -> list[str]:
        """The names of the objects in its address, the parent first."""
        return [field.alias for field in self.route.dependant.path_params if _is_id(field)]


def access_of(route: APIRoute) -> Access | None:
    """Find the route's own declaration, however deep in its dependencies."""
    waiting = [route.dependant]
    while waiting:
        dependant = waiting.pop()
        if isinstance(dependant.call, Access):
            return dependant.call
        waiting += dependant.dependencies
    return None


def guarded(app: FastAPI) -> Iterator[Guarded]:
    for route in app.routes:
        access = access_of(route) if isinstance(route, APIRoute) else None
        if access is not None and isinstance(route, APIRoute):
            for method in sorted(route.methods or ()):
                yield Guarded(method, route.path, route.name, access, route)


def address_of(route: APIRoute, objects: Mapping[str, UUID] | None = None) -> str:
    """Fill the address: known objects by their parameter's name, new ids and fitting values for the rest."""
    path = route.path
    for field in route.dependant.path_params:
        value = (objects or {}).get(field.alias) or fitting(field.field_info.annotation)
        path = path.replace("{" + field.alias + "}", str(value)).replace("{" + field.alias + ":path}", "x")
    return path


def form_of(route: APIRoute) -> dict[str, str]:
    """Fill the route's form with values of the right kinds."""
    return {field.alias: str(fitting(field.field_info.annotation)) for field in route.dependant.body_params}


def fitting(annotation: Any) -> object:
    """Return some value that a field of this kind takes."""
    if get_origin(annotation) in {Union, types.UnionType}:
        annotation = next(kind for kind in get_args(annotation) if kind is not type(None))
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return next(iter(annotation)).value
    known: dict[object, object] = {
        UUID: new_id(), int: 1, float: 1.0, bool: "true", date: "2026-11-30", datetime: "2026-11-30T10:00",
    }  # fmt: skip
    return known.get(annotation, "x")


def _is_id(field: Any) -> bool:
    return field.field_info.annotation is UUID
