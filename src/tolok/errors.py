"""Every error a person can meet: what failed, what was expected, the nearest match, the next step."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class TolokError(Exception):
    """Base of all errors that Tolok raises on purpose.

    The message is one sentence in the user's words; ``next_step`` says what to do about it.
    ``exit_code`` is what the command line returns: 2 for the user's mistake, 1 for ours.
    """

    exit_code = 2

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class QuestionError(TolokError):
    """A question that cannot be asked: an unknown KPI, dimension, grain, column or a period the wrong way round."""


class DefinitionError(TolokError):
    """A KPI file, settings file or mapping that is not what its form allows; names file and line where it can.

    ``says`` is the sentence without file and line, ``path`` the keys that lead to what is wrong.
    """

    def __init__(
        self, message: str, *, file: str = "", line: int = 0, next_step: str = "", path: tuple[str | int, ...] = ()
    ) -> None:
        where = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(where + message, next_step=next_step)
        self.says = message
        self.file = file
        self.line = line
        self.path = path


class SourceError(TolokError):
    """A file, folder, archive or database that cannot be read as a table."""


class ImportRefused(TolokError):
    """An import that was stopped before it changed anything."""


class WorkspaceError(TolokError):
    """A workspace folder that is missing, damaged, locked, or of another version."""


class EngineError(TolokError):
    """The store could not run a statement; ours to mend unless the disk or the server is at fault."""

    exit_code = 1


class Unsupported(TolokError):
    """An engine that has no declared form of a vocabulary item refuses it instead of guessing."""


def nearest(word: str, known: Iterable[str], *, count: int = 3) -> str:
    """Say "Did you mean …?" for a mistyped word, or name what there is when nothing is near.

    >>> nearest("win_rat", ["win_rate", "revenue"])
    'Did you mean win_rate?'
    >>> nearest("xyz", ["win_rate", "revenue"])
    'Known: revenue, win_rate.'
    """
    choices = sorted(set(known))
    close = get_close_matches(word, choices, n=count, cutoff=0.6)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    shown = ", ".join(choices[:12])
    more = f" … ({len(choices)} in all)" if len(choices) > 12 else ""
    return f"Known: {shown}{more}." if shown else ""
