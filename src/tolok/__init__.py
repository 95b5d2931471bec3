"""Tolok: sales performance you can defend.

    import tolok
    shop = tolok.open("shop")
    shop.ask("win_rate").value()                 # 63.15…
    shop.ask("revenue", by="rep").rows()         # one row per rep, each with what it rests on

Names are imported when they are first used, so ``import tolok`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tolok.errors import TolokError
    from tolok.query.answer import Answer, Row
    from tolok.query.question import Filter, Question, Viewer
    from tolok.workspace import Workspace
    from tolok.workspace import open_workspace as open

__version__ = "0.1.0"
__all__ = ["Answer", "Filter", "Question", "Row", "TolokError", "Viewer", "Workspace", "open"]

_HOMES = {
    "Answer": ("tolok.query.answer", "Answer"),
    "Row": ("tolok.query.answer", "Row"),
    "Filter": ("tolok.query.question", "Filter"),
    "Question": ("tolok.query.question", "Question"),
    "Viewer": ("tolok.query.question", "Viewer"),
    "TolokError": ("tolok.errors", "TolokError"),
    "Workspace": ("tolok.workspace", "Workspace"),
    "open": ("tolok.workspace", "open_workspace"),
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'tolok' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
