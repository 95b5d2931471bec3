"""Comparisons are fair: like days against like days, and what cannot be made alike is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tolok.errors import DefinitionError, QuestionError
from tolok.periods import Calendar, Comparison, Grain, Period, WorkingHours, compare, feast_days, moving_feast
from tolok.periods.calendar import Shift

PLAIN = Calendar()
INDONESIA = Calendar(holidays="ID")
NRF = Calendar("4-5-4", fiscal_start=2, week_start=6, anchor="nearest", year_named_by="start")
FAR = date(2060, 1, 1)


def compared(day: date, grain: Grain, how: Shift, data_end: date = FAR, calendar: Calendar = PLAIN) -> Comparison:
    return compare(calendar.period_of(day, grain), how, data_end=data_end, calendar=calendar)


@pytest.mark.parametrize(
    ("grain", "how", "data_end", "start", "end"),
    [
        ("month", "previous", date(2026, 10, 20), date(2026, 9, 1), date(2026, 9, 20)),
        ("month", "last-year", date(2026, 10, 20), date(2025, 10, 1), date(2025, 10, 20)),
        ("month", "previous", date(2026, 3, 30), date(2026, 2, 1), date(2026, 2, 28)),  # February is shorter
        ("month", "previous", date(2026, 2, 28), date(2026, 1, 1), date(2026, 1, 31)),  # a whole month to a whole month
        ("quarter", "previous", date(2026, 2, 14), date(2025, 10, 1), date(2025, 11, 14)),
        ("quarter", "previous", date(2026, 2, 28), date(2025, 10, 1), date(2025, 11, 30)),  # two months to two months
        ("quarter", "last-year", date(2026, 5, 5), date(2025, 4, 1), date(2025, 5, 5)),
        ("year", "last-year", date(2024, 2, 29), date(2023, 1, 1), date(2023, 2, 28)),
        ("year", "previous", date(2024, 10, 31), date(2023, 1, 1), date(2023, 10, 31)),
        ("week", "previous", date(2026, 10, 21), date(2026, 10, 12), date(2026, 10, 14)),
        ("week", "last-year", date(2026, 10, 21), date(2025, 10, 20), date(2025, 10, 22)),
        ("day", "last-year", date(2026, 10, 21), date(2025, 10, 22), date(2025, 10, 22)),
    ],
)
def test_to_date_is_compared_with_to_date(grain: Grain, how: Shift, data_end: date, start: date, end: date) -> None:
    answer = compared(data_end, grain, how, data_end)
    assert (answer.fair_to.start, answer.fair_to.end) == (start, end)
    assert answer.period.end == data_end


grains = st.sampled_from(("day", "week", "month", "quarter", "year"))


@given(
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    grains,
    st.sampled_from(("previous", "last-year")),
    st.integers(0, 366),
    st.sampled_from((PLAIN, NRF, Calendar(fiscal_start=4))),
)
def test_a_fair_stretch_lies_in_the_other_period_and_has_like_days(
    day: date, grain: Grain, how: Shift, gone: int, calendar: Calendar
) -> None:
    period = calendar.period_of(day, grain)
    data_end = period.start + timedelta(days=gone)
    answer = compare(period, how, data_end=data_end, calendar=calendar)
    other = calendar.shift(period, how)
    assert other.start <= answer.fair_to.start <= answer.fair_to.end <= other.end
    if data_end >= period.end:
        assert (answer.period, answer.fair_to) == (period, other)
    else:
        assert answer.period.partial
        assert answer.period.end == data_end
        assert "to date" in answer.note
        assert abs(answer.fair_to.days - answer.period.days) <= (3 if grain in ("month", "quarter", "year") else 0)
    if grain in ("day", "week"):
        assert answer.fair_to.start.weekday() == answer.period.start.weekday() or (grain, how) == ("day", "previous")


def test_a_period_cut_at_its_beginning_is_compared_with_the_same_cut() -> None:
    asked = PLAIN.periods(date(2026, 3, 10), date(2026, 4, 30), "month")[0]
    answer = compare(asked, "last-year", data_end=FAR, calendar=PLAIN)
    assert (answer.fair_to.start, answer.fair_to.end) == (date(2025, 3, 10), date(2025, 3, 31))


def test_leap_days_and_53_weeks_are_said() -> None:
    assert "29 February" in compared(date(2024, 6, 1), "year", "last-year").note
    assert compared(date(2023, 6, 1), "year", "last-year").note == ""
    assert compared(date(2023, 6, 1), "year", "last-year", calendar=NRF).note == "53 weeks against 52"


def test_feasts_fall_on_the_published_days() -> None:
    assert feast_days("ID", 2023, 2025) == (date(2023, 4, 22), date(2024, 4, 10), date(2025, 3, 31))
    assert feast_days("CN", 2024, 2024)[0] in (date(2024, 2, 9), date(2024, 2, 10))
    assert feast_days("DE", 2024, 2024) == (date(2024, 3, 29),)
    assert moving_feast("US") is not None  # Easter
    assert moving_feast("JP") is None
    assert len(feast_days("ID", 2030, 2033)) == 5  # 2033 has two


def test_lebaran_in_one_window_only_carries_a_note() -> None:
    april = compared(date(2025, 4, 15), "month", "last-year", calendar=INDONESIA)
    assert april.note == "Lebaran (2024-04-10) lies in 2024-04 but not in 2025-04"
    march = compared(date(2025, 3, 15), "month", "last-year", calendar=INDONESIA)
    assert "Lebaran (2025-03-31) lies in 2025-03" in march.note
    year = compared(date(2025, 3, 15), "year", "last-year", calendar=INDONESIA)
    assert "Lebaran" not in year.note
    october = compared(date(2025, 10, 15), "month", "last-year", calendar=INDONESIA)
    assert october.note == ""
    indonesian = compare(
        INDONESIA.period_of(date(2025, 4, 15), "month"), "last-year", data_end=FAR, calendar=INDONESIA, language="id"
    )
    assert "jatuh di 2024-04" in indonesian.note


@given(st.dates(date(2016, 1, 1), date(2026, 12, 1)), st.sampled_from(("month", "quarter", "week")))
def test_a_note_names_lebaran_exactly_when_one_window_lacks_it(day: date, grain: Grain) -> None:
    answer = compared(day, grain, "last-year", calendar=INDONESIA)
    feasts = feast_days("ID", 2013, 2028)
    counts = [sum(feast in stretch for feast in feasts) for stretch in (answer.period, answer.fair_to)]
    assert ("but not in" in answer.note) == (counts[0] != counts[1])


def test_a_window_can_be_laid_around_lebaran() -> None:
    around = Period(date(2025, 3, 1), date(2025, 4, 15), "Ramadan and Lebaran 2025")
    answer = compare(around, "last-year", data_end=FAR, calendar=INDONESIA, align="feast")
    assert (answer.fair_to.start - date(2024, 4, 10)).days == (around.start - date(2025, 3, 31)).days
    assert answer.fair_to.days == around.days
    assert answer.note == "same days relative to Lebaran"
    plain = compare(around, "last-year", data_end=FAR, calendar=PLAIN, align="feast")
    assert "no moving feast" in plain.note


def test_a_month_can_be_matched_by_working_days() -> None:
    # 20 October 2026 is the 14th weekday of its month; the 14th weekday of September 2026 is the 18th
    month = PLAIN.period_of(date(2026, 10, 20), "month")
    answer = compare(month, "previous", data_end=date(2026, 10, 20), calendar=PLAIN, elapsed="working-days")
    assert answer.fair_to.end == date(2026, 9, 18)
    assert "14 working days against 14" in answer.note


@given(st.dates(date(2020, 1, 1), date(2027, 12, 31)), st.sampled_from(("previous", "last-year")))
def test_matched_working_days_are_equal_where_the_other_month_has_as_many(day: date, how: Shift) -> None:
    hours = WorkingHours(holidays="ID")
    month = INDONESIA.period_of(day, "month")
    answer = compare(month, how, data_end=day, calendar=INDONESIA, elapsed="working-days", hours=hours)
    if day == month.end:
        return
    counts = [hours.working_days(stretch.start, stretch.end) for stretch in (answer.period, answer.fair_to)]
    available = hours.working_days(answer.fair_to.start, INDONESIA.shift(month, how).end)
    assert counts[1] == min(counts[0], available) or (counts[0] == 0 and counts[1] <= 1)


def test_a_period_that_has_not_begun_says_so() -> None:
    answer = compared(date(2027, 1, 1), "month", "previous", data_end=date(2026, 10, 31))
    assert answer.note == "2027-01 has not begun"


def test_mistakes_are_named() -> None:
    with pytest.raises(QuestionError, match="cannot be compared"):
        compared(date(2026, 1, 1), "month", "last-decade")  # type: ignore[arg-type]
    with pytest.raises(QuestionError, match="fair comparison knows no"):
        compare(
            PLAIN.period_of(date(2026, 1, 1), "month"),
            "previous",
            data_end=FAR,
            calendar=PLAIN,
            elapsed="hours",  # type: ignore[arg-type]
        )
    for wrong in ("ID-NOWHERE", "XX", "Indonesia"):
        with pytest.raises(DefinitionError, match="holidays"):
            WorkingHours(holidays=wrong).is_working_day(date(2026, 1, 5))
