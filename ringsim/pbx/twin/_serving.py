"""Serving an application on a socket, in a thread of this process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from ringsim.errors import ConfigurationError, RingsimError
from ringsim.pbx.twin._app import create_app
from ringsim.pbx.twin._tokens import new_password

__all__ = ["LOOPBACK", "configured", "open_listener", "run_here", "running", "serving"]

LOOPBACK = "127.0.0.1"
START_SECONDS = 30
MAX_MESSAGE = 65_536  # bytes of a WebSocket message


def configured(app: Any, **options: Any) -> uvicorn.Config:
    """Return the configuration of a quiet server."""
    return uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        server_header=False,
        ws_max_size=MAX_MESSAGE,
        timeout_graceful_shutdown=2,
        **options,
    )


@contextmanager
def running(
    *, port: int = 0, host: str = LOOPBACK, password: str | None = None, **options: Any
) -> Iterator[str]:
    """Run a twin in a thread while the block runs.

    Parameters
    ----------
    port : int, default 0
        Port to listen on; 0 takes a free one.
    host : str, default "127.0.0.1"
        Address to listen on.
    password : str, optional
        Password of the administrator; a random one by default.
    **options
        Arguments of `create_app`.

    Yields
    ------
    str
        The address of the twin, such as `http://127.0.0.1:40123`.

    Examples
    --------
    >>> with running(username="admin", password="secret", version="22.8") as url:
    ...     url.startswith("http://127.0.0.1:")
    True
    """
    app = create_app(password=password or new_password(), **options)
    with serving(app, host=host, port=port) as url:
        yield url
    app.state.twin.store.close()


@contextmanager
def serving(app: Any, *, host: str = LOOPBACK, port: int = 0) -> Iterator[str]:
    """Serve an application in a thread while the block runs; yield its address.

    Raises
    ------
    RingsimError
        If the server does not start, for example because the port is taken.
    """
    listener = open_listener(host, port)
    server = uvicorn.Server(configured(app))
    started = threading.Event()
    thread = threading.Thread(
        target=_run, args=(server, listener, started), name="ringsim twin", daemon=True
    )
    thread.start()
    try:
        if not started.wait(START_SECONDS) or not server.started:
            raise RingsimError("the twin must start within 30 s")
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def open_listener(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    It names its protocol, because asyncio sends small answers at once only on sockets that do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as wrong:
        listener.close()
        raise ConfigurationError("port", f"must be free: {wrong.strerror}", port) from None
    return listener


def run_here(app: Any, listener: socket.socket) -> None:
    """Serve an application in this thread until Ctrl-C or a signal to end."""
    uvicorn.Server(configured(app)).run(sockets=[listener])


def _run(server: uvicorn.Server, listener: socket.socket, started: threading.Event) -> None:
    startup = server.startup

    async def tell(sockets: list[socket.socket] | None = None) -> None:
        await startup(sockets=sockets)
        started.set()

    server.startup = tell  # type: ignore[method-assign]
    try:
        server.run(sockets=[listener])
    finally:
        started.set()
