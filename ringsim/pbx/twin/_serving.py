"""Serving an application on a socket, in a thread of this process."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import uvicorn

from ringsim.errors import ConfigurationError, RingsimError
from ringsim.pbx.twin._app import create_app
from ringsim.pbx.twin._tokens import new_password

__all__ = [
    "LOOPBACK",
    "PLAIN",
    "address_of",
    "configured",
    "encryption",
    "open_listener",
    "run_here",
    "running",
    "serving",
]

LOOPBACK = "127.0.0.1"
START_SECONDS = 30
MAX_MESSAGE = 65_536  # bytes of a WebSocket message
PLAIN: Mapping[str, str] = MappingProxyType({})  # no encryption


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


def encryption(certificate: str | Path | None, key: str | Path | None) -> Mapping[str, str]:
    """Return uvicorn's options for a certificate; none are needed without one.

    Raises
    ------
    ConfigurationError
        If the files do not hold a certificate and its key.
    """
    if certificate is None:
        if key is not None:
            raise ConfigurationError("key", "must be given with a certificate", str(key))
        return PLAIN
    chain, private = str(certificate), str(key or certificate)
    try:
        # An empty password, because a server in a thread must not ask for one
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, private, password="")
    except OSError as wrong:  # or a subclass, such as `SSLError`
        raise ConfigurationError(
            "certificate", f"must be a PEM file with a certificate, and its key: {wrong}", chain
        ) from None
    return {"ssl_certfile": chain, "ssl_keyfile": private}


@contextmanager
def running(
    *,
    port: int = 0,
    host: str = LOOPBACK,
    password: str | None = None,
    certificate: str | Path | None = None,
    key: str | Path | None = None,
    **options: Any,
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
    certificate : str or Path, optional
        PEM file with a certificate, to serve https; http by default.
    key : str or Path, optional
        PEM file with the key of the certificate; by default it is in the same file.
    **options
        Arguments of `create_app`.

    Yields
    ------
    str
        The address of the twin, such as `http://127.0.0.1:40123`.

    Raises
    ------
    ConfigurationError
        If an argument is invalid.

    Examples
    --------
    >>> with running(username="admin", password="secret", version="22.8") as url:
    ...     url.startswith("http://127.0.0.1:")
    True
    """
    encrypted = encryption(certificate, key)
    app = create_app(password=password or new_password(), **options)
    with serving(app, host=host, port=port, encrypted=encrypted) as url:
        yield url
    app.state.twin.store.close()


@contextmanager
def serving(
    app: Any, *, host: str = LOOPBACK, port: int = 0, encrypted: Mapping[str, str] = PLAIN
) -> Iterator[str]:
    """Serve an application in a thread while the block runs; yield its address.

    Raises
    ------
    RingsimError
        If the server does not start, for example because the port is taken.
    """
    listener = open_listener(host, port)
    server = uvicorn.Server(configured(app, **encrypted))
    started = threading.Event()
    thread = threading.Thread(
        target=_run, args=(server, listener, started), name="ringsim twin", daemon=True
    )
    thread.start()
    try:
        if not started.wait(START_SECONDS) or not server.started:
            raise RingsimError("the twin must start within 30 s")
        yield address_of(listener, host, encrypted)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def address_of(listener: socket.socket, host: str, encrypted: Mapping[str, str]) -> str:
    """Return the address of a server, such as `http://127.0.0.1:40123`."""
    scheme = "https" if encrypted else "http"
    named = f"[{host}]" if ":" in host else host
    return f"{scheme}://{named}:{listener.getsockname()[1]}"


def open_listener(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    It names its protocol, because asyncio sends small answers at once only on sockets that do.

    Raises
    ------
    ConfigurationError
        If the port is taken, or the host is no address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as wrong:  # OverflowError: no such port
        listener.close()
        raise _no_listener(wrong, host, port) from None
    return listener


def _no_listener(wrong: Exception, host: str, port: int) -> ConfigurationError:
    """Return the error for an address that cannot be listened on."""
    code = wrong.errno if isinstance(wrong, OSError) else None
    if isinstance(wrong, socket.gaierror) or code == errno.EADDRNOTAVAIL:
        return ConfigurationError("host", "must be an address of this machine", host)
    if code in (errno.EACCES, errno.EPERM):
        hint = "Ports from 1024 on are open to everybody."
        return ConfigurationError("port", "must be one that this account may use", port, hint)
    if code == errno.EADDRINUSE:
        hint = "Another program listens on it; port 0 is any free one."
        return ConfigurationError("port", "must be free", port, hint)
    if code is None:
        return ConfigurationError("port", "must be from 0 to 65535", port)
    why = os.strerror(code).lower()
    return ConfigurationError("port", f"must be one to listen on: {why}", port)


def run_here(app: Any, listener: socket.socket, encrypted: Mapping[str, str] = PLAIN) -> None:
    """Serve an application in this thread until Ctrl-C or a signal to end."""
    uvicorn.Server(configured(app, **encrypted)).run(sockets=[listener])


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
