"""A chart as a file: PNG or SVG, drawn without a browser. It takes a tenth of a second, so never while a page waits."""

from __future__ import annotations

import json
from typing import Any


def png(specification: dict[str, Any], *, scale: float = 2.0) -> bytes:
    """A chart as PNG; its width must be a number."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(json.dumps(specification), scale=scale))


def svg(specification: dict[str, Any]) -> str:
    """A chart as SVG; its width must be a number."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(json.dumps(specification)))
