"""The application that a server runs; the workspace is named by TOLOK_WORKSPACE."""

from __future__ import annotations

import gc
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from tolok.app.configure import configure
from tolok.errors import TolokError


def _application() -> Any:
    hosts = tuple(host for host in os.environ.get("TOLOK_HOSTS", "").split(",") if host)
    configure(Path(os.environ["TOLOK_WORKSPACE"]), hosts=hosts)
    from django.core.wsgi import get_wsgi_application
    from whitenoise import WhiteNoise

    from tolok.web.assets import folder

    served = WhiteNoise(get_wsgi_application(), max_age=3600)
    served.add_files(str(folder()), prefix="static/")
    served.immutable_file_test = lambda path, url: True  # type: ignore[method-assign]
    return served


def _settled() -> None:
    """Read what every page needs before the first is asked for, and keep it out of the garbage collector's way.

    Looking through it again and again held up one page in ten by a fifth of a second.
    """
    from django.urls import get_resolver

    from tolok.app import place

    _ = get_resolver().url_patterns
    with suppress(TolokError):  # the pages say what is wrong with the workspace
        _ = place.workspace().definitions
    gc.collect()
    gc.freeze()


def _asked_ahead() -> None:
    from tolok.web import warming

    warming.start()


application = _application()
_settled()
_asked_ahead()
