"""The scale of survey answers: what the heading says, else what the answers show, said aloud for a person to settle."""

from __future__ import annotations

import re
from dataclasses import replace

from tolok.sources.mapping import TableMapping
from tolok.sources.values.inference import TableReading

_SCALE = re.compile(r"\b([01])\s*(?:-|–|—|to|sampai|s/d|hingga|bis|a|à|tot)\s*(3|4|5|7|10|100)\b", re.I)
_SCALES = (3, 5, 7, 10, 100)


def on_scale(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """The scale of the answers, from the heading where it says one, else from the answers, which a person may settle."""
    value = mapping.column("value")
    figures = next((c for c in reading.columns if value and c.header == value.header), None)
    given = {*mapping.constants, *(column.to for column in mapping.columns)}
    if value is None or figures is None or "scale_max" in given or figures.low is None or figures.high is None:
        return mapping
    said = _SCALE.search(value.header)
    if said:
        scale = {"scale_min": said[1], "scale_max": said[2]}
        note = ""
    else:
        kind = mapping.constants.get("kind", "")
        top = next((top for top in _SCALES if figures.high <= top), 0)
        if not kind or not top or figures.low < 0 or (kind in ("nps", "enps") and top < 10):
            return mapping
        lowest = "0" if figures.low < 1 or top == 100 else "1"
        if kind in ("nps", "enps") and lowest == "1":
            scale = {"scale_max": str(top)}  # nobody may have answered 0: only a person knows where the scale begins
            note = f"the answers are taken to be on a scale up to {top}"
        else:
            scale = {"scale_min": lowest, "scale_max": str(top)}
            note = f"the answers are taken to be on a scale of {lowest} to {top}"
    columns = tuple(
        replace(c, assumption=f"{c.assumption}; {note}" if c.assumption else note) if c is value and note else c
        for c in mapping.columns
    )
    return replace(mapping, columns=columns, constants={**mapping.constants, **scale})
