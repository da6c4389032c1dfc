"""`rootan serve`: the web processes."""

import typer
import uvicorn
from uvicorn.supervisors.multiprocess import Multiprocess

from app.cli.ground import check_ground
from app.cli.process import (
    bind,
    end_quietly_on_signals,
    is_loopback,
    leave_embedded_when_done,
    prepare_process,
)
from app.main import create_service
from app.runtime import make_runtime
from app.webhooks import Webhooks
from core.errors import SettingsError
from core.settings import Settings

cli = typer.Typer()


@cli.command()
def serve(
    host: str = typer.Option("127.0.0.1", help="Address to listen on; other than loopback needs production."),
    port: int = typer.Option(8000, help="Port to listen on."),
    workers: int = typer.Option(1, min=1, max=64, help="Web processes."),
) -> None:
    """Run the web processes."""
    settings = prepare_process()
    if not is_loopback(host) and settings.env != "production":
        raise SettingsError(
            "listening on an address other than loopback needs ROOTAN_ENV=production and its settings"
        )
    listener = bind(host, port)
    check_ground(settings)
    leave_embedded_when_done(settings)
    end_quietly_on_signals()
    print(f"listening on http://{host}:{listener.getsockname()[1]}", flush=True)
    config = _configure(settings, workers)
    if workers == 1:
        uvicorn.Server(config).run(sockets=[listener])
    else:
        Multiprocess(config, [listener]).run()


def make_web_application() -> Webhooks:
    """Make the application of one web process from its environment."""
    return create_service(make_runtime(prepare_process()))


def _configure(settings: Settings, workers: int) -> uvicorn.Config:
    return uvicorn.Config(
        "app.cli.serve:make_web_application",
        factory=True,
        workers=workers,
        lifespan="on",
        ws="none",
        # Access logs would hold addresses and paths; the application writes its own.
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=5,
    )
