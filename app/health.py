"""Is the process alive, is it ready, and what do its figures say."""

import hmac
import os

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import text

from app.revisions import is_current
from app.runtime import Runtime
from core.errors import ForbiddenError

router = APIRouter()
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@router.get("/healthz")
async def healthz() -> Response:
    return Response("ok\n", media_type="text/plain")


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Ready: the database answers, the schema is at head, the job queue can be read."""
    runtime: Runtime = request.app.state.runtime
    try:
        current = await is_current(runtime.database)
        async with runtime.database.engine.connect() as connection:
            await connection.execute(text("SELECT 1 FROM pgqueuer LIMIT 1"))
    except Exception:  # noqa: BLE001 - whatever it is, we are not ready
        return Response("database away\n", status_code=503, media_type="text/plain")
    if not current:
        return Response("run `rootan migrate`\n", status_code=503, media_type="text/plain")
    return Response("ready\n", media_type="text/plain")


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus figures; with a token anywhere, without one from loopback only."""
    token = request.app.state.runtime.settings.metrics_token
    if token is not None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), token.get_secret_value().encode()):
            raise ForbiddenError("metrics need their token")
    elif (
        request.client is None or request.client.host not in _LOOPBACK or "x-forwarded-for" in request.headers
    ):
        raise ForbiddenError("metrics are for this machine only")
    return Response(generate_latest(_figures()), media_type=CONTENT_TYPE_LATEST)


def _figures() -> CollectorRegistry:
    """Return the figures of all processes of this host where they share a folder, else of this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the library has none here
    return registry
