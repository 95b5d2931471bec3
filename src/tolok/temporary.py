"""Folders that go with the process: removed when it ends, and where it was killed, by the next that makes one."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

OLD = 24 * 3600
"""Seconds after which what a killed process left is removed."""
_OURS = re.compile(r"tolok-[a-z]+-(\d+)-\w+")
_made: dict[Path, int] = {}


def folder(what: str) -> Path:
    """A fresh folder among the system's temporary files, only for this user; ``what`` is a word for people to see.

    Those that processes which were killed left a day ago are removed first.
    """
    _sweep(Path(tempfile.gettempdir()))
    made = Path(tempfile.mkdtemp(prefix=f"tolok-{what}-{os.getpid()}-"))
    if not _made:
        atexit.register(clear)
    _made[made] = os.getpid()
    return made


def clear() -> None:
    """Remove what this process made; a forked one leaves its parent's alone."""
    for made, process in list(_made.items()):
        if process == os.getpid():
            shutil.rmtree(made, ignore_errors=True)
            del _made[made]


def _sweep(place: Path) -> None:
    for found in place.glob("tolok-*-*-*"):
        named = _OURS.fullmatch(found.name)
        if named is not None and _is_left(found, int(named[1])):
            shutil.rmtree(found, ignore_errors=True)


def _is_left(found: Path, process: int) -> bool:
    """Whether it is an old folder of this user, not a link, and its process is no more."""
    if not hasattr(os, "getuid"):
        return False  # where a process cannot be asked whether it lives without ending it
    try:
        status = found.lstat()
        if found.is_symlink() or not found.is_dir() or status.st_uid != os.getuid():
            return False
        if time.time() - status.st_mtime < OLD:
            return False
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:  # gone meanwhile, or alive and somebody else's
        return False
    return False
