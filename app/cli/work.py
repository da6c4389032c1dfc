"""`rootan worker`: the job worker."""

import asyncio
import signal

import typer
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector
from uvicorn.loops.auto import auto_loop_factory

from app.cli.ground import check_ground
from app.cli.process import leave_embedded_when_done, prepare_process
from app.runtime import Runtime, make_runtime
from app.worker import CONCURRENCY, run_worker

cli = typer.Typer()


@cli.command()
def worker(
    concurrency: int = typer.Option(CONCURRENCY, min=1, max=256, help="Jobs worked on at once."),
    metrics_port: int = typer.Option(0, help="Serve this host's figures here, where no web process does."),
    metrics_host: str = typer.Option("127.0.0.1", help="Address for --metrics-port; keep it private."),
) -> None:
    """Run a job worker; any number may run, on any host."""
    settings = prepare_process()
    check_ground(settings)
    leave_embedded_when_done(settings)
    if metrics_port:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        start_http_server(metrics_port, metrics_host, registry)
    runtime = make_runtime(settings)
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_work_until_stopped(runtime, concurrency))


async def _work_until_stopped(runtime: Runtime, concurrency: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    try:
        await run_worker(runtime, concurrency=concurrency, stop=stop)
    finally:
        await runtime.database.close()
