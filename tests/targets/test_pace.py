"""Where a target should stand today, worked by hand on the calendar of October 2026 and around Lebaran 2026."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tolok.periods import WorkingHours
from tolok.targets.pace import pace
from tolok.targets.season import Season, feast_week, learned

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))  # 22 working days, Monday to Friday


def test_half_of_the_working_days_ask_for_half_of_the_target() -> None:
    """By Thursday 15 October 11 of 22 working days are gone."""
    found = pace(Decimal(2200), Decimal(990), *OCTOBER, date(2026, 10, 15))
    assert (found.days_gone, found.days_left) == (11, 11)
    assert found.expected == 1100
    assert (found.of_pace, found.attained, found.status) == (90, 45, "behind")
    assert found.needed == 110  # 1,210 in 11 days
    assert found.landing == 1980


def test_holidays_are_no_working_days() -> None:
    """March 2026 has Nyepi on the 19th and Lebaran on the 20th to 24th, some at a weekend."""
    days = WorkingHours(holidays="ID")
    with_them = pace(Decimal(100), Decimal(50), date(2026, 3, 1), date(2026, 3, 31), date(2026, 3, 17), hours=days)
    without = pace(Decimal(100), Decimal(50), date(2026, 3, 1), date(2026, 3, 31), date(2026, 3, 17))
    assert with_them.days_gone + with_them.days_left < without.days_gone + without.days_left == 22
    assert with_them.expected > without.expected


def test_a_season_asks_for_more_in_its_time() -> None:
    season = Season({10: Decimal(1), 11: Decimal(3)})
    found = pace(Decimal(100), Decimal(20), date(2026, 10, 1), date(2026, 11, 30), date(2026, 10, 31), season=season)
    assert found.share_gone == Decimal(22) / (22 + 3 * 21)


@pytest.mark.parametrize(
    ("actual", "status"),
    [("1044", "behind"), ("1044.99", "on pace"), ("1100", "on pace"), ("1154.4", "on pace"), ("1154.5", "ahead")],
)
def test_status_is_judged_from_the_displayed_figure(actual: str, status: str) -> None:
    """1,044.99 of 1,100 is 94.999 % and is displayed as 95.0 %: it counts as that."""
    assert pace(Decimal(2200), Decimal(actual), *OCTOBER, date(2026, 10, 15)).status == status


def test_after_the_end_it_is_met_or_missed() -> None:
    after = date(2026, 11, 3)
    assert pace(Decimal(100), Decimal(100), *OCTOBER, after).status == "met"
    missed = pace(Decimal(100), Decimal("99.9"), *OCTOBER, after)
    assert (missed.status, missed.needed, missed.landing) == ("missed", None, Decimal("99.9"))


def test_before_the_start_nothing_is_due() -> None:
    found = pace(Decimal(100), None, *OCTOBER, date(2026, 9, 30))
    assert (found.expected, found.status, found.days_left) == (0, "not begun", 22)


def test_a_first_day_off_asks_for_nothing_yet() -> None:
    found = pace(Decimal(100), Decimal(0), date(2026, 11, 1), date(2026, 11, 30), date(2026, 11, 1))
    assert (found.expected, found.status, found.landing) == (0, "on pace", None)


def test_lower_is_better_turns_it_round() -> None:
    """A cycle of 50 days against a target of 45 is at 90 %; 40 days are ahead of it."""
    slow = pace(Decimal(45), Decimal(50), *OCTOBER, date(2026, 10, 15), better="lower", adds_up=False)
    assert (slow.of_pace, slow.expected, slow.status, slow.landing) == (90, 45, "behind", 50)
    fast = pace(Decimal(45), Decimal(40), *OCTOBER, date(2026, 10, 15), better="lower", adds_up=False)
    assert fast.status == "ahead"


def test_costs_within_their_target_are_ahead() -> None:
    found = pace(Decimal(2200), Decimal(900), *OCTOBER, date(2026, 10, 15), better="lower")
    assert (found.status, found.of_pace) == ("ahead", Decimal("122.2"))


def test_without_figures_there_is_no_answer() -> None:
    assert pace(Decimal(100), None, *OCTOBER, date(2026, 10, 15)).status == "no answer"


@given(some.integers(0, 60), some.integers(1, 10**9))
def test_what_is_due_never_falls_and_ends_at_the_target(days: int, target: int) -> None:
    start, end = date(2026, 10, 1), date(2026, 11, 30)
    here = pace(Decimal(target), Decimal(1), start, end, start + timedelta(days=days)).expected
    next_day = pace(Decimal(target), Decimal(1), start, end, start + timedelta(days=days + 1)).expected
    assert here <= next_day <= target
    assert pace(Decimal(target), Decimal(1), start, end, end).expected == target


def test_a_season_is_learned_without_taking_growth_for_it_and_moves_with_lebaran() -> None:
    """Sales grow by half a year; each day within Ramadan's last two weeks before Lebaran counts twice."""
    history, day = {}, date(2023, 1, 1)
    while day <= date(2025, 12, 31):
        worth = Decimal(100 + (day.year - 2023) * 50)
        history[day] = worth * 2 if feast_week(day, "ID") in (-2, -1) else worth
        day += timedelta(days=1)
    season = learned(history, date(2025, 12, 31), "ID")
    assert season.of(date(2026, 3, 15)) / season.of(date(2026, 8, 15)) == pytest.approx(Decimal(2), abs=Decimal("0.02"))
    assert season.of(date(2026, 4, 20)) == pytest.approx(season.of(date(2026, 8, 15)), abs=Decimal("0.02"))
    assert feast_week(date(2025, 3, 15), "ID") == -3  # the same date a year earlier lay in another week
    assert "Lebaran" in season.why.id


def test_less_than_a_year_teaches_no_season() -> None:
    history = {date(2026, 1, 1) + timedelta(days=n): Decimal(1) for n in range(200)}
    assert learned(history, date(2026, 7, 19)).is_flat
