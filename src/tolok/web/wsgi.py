"""The application that a server runs; the workspace is named by TOLOK_WORKSPACE."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tolok.app.configure import configure


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


application = _application()
