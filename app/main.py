"""The web application: webhooks on their own fast path, everything else through FastAPI."""

from fastapi import FastAPI

from app.runtime import Runtime


def create_app(runtime: Runtime) -> FastAPI:
    """Return the application of one web process. `app.state.runtime` holds what routes need."""
    app = FastAPI(title="รู้ทัน RooTan", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.runtime = runtime
    return app
