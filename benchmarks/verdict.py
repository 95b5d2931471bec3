"""What was measured, beside the bar that it should stay under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """One measurement; it holds when it is not above its bar."""

    name: str
    measured: float
    bar: float
    unit: str = ""

    @property
    def holds(self) -> bool:
        return self.measured <= self.bar


def printed(verdicts: Sequence[Verdict]) -> bool:
    """Print the table; says whether all hold."""
    print(f"\n{'':<62} {'measured':>10} {'bar':>8}")
    for each in verdicts:
        said = "" if each.holds else "  missed"
        print(f"{each.name:<62} {figure(each.measured):>10} {figure(each.bar):>8} {each.unit:<3}{said}")
    missed = [each.name for each in verdicts if not each.holds]
    print(f"\n{len(missed)} of {len(verdicts)} missed their bar: {'; '.join(missed)}" if missed else "\nAll hold.")
    return not missed


def figure(value: float) -> str:
    return f"{value:.0f}" if value >= 20 else f"{value:.2f}"
