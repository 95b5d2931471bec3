"""The list of pages. A folder of this package is a page when its ``__init__`` declares a ``PAGE``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tolok.app.models import User

WEB = Path(__file__).parent


def everybody(user: User) -> bool:
    return True


@dataclass(frozen=True)
class Page:
    """A page in the navigation.

    ``name`` is the name of its address (``urls.py``), ``icon`` one of ``look/icons.py``. ``order`` sorts the main
    navigation; pages from 100 on stand at its foot. ``tab`` is its place among the five tabs of a phone, 0 for none.
    ``shown_to`` says who sees the link; the view itself must refuse whoever may not come.
    """

    name: str
    title: str
    icon: str
    order: int
    tab: int = 0
    shown_to: Callable[[User], bool] = everybody


@cache
def folders() -> tuple[str, ...]:
    """The page folders that have addresses, by name."""
    return tuple(sorted(path.parent.name for path in WEB.glob("*/urls.py")))


@cache
def pages() -> tuple[Page, ...]:
    """The pages of the navigation, in order."""
    found = []
    for folder in folders():
        page = getattr(import_module(f"tolok.web.{folder}"), "PAGE", None)
        if page is not None:
            found.append(page)
    return tuple(sorted(found, key=lambda page: page.order))
