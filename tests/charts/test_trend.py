"""A trend runs from left to right, whatever its last period is; seen in the drawing itself."""

from __future__ import annotations

import json
import re

import pytest
import vl_convert

from tolok.charts.trend import Point, trend

MONTHS = [f"{name} 2026" for name in ("January", "February", "March", "April", "May", "June")]


@pytest.mark.parametrize("partial", [False, True])
@pytest.mark.parametrize("targets", [False, True])
def test_periods_stand_in_their_order(partial, targets):
    points = [
        Point(label, 10.0 + place, 12.0 if targets else None, partial and label == MONTHS[-1])
        for place, label in enumerate(MONTHS)
    ]
    words = {"actual": "Actual", "target": "Target"}
    drawn = vl_convert.vegalite_to_svg(json.dumps(trend(points, "count", "", "en", words=words, width=900)))
    places = {
        text: float(x)
        for x, text in re.findall(r'<text [^>]*transform="translate\(([\d.]+),[^"]*"[^>]*>([^<]+)</text>', drawn)
        if text in MONTHS
    }
    assert sorted(places, key=places.__getitem__) == MONTHS
    marks = [float(x) for x in re.findall(r'aria-roledescription="point"[^>]*transform="translate\(([\d.]+),', drawn)]
    assert len(marks) == len(MONTHS)
    assert marks == sorted(marks)
