"""Style and script of all pages, each in one file named by its content, so that a browser keeps it for ever."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path

from tolok import temporary

WEB = Path(__file__).parent
FIRST = ("tokens", "base", "components")
"""Files of ``look/`` that others build on, in this order."""


@cache
def folder() -> Path:
    """A folder that holds the bundles, each beside its gzipped twin."""
    place = temporary.folder("static")
    for name, content in {**_bundles(), charts_name(): charts()}.items():
        (place / name).write_bytes(content)
        (place / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return place


@cache
def address(bundle: str) -> str:
    """Where a bundle is served: ``address("tolok.css")`` is ``/static/tolok.<content>.css``."""
    if bundle == "charts.js":
        return f"/static/{charts_name()}"
    stem, _, ending = bundle.rpartition(".")
    return next(f"/static/{name}" for name in _bundles() if name.startswith(f"{stem}.") and name.endswith(ending))


@cache
def _bundles() -> dict[str, bytes]:
    found = {"tolok.css": style().encode(), "tolok.js": script().encode()}
    return {_named(name, content): content for name, content in found.items()}


def _named(name: str, content: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"


def style() -> str:
    """All style: the look first, then each page's own."""
    look = [WEB / "look" / f"{name}.css" for name in FIRST]
    pages = sorted(path for path in WEB.glob("*/*.css") if path not in look)
    return "\n".join(path.read_text(encoding="utf-8") for path in (*look, *pages))


def script() -> str:
    """htmx out of its package, then each page's own script."""
    htmx = resources.files("django_htmx").joinpath("static/django_htmx/htmx-2.min.js").read_text(encoding="utf-8")
    own = [path.read_text(encoding="utf-8") for path in sorted(WEB.glob("*/*.js"))]
    return "\n;".join((htmx, *own))


def charts_name() -> str:
    """The name of the chart library's bundle: a version is a content."""
    return f"charts.{version('vl-convert-python')}.js"


def charts() -> bytes:
    """Vega, Vega-Lite and Vega-Embed in one file, out of their package.

    Made in a process of its own, since what makes it stays in memory.
    """
    code = "import sys, vl_convert; sys.stdout.write(vl_convert.javascript_bundle())"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=120).stdout
