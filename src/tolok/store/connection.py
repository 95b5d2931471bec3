"""DuckDB connections as Tolok opens them: bounded in memory, fetching nothing, with errors in our words."""

from __future__ import annotations

import errno
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tolok.errors import EngineError, TolokError, WorkspaceError
from tolok.store.quoting import literal

FULL = ("no space left", "file too large", "disk quota", "could not write", "failed to offload", "max_temp_directory")
FULL_CODES = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


@dataclass(frozen=True)
class Limits:
    """What one connection may use of the machine; ``threads`` of 0 means all of its processors."""

    memory: str = "2GB"
    threads: int = 0


def connect(database: Path | None, limits: Limits, *, spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection that fetches no extensions and keeps to its limits.

    ``spill`` is where it may put what does not fit into memory; by default a folder of its own among the system's
    temporary files, made only when needed and removed with the connection.
    """
    folder = spill or Path(tempfile.gettempdir()) / f"tolok-spill-{secrets.token_hex(8)}"
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "memory_limit": limits.memory,
        "temp_directory": str(folder),
    }
    if limits.threads:
        config["threads"] = limits.threads
    connection = duckdb.connect(str(database) if database else ":memory:", config=config)
    connection.execute("SET enable_progress_bar = false")  # it would print where somebody works interactively
    return connection


def confine(connection: duckdb.DuckDBPyConnection, files: Sequence[Path] = (), folders: Sequence[Path] = ()) -> None:
    """Let a connection reach only these database files and folders from now on; it cannot be widened again."""
    paths = [str(path) + suffix for path in files for suffix in ("", ".wal")]
    connection.execute(f"SET allowed_paths = [{', '.join(literal(path) for path in paths)}]")
    connection.execute(f"SET allowed_directories = [{', '.join(literal(str(path)) for path in folders)}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


@contextmanager
def in_our_words(doing: str) -> Iterator[None]:
    """Turn what DuckDB and the operating system say into an error that a person can act on."""
    try:
        yield
    except TolokError:
        raise
    except (duckdb.Error, OSError) as error:
        raise translated(error, doing) from error


def translated(error: Exception, doing: str) -> TolokError:
    """The error to raise instead of one of DuckDB's or the operating system's.

    >>> translated(OSError(errno.ENOSPC, "No space left on device"), "writing the snapshot").message
    'The disk is full: writing the snapshot stopped, and nothing was changed.'
    """
    text = str(error)
    if is_full(error):
        return WorkspaceError(
            f"The disk is full: {doing} stopped, and nothing was changed.",
            next_step="Free some space, or keep fewer snapshots (snapshots_kept in tolok.toml), then try again.",
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return EngineError(
            f"There is not enough memory for {doing}.",
            next_step="Raise memory_limit in tolok.toml, or ask for fewer rows.",
        )
    if isinstance(error, PermissionError):
        return WorkspaceError(
            f"{doing.capitalize()} is not permitted: {error.filename or text}.",
            next_step="Check who owns the workspace folder.",
        )
    if isinstance(error, OSError):
        return WorkspaceError(f"{doing.capitalize()} failed: {error.strerror or text}.")
    return EngineError(f"{doing.capitalize()} failed: {text.splitlines()[0] if text else type(error).__name__}")


def is_full(error: Exception) -> bool:
    """Whether the disk, a quota or a limit on file size is what stopped it."""
    if isinstance(error, OSError):
        return error.errno in FULL_CODES
    return isinstance(error, duckdb.Error) and any(words in str(error).lower() for words in FULL)
