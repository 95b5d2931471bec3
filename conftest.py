"""Tests of the pages run against one workspace, which Django is configured for before any of them is imported."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_places: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    """An empty workspace for this process; ``company`` in ``src/tolok/conftest.py`` fills one."""
    from tolok.app.configure import configure
    from tolok.settings import create

    place = tempfile.mkdtemp(prefix="tolok-pages-")
    _places.append(place)
    create(
        Path(place) / "workspace",
        name="PT Contoh",
        currency="IDR",
        timezone="Asia/Jakarta",
        holidays_country="ID",
        app_url=os.environ.get("TOLOK_TEST_APP_URL", ""),  # a PostgreSQL server, to run the tests of pages on it
    )
    configure(Path(place) / "workspace")


def pytest_unconfigure(config: pytest.Config) -> None:
    for place in _places:
        shutil.rmtree(place, ignore_errors=True)
