"""The form of a workspace folder, by number: a folder of a newer form is refused, an older one can be upgraded."""

from __future__ import annotations

from pathlib import Path

from tolok.errors import WorkspaceError

FORM = 1
"""The form that this version writes."""

FORM_FILE = "format"


def form_of(folder: Path) -> int:
    """The form of a workspace; folders from before forms were numbered are of the first.

    Raises WorkspaceError where it is newer than this version knows.
    """
    path = folder / FORM_FILE
    try:
        form = int(path.read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return 1
    except (OSError, ValueError):
        raise WorkspaceError(
            f"{path} does not say which form the workspace has.", next_step="Restore the file from a backup."
        ) from None
    if form > FORM:
        raise WorkspaceError(
            f"{folder.name} was written by a newer Tolok (form {form}, this one knows {FORM}).",
            next_step="Upgrade Tolok, or restore a backup from before.",
        )
    return form


def write_form(folder: Path, form: int = FORM) -> None:
    """Note the form of a workspace."""
    beside = folder / f".{FORM_FILE}.new"
    beside.write_text(f"{form}\n", encoding="utf-8")
    beside.replace(folder / FORM_FILE)
