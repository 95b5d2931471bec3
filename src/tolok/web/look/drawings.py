"""Small drawings beside figures, as SVG with attributes only: a strict policy lets no style through.

All take plain numbers and give an SVG string; what they show also stands in words beside them.
"""

from __future__ import annotations

from collections.abc import Sequence

BULLET_TARGET = 0.8
"""Where the target's tick stands, as a share of the width."""


def sparkline(values: Sequence[float | None], *, width: int = 64, height: int = 28, partial: bool = False) -> str:
    """A line of the last periods without axes; a gap where there is no answer, a hollow end where it is not over."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    reach = (high - low) or 1.0
    step = (width - 6) / max(1, len(values) - 1)
    points = [
        None
        if value is None
        else (3 + i * step, height - 3 - (height - 6) * ((float(value) - low) / reach if high > low else 0.5))
        for i, value in enumerate(values)
    ]
    pieces: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(point)
    ends = next(point for point in reversed(points) if point is not None)
    whole, last = pieces, ""
    if partial and pieces[-1] and len(pieces[-1]) > 1:
        (x1, y1), (x2, y2) = pieces[-1][-2:]
        whole = [*pieces[:-1], pieces[-1][:-1]]
        last = f'<path class="spark-open" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>'
    path = "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in piece)
        if len(piece) > 1
        else f"M{piece[0][0]:.1f} {piece[0][1]:.1f}h.1"
        for piece in whole
        if piece
    )
    dot = "spark-dot spark-hollow" if partial else "spark-dot"
    return (
        f'<svg class="spark" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true">'
        f'<path class="spark-line" d="{path}"/>{last}<circle class="{dot}" cx="{ends[0]:.1f}" cy="{ends[1]:.1f}" r="2"/></svg>'
    )


def bullet(value: float | None, target: float | None, *, lower: bool = False) -> str:
    """A bar against a target whose tick stands at a fixed place; in the accent once the target is met."""
    if value is None or not target or target <= 0:
        return ""
    share = max(0.0, min(float(value) / float(target) * BULLET_TARGET, 1.0))
    met = value <= target if lower else value >= target
    return (
        f'<svg class="bullet" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="bullet-ground" x="0" y="2" width="100" height="6"/>'
        f'<rect class="{"bullet-met" if met else "bullet-bar"}" x="0" y="2" width="{100 * share:.2f}" height="6"/>'
        f'<rect class="bullet-tick" x="{100 * BULLET_TARGET:.2f}" y="0" width="0.8" height="10"/></svg>'
    )


def bar(share: float | None) -> str:
    """A bar in one pale tint, of a share from 0 to 1: funnels, rankings."""
    width = 100 * max(0.0, min(float(share or 0), 1.0))
    return (
        '<svg class="bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="bar-ground" x="0" y="0" width="100" height="12"/>'
        f'<rect class="bar-fill" x="0" y="0" width="{width:.2f}" height="12"/></svg>'
    )


def interval(low: float, high: float, seen: float | None, group: float, *, most: float = 100.0) -> str:
    """Where a rate may lie, with a tick for what was seen and a line for the group; all in percent of ``most``."""

    def at(value: float) -> float:
        return 100 * max(0.0, min(value / most, 1.0)) if most > 0 else 0.0

    seen_dot = (
        "" if seen is None else f'<rect class="interval-seen" x="{at(seen) - 0.7:.2f}" y="1" width="1.4" height="10"/>'
    )
    return (
        '<svg class="interval" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="interval-ground" x="0" y="5.5" width="100" height="1"/>'
        f'<rect class="interval-bar" x="{at(low):.2f}" y="3" width="{max(at(high) - at(low), 0.5):.2f}" height="6"/>'
        f'<rect class="interval-group" x="{at(group):.2f}" y="0" width="0.6" height="12"/>{seen_dot}</svg>'
    )
