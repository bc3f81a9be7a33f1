"""The twin's database: SQLite, in memory or in a file.

A read sees one state of the database. A write takes the lock of the database before it reads
(`BEGIN IMMEDIATE`), so two writers never work from the same state and neither loses the
other's change. In a file the database keeps a write-ahead log and commits to the disk before
the answer goes out.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from ringsim.errors import ConfigurationError
from ringsim.pbx.twin._tables import METADATA

__all__ = ["Store"]

SCHEMA = 2  # version of the tables, kept in the file; a file of another version is refused
BUSY_SECONDS = 30  # that a writer waits for another process


class Store:
    """A database of the twin.

    Parameters
    ----------
    path : str or Path, optional
        File to keep the database in; in memory by default.

    Raises
    ------
    ConfigurationError
        If the file cannot be opened, or holds something else.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = None if path is None else Path(path)
        shared = {"check_same_thread": False}
        # In memory there is one connection, which threads must share one at a time
        self._lock: AbstractContextManager[Any] = nullcontext()
        if self.path is None:
            self._lock = RLock()
            self._engine = create_engine("sqlite://", poolclass=StaticPool, connect_args=shared)
        else:
            self._engine = create_engine(
                f"sqlite:///{self.path}", connect_args={**shared, "timeout": BUSY_SECONDS}
            )
        event.listen(self._engine, "connect", partial(_connected, self.path is not None))
        event.listen(self._engine, "begin", _begin)
        weakref.finalize(self, self._engine.dispose)
        self._open()

    def _open(self) -> None:
        subject = str(self.path)
        try:
            if self.path is not None:
                self.path.touch(mode=0o600)  # it holds hashes of passwords
            with self.write() as connection:
                schema = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
                tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
                if schema != SCHEMA and (schema or tables.scalar_one()):
                    raise _other_schema(subject, schema)
                METADATA.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
        except OSError as wrong:
            raise ConfigurationError(
                subject, f"must be a file that can be written: {wrong.strerror}"
            ) from None
        except DatabaseError as wrong:
            raise ConfigurationError(
                subject, f"must be a database of a twin: {wrong.orig}"
            ) from None

    def read(self) -> AbstractContextManager[Connection]:
        """Return a connection in a transaction that only reads."""
        return self._transaction(writes=False)

    def write(self) -> AbstractContextManager[Connection]:
        """Return a connection that commits at the end, or rolls back after an error."""
        return self._transaction(writes=True)

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        with self._lock, self._engine.connect() as connection:
            marked = connection.execution_options(ringsim_writes=writes)
            with marked.begin():
                yield marked

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _other_schema(subject: str, schema: int) -> ConfigurationError:
    """Return the error for a database of another version, or of another program."""
    hint = "It is no database of a twin; give another file."
    if schema:
        age = "an older" if schema < SCHEMA else "a later"
        hint = (
            f"It is of {age} version of ringsim, and is not converted. Open it with that version, "
            "write its groups with 'ringsim pull', and load them with 'ringsim twin --load' into "
            "a new file."
        )
    return ConfigurationError(
        subject, f"must be a database of a twin with schema {SCHEMA}", schema, hint
    )


def _connected(in_file: bool, connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions begin where this module says
    if in_file:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("ringsim_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
