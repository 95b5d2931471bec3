"""From a source to a published snapshot: mapping, rejects, identity, difference, events."""

from __future__ import annotations

from tolok.imports.result import FileResult, ImportResult, Progress
from tolok.imports.run import run

__all__ = ["FileResult", "ImportResult", "Progress", "run"]
