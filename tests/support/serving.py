"""The web application behind a real socket of loopback, in a thread and an event loop of its own."""

import contextlib
import threading
import time
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from tests.support.stand import free_port


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve until the block ends; yields the address."""
    port = free_port()
    config = uvicorn.Config(
        app, loop="asyncio", host="127.0.0.1", port=port, lifespan="on", log_level="critical", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise TimeoutError("the application did not start")
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)
