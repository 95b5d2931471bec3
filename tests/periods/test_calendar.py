"""Periods tile the time line, carry the names people use, and step back and forth without loss."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tolok.errors import DefinitionError, QuestionError
from tolok.periods import GRAINS, Calendar, Grain, Period

NRF = Calendar("4-5-4", fiscal_start=2, week_start=6, anchor="nearest", year_named_by="start")
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
calendars = st.builds(
    Calendar,
    kind=st.sampled_from(("month", "4-4-5", "4-5-4", "5-4-4")),
    fiscal_start=st.integers(1, 12),
    week_start=st.integers(0, 6),
    anchor=st.sampled_from(("last", "nearest")),
    year_named_by=st.sampled_from(("start", "end")),
)
grains = st.sampled_from(tuple(grain for grain in GRAINS if grain != "total"))


@given(calendars, grains, days, st.integers(0, 500))
def test_periods_tile_the_days_without_gap_or_overlap(
    calendar: Calendar, grain: Grain, start: date, length: int
) -> None:
    end = start + timedelta(days=length)
    found = calendar.periods(start, end, grain)
    covered = [period.start + timedelta(days=n) for period in found for n in range(period.days)]
    assert covered == [start + timedelta(days=n) for n in range(length + 1)]
    assert len({period.label for period in found}) == len(found)
    for period in found:
        whole = calendar.whole(period)
        assert period.partial == ((period.start, period.end) != (whole.start, whole.end))
        assert all(calendar.period_of(day, grain) == whole for day in (period.start, period.end))


@given(calendars, grains, days, st.integers(-40, 40))
def test_stepping_there_and_back_returns(calendar: Calendar, grain: Grain, day: date, count: int) -> None:
    period = calendar.period_of(day, grain)
    assert calendar.step(calendar.step(period, count), -count) == period
    before = calendar.shift(period, "previous")
    assert before.end + timedelta(days=1) == period.start
    assert calendar.shift(calendar.step(period, 1), "previous") == period


@given(calendars, days)
def test_finer_periods_lie_within_coarser_ones(calendar: Calendar, day: date) -> None:
    month, quarter, year = (calendar.period_of(day, grain) for grain in ("month", "quarter", "year"))
    assert year.start <= quarter.start <= month.start <= day <= month.end <= quarter.end <= year.end
    assert len(calendar.periods(year.start, year.end, "month")) == 12
    assert len(calendar.periods(year.start, year.end, "quarter")) == 4


@given(calendars.filter(lambda calendar: calendar.kind != "month"), days)
def test_retail_years_have_whole_weeks_in_the_stated_pattern(calendar: Calendar, day: date) -> None:
    year = calendar.period_of(day, "year")
    assert year.start.weekday() == calendar.week_start
    pattern = [int(weeks) for weeks in calendar.kind.split("-")] * 4
    weeks = [period.days // 7 for period in calendar.periods(year.start, year.end, "month")]
    assert year.days in (364, 371)
    pattern[-1] += year.days // 7 - 52
    assert weeks == pattern


@given(calendars.filter(lambda calendar: calendar.kind != "month"), days)
def test_the_anchor_holds_by_looking_at_every_day_around_the_month_end(calendar: Calendar, day: date) -> None:
    end = calendar.period_of(day, "year").end
    last_weekday = (calendar.week_start - 1) % 7
    month = (calendar.fiscal_start - 2) % 12 + 1
    month_ends = [date(year, month, monthrange(year, month)[1]) for year in (end.year - 1, end.year, end.year + 1)]
    month_end = min(month_ends, key=lambda candidate: abs((candidate - end).days))
    reach = range(-6, 1) if calendar.anchor == "last" else range(-3, 4)
    around = [month_end + timedelta(days=n) for n in reach]
    assert [day for day in around if day.weekday() == last_weekday] == [end]


@pytest.mark.parametrize(
    ("year", "start", "end", "weeks"),
    [
        # the National Retail Federation's published calendars
        ("FY2012", date(2012, 1, 29), date(2013, 2, 2), 53),
        ("FY2017", date(2017, 1, 29), date(2018, 2, 3), 53),
        ("FY2018", date(2018, 2, 4), date(2019, 2, 2), 52),
        ("FY2022", date(2022, 1, 30), date(2023, 1, 28), 52),
        ("FY2023", date(2023, 1, 29), date(2024, 2, 3), 53),
        ("FY2024", date(2024, 2, 4), date(2025, 2, 1), 52),
        ("FY2025", date(2025, 2, 2), date(2026, 1, 31), 52),
    ],
)
def test_the_retail_federations_years(year: str, start: date, end: date, weeks: int) -> None:
    found = NRF.period_of(start, "year")
    assert (found.label, found.start, found.end, found.days // 7) == (year, start, end, weeks)


def test_a_calendar_ending_on_the_last_saturday_of_september() -> None:
    # as a well-known maker of telephones reports: fiscal 2023 had 53 weeks and ended on 30 September 2023
    calendar = Calendar("4-4-5", fiscal_start=10, week_start=6, anchor="last")
    fiscal_2023 = calendar.period_of(date(2023, 1, 15), "year")
    assert (fiscal_2023.label, fiscal_2023.start, fiscal_2023.end) == (
        "FY2023",
        date(2022, 9, 25),
        date(2023, 9, 30),
    )
    assert fiscal_2023.days // 7 == 53
    assert calendar.period_of(date(2024, 9, 28), "year").end == date(2024, 9, 28)


def test_labels_are_those_people_use() -> None:
    day = date(2026, 3, 1)
    assert [Calendar().period_of(day, grain).label for grain in ("day", "week", "month", "quarter", "year")] == [
        "2026-03-01",
        "2026-W09",
        "2026-03",
        "2026-Q1",
        "2026",
    ]
    assert Calendar(week_start=6).period_of(day, "week").label == "2026-03-01"
    fiscal = Calendar(fiscal_start=4)
    assert [fiscal.period_of(day, grain).label for grain in ("month", "quarter", "year")] == [
        "2026-03",
        "FY2026-Q4",
        "FY2026",
    ]
    assert Calendar(fiscal_start=4, year_named_by="start").period_of(day, "year").label == "FY2025"
    assert NRF.period_of(date(2026, 4, 20), "month").label == "FY2026-P03"
    assert Calendar().period_of(date(2027, 1, 1), "week").label == "2026-W53"


@given(days)
def test_iso_weeks_match_the_standard_library(day: date) -> None:
    week = Calendar().period_of(day, "week")
    assert week.label == day.strftime("%G-W%V")


@settings(max_examples=50)
@given(days, st.integers(1, 36), st.integers(1, 400))
def test_rolling_windows_end_with_the_period(day: date, months: int, length: int) -> None:
    calendar = Calendar()
    period = calendar.period_of(day, "month")
    window = calendar.rolling(period, months=months)
    assert calendar.whole_months(window.start, window.end) == months
    assert calendar.rolling(period, days=length).days == length
    assert calendar.rolling(period, days=length).end == period.end


def test_rolling_months_step_like_the_engine_does() -> None:
    calendar = Calendar()
    for day in (date(2026, 3, 30), date(2024, 2, 28), date(2024, 2, 29), date(2025, 12, 30), date(2026, 3, 31)):
        window = calendar.rolling(calendar.period_of(day, "day"), months=1)
        row = duckdb.execute("SELECT ((?::DATE + 1) - INTERVAL 1 MONTH)::DATE", [day]).fetchone()
        assert row == (window.start,)
    assert calendar.rolling(calendar.period_of(date(2026, 1, 5), "day"), days=30, first=date(2026, 1, 1)).partial


@pytest.mark.parametrize(
    ("start", "end", "how", "expected"),
    [
        (date(2026, 1, 1), date(2026, 6, 30), "previous", (date(2025, 7, 1), date(2025, 12, 31))),
        (date(2026, 1, 1), date(2026, 6, 30), "last-year", (date(2025, 1, 1), date(2025, 6, 30))),
        (date(2025, 2, 1), date(2025, 2, 28), "last-year", (date(2024, 2, 1), date(2024, 2, 29))),
        (date(2026, 3, 10), date(2026, 3, 19), "previous", (date(2026, 2, 28), date(2026, 3, 9))),
        (date(2024, 2, 29), date(2024, 3, 5), "last-year", (date(2023, 2, 28), date(2023, 3, 5))),
    ],
)
def test_a_total_steps_by_months_where_it_is_months(
    start: date, end: date, how: str, expected: tuple[date, date]
) -> None:
    shifted = Calendar().shift(Period(start, end, "total"), how)  # type: ignore[arg-type]
    assert (shifted.start, shifted.end) == expected


def test_mistakes_are_named() -> None:
    with pytest.raises(QuestionError, match="ends before it begins"):
        Calendar().periods(date(2026, 2, 1), date(2026, 1, 1), "month")
    with pytest.raises(QuestionError, match=r"Did you mean month\?"):
        Calendar().periods(date(2026, 1, 1), date(2026, 2, 1), "mont")  # type: ignore[arg-type]
    with pytest.raises(QuestionError, match="outside"):
        Calendar().period_of(date(9999, 12, 31), "year")
    for wrong in ({"kind": "4-4-6"}, {"fiscal_start": 13}, {"week_start": 7}, {"anchor": "first"}):
        with pytest.raises(DefinitionError):
            Calendar(**wrong)
    with pytest.raises(QuestionError, match="rolling"):
        Calendar().rolling(Calendar().period_of(date(2026, 1, 1), "day"))
