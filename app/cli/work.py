"""`rootan worker`: the job worker, and beside it the process that sends to many."""

import asyncio
import signal

import typer
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector
from uvicorn.loops.auto import auto_loop_factory

from app.cli.beside import BulkBeside
from app.cli.ground import check_ground
from app.cli.process import leave_embedded_when_done, prepare_process
from app.runtime import Runtime, make_runtime
from app.worker.replies import CONCURRENCY, run_worker

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
    bulk = BulkBeside()
    beside = asyncio.create_task(bulk.run(stop))
    # It only ends by itself where something is wrong with it: then the worker ends, and is started anew.
    beside.add_done_callback(lambda _: stop.set())
    try:
        await run_worker(runtime, bulk.wake, concurrency=concurrency, stop=stop)
    finally:
        stop.set()
        await beside
        await runtime.database.close()
