"""Secrets in settings: read from the environment or the workspace's own file when they are used, and never shown."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from tolok.errors import WorkspaceError

_ENVIRONMENT = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PASSWORD = re.compile(r"(?<=://)([^\s/:@]*):([^\s@]*)@")
_PASSWORD_ARGUMENT = re.compile(r"(?i)\b(password|passwd|pwd|token|secret|api_?key|sslpassword)=[^\s&;]+")


FILE = "sources.secret"
"""Passwords that were entered on pages, readable by the owner of the workspace alone."""


def expanded(text: str, folder: Path | None = None) -> str:
    """A text with ``${NAME}`` replaced by the environment's values or those of the folder, for use and never for show."""
    own = _kept(folder) if folder is not None and "${" in text else {}

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in os.environ and name not in own:
            raise WorkspaceError(
                f"The environment variable {name} is not set.", next_step=f"Set it: export {name}=…, then try again."
            )
        return own[name] if name in own else os.environ[name]  # so that no page can reach for what the server holds

    return _ENVIRONMENT.sub(value, text)


def keep(folder: Path, name: str, value: str) -> None:
    """Keep a secret of the workspace under a name; an empty one is forgotten."""
    own = _kept(folder)
    if value:
        own[name] = value
    elif own.pop(name, None) is None:
        return
    path = folder / FILE
    beside = path.with_name(f".{FILE}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(own, file)
    beside.replace(path)


def is_kept(folder: Path, name: str) -> bool:
    """Whether a secret of this name is kept in the workspace."""
    return name in _kept(folder)


def _kept(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def redacted(text: str) -> str:
    """A text without the passwords that it holds, for messages and logs.

    >>> redacted("postgresql://ana:s3cret@db/sales?password=x")
    'postgresql://ana:***@db/sales?password=***'
    """
    return _PASSWORD_ARGUMENT.sub(r"\1=***", _PASSWORD.sub(r"\1:***@", text))
