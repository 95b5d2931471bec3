"""Working time is what a person with a calendar and a clock would count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tolok.errors import DefinitionError
from tolok.periods import WorkingHours, calendar_table, public_holidays

JAKARTA = WorkingHours.parse("08:30-17:00", days="mon-sat", timezone="Asia/Jakarta", holidays="ID")
BERLIN = WorkingHours.parse("00:00-24:00", timezone="Europe/Berlin", holidays="DE-BY")
NEW_YORK = WorkingHours.parse("9:00 - 17:00", timezone="America/New_York", closed_on=[date(2026, 3, 10)])
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # UTC without a zone, as facts hold it
several = st.sampled_from((JAKARTA, BERLIN, NEW_YORK))
moments = st.integers(0, 150 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes))


def counted(hours: WorkingHours, start: datetime, end: datetime) -> int:
    """Minute by minute: is the clock on the wall within the hours of a working day?"""
    zone, total, at = ZoneInfo(hours.timezone), 0, start.replace(tzinfo=UTC)
    while at < end.replace(tzinfo=UTC):
        wall = at.astimezone(zone)
        total += hours.is_working_day(wall.date()) and hours.opens <= wall.hour * 60 + wall.minute < hours.closes
        at += timedelta(minutes=1)
    return total


@settings(max_examples=25, deadline=None)
@given(several, moments, st.integers(0, 9000))
def test_minutes_between_two_instants_are_those_counted_one_by_one(
    hours: WorkingHours, start: datetime, length: int
) -> None:
    end = start + timedelta(minutes=length)
    assert hours.working_minutes(start, end) == counted(hours, start, end)


@settings(max_examples=25, deadline=None)
@given(several, moments, moments, moments)
def test_working_time_adds_up(hours: WorkingHours, a: datetime, b: datetime, c: datetime) -> None:
    assert hours.working_minutes(a, b) + hours.working_minutes(b, c) == hours.working_minutes(a, c)


@settings(max_examples=10, deadline=None)
@given(several, st.lists(st.tuples(moments, moments), min_size=1, max_size=40))
def test_joining_the_day_table_gives_the_same_minutes(
    hours: WorkingHours, pairs: list[tuple[datetime, datetime]]
) -> None:
    engine = duckdb.connect()
    engine.execute("CREATE TABLE days (s TIMESTAMP, e TIMESTAMP, o TIMESTAMP, m INTEGER, b INTEGER)")
    table = calendar_table(date(2025, 12, 30), date(2026, 6, 2), hours)
    engine.executemany(
        "INSERT INTO days VALUES (?, ?, ?, ?, ?)",
        [(row.starts_at, row.ends_at, row.opens_at, row.minutes, row.minutes_before) for row in table],
    )
    engine.execute("CREATE TABLE pairs (n INTEGER, a TIMESTAMP, b TIMESTAMP)")
    engine.executemany("INSERT INTO pairs VALUES (?, ?, ?)", [(n, *pair) for n, pair in enumerate(pairs)])
    worked = "{d}.b + least(greatest(epoch({t} - {d}.o) / 60, 0), {d}.m)"
    found = engine.execute(f"""
        SELECT ({worked.format(d="y", t="p.b")}) - ({worked.format(d="x", t="p.a")})
        FROM pairs AS p
        JOIN days AS x ON x.s <= p.a AND p.a < x.e
        JOIN days AS y ON y.s <= p.b AND p.b < y.e
        ORDER BY p.n
    """).fetchall()
    assert [row[0] for row in found] == [hours.working_minutes(*pair) for pair in pairs]


def test_the_day_table_covers_every_instant_once_also_when_clocks_change() -> None:
    table = calendar_table(date(2026, 3, 1), date(2026, 4, 30), BERLIN)
    assert all(one.ends_at == two.starts_at for one, two in pairwise(table))
    lengths = {row.day: (row.ends_at - row.starts_at).total_seconds() / 3600 for row in table}
    assert lengths[date(2026, 3, 29)] == 23
    assert table[-1].minutes_before + table[-1].minutes == sum(row.minutes for row in table)


@given(several, st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(-3, 120))
def test_working_days_are_those_counted_one_by_one(hours: WorkingHours, start: date, length: int) -> None:
    end = start + timedelta(days=length)
    listed = [start + timedelta(days=n) for n in range(max(0, length + 1))]
    assert hours.working_days(start, end) == len([day for day in listed if hours.is_working_day(day)])


def test_public_holidays_and_own_days_off_do_not_count() -> None:
    assert not JAKARTA.is_working_day(date(2026, 8, 17))  # independence day, a Monday
    assert JAKARTA.is_working_day(date(2026, 8, 22))  # a Saturday that is worked
    assert not BERLIN.is_working_day(date(2026, 1, 6))  # Epiphany, in Bavaria only
    assert not NEW_YORK.is_working_day(date(2026, 3, 10))
    assert public_holidays("", 2026) == {}


def test_days_are_read_in_both_languages() -> None:
    assert WorkingHours.parse(days="senin-jumat").days == WorkingHours.parse(days="Mon - Fri").days == set(range(5))
    assert WorkingHours.parse(days="sat-mon").days == {5, 6, 0}
    assert WorkingHours.parse(days="sabtu, wed").days == {5, 2}


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": "nine to five"},
        {"hours": "17:00-09:00"},
        {"hours": "09:00-17:75"},
        {"days": "monday to friday"},
        {"timezone": "Asia/Djakarta"},
        {"timezone": "../../etc/passwd"},
    ],
)
def test_settings_that_cannot_be_read_are_refused_in_one_sentence(wrong: dict[str, str]) -> None:
    with pytest.raises(DefinitionError) as caught:
        WorkingHours.parse(**wrong)  # type: ignore[arg-type]
    assert caught.value.next_step
