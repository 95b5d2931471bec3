"""A figure over time: actual solid, target dashed; a period that is not over ends hollow, not in a cliff."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tolok.money import format_value


@dataclass(frozen=True)
class Point:
    """One period: its name, value and target; ``partial`` when it is not over."""

    label: str
    value: float | None
    target: float | None = None
    partial: bool = False


@dataclass(frozen=True)
class Palette:
    """Colours by role; the page's own in a browser, these in a document."""

    ink: str = "#5f5d59"
    line: str = "#e8e7e4"
    accent: str = "#2f5bd7"
    muted: str = "#6f6d68"
    surface: str = "#ffffff"


def trend(
    points: Sequence[Point],
    unit: str,
    currency: str,
    language: str,
    *,
    words: dict[str, str],
    palette: Palette | None = None,
    width: int | str = "container",
    height: int = 240,
) -> dict[str, Any]:
    """The Vega-Lite specification of a trend; ``words`` holds "actual" and "target" in the reader's language.

    Amounts and counts begin at zero; percents, scores and times show their own range. The axis is written by the same
    rules as every other figure, so its labels are worked out here and looked up by the axis.
    """
    colours = palette or Palette()
    rows = [
        {
            "label": point.label,
            "order": number,
            "value": point.value,
            "target": point.target,
            "partial": point.partial,
            "shown": format_value(point.value, unit, currency, language, full=True),
            "planned": format_value(point.target, unit, currency, language, full=True),
        }
        for number, point in enumerate(points)
    ]
    known = [float(v) for row in rows for v in (row["value"], row["target"]) if v is not None]
    ticks = steps(known, zero=unit in ("money", "count"))
    labels = {tick: format_value(tick, unit, currency, language) for tick in ticks}
    every = max(1, -(-len(points) // 8))
    marks = [point.label for number, point in enumerate(points) if (len(points) - 1 - number) % every == 0]
    tooltip = [
        {"field": "label", "type": "nominal", "title": " "},
        {"field": "shown", "type": "nominal", "title": words["actual"]},
    ]
    if any(point.target is not None for point in points):
        tooltip.append({"field": "planned", "type": "nominal", "title": words["target"]})
    x = {
        "field": "label",
        "type": "ordinal",
        "sort": None,
        "title": None,
        "scale": {"domain": [point.label for point in points], "padding": 0.1},  # a layer of the last two comes first
        "axis": {"values": marks, "labelAngle": 0, "labelOverlap": True, "ticks": False, "domain": False},
    }
    y = {
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [ticks[0], ticks[-1]], "nice": False},
        "axis": {
            "values": ticks,
            "labelExpr": _written(labels),
            "gridColor": colours.line,
            "ticks": False,
            "domain": False,
            "grid": True,
        },
    }

    def line(field: str, **mark: Any) -> dict[str, Any]:
        return {
            "mark": {"type": "line", "strokeWidth": 2, "interpolate": "linear", **mark},
            "encoding": {"x": x, "y": {**y, "field": field}},
        }

    layers: list[dict[str, Any]] = []
    if any(point.target is not None for point in points):
        layers.append(line("target", color=colours.muted, strokeDash=[4, 4], strokeWidth=1.5))
    whole = line("value", color=colours.accent)
    whole["transform"] = [{"filter": "!datum.partial"}]
    ending = line("value", color=colours.accent, strokeDash=[2, 3])
    first_open = next((n for n, point in enumerate(points) if point.partial and n), None)
    if first_open is not None and first_open == len(points) - 1:
        ending["transform"] = [{"filter": f"datum.order >= {first_open - 1}"}]
        layers.append(ending)
    layers.append(whole)
    layers.append(
        {
            "mark": {"type": "point", "filled": True, "size": 36, "opacity": 1, "stroke": colours.accent},
            "encoding": {
                "x": x,
                "y": {**y, "field": "value"},
                "tooltip": tooltip,
                "fill": {"condition": {"test": "datum.partial", "value": colours.surface}, "value": colours.accent},
            },
        }
    )
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "background": None,
        "data": {"values": rows},
        "layer": layers,
        "config": style(colours),
    }


def style(colours: Palette) -> dict[str, Any]:
    """What all charts share: hairline grid, no axis lines, the page's type."""
    return {
        "font": "Inter, system-ui, sans-serif",
        "view": {"stroke": None},
        "axis": {
            "labelColor": colours.ink,
            "labelFontSize": 12,
            "gridColor": colours.line,
            "labelPadding": 8,
            "titleColor": colours.ink,
        },
        "axisX": {"grid": False},
    }


def steps(values: Sequence[float], *, zero: bool, most: int = 5) -> list[float]:
    """Round values for at most five gridlines that hold all values between the first and the last.

    >>> steps([12.0, 87.0], zero=True)
    [0.0, 25.0, 50.0, 75.0, 100.0]
    >>> steps([31.0, 34.5], zero=False)
    [31.0, 32.0, 33.0, 34.0, 35.0]
    >>> steps([0.0, 0.0], zero=True)
    [0.0, 1.0]
    """
    if not values:
        return [0.0, 1.0]
    low, high = min(values), max(values)
    if zero and low == high == 0:
        return [0.0, 1.0]
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high <= low:
        low, high = low - 1, high + 1
    size = 10.0 ** (len(str(int(max(1, high - low)))) - 1)
    while size > (high - low) / (most - 1):
        size /= 10
    for factor in (1, 2, 2.5, 5, 10, 20, 25, 50, 100):
        step = size * factor
        first, last = step * (low // step), step * -(-high // step)
        if round((last - first) / step) + 1 <= most:
            return [round(first + number * step, 10) for number in range(round((last - first) / step) + 1)]
    raise AssertionError("a hundred times the step always holds the range")


def _written(labels: dict[float, str]) -> str:
    """A Vega expression that writes each of a few values as it was written here."""
    chosen = "".join(f"datum.value === {value!r} ? {json.dumps(text)} : " for value, text in labels.items())
    return f"{chosen}''"
