"""Fair comparison: like days against like days.

A period that is not over is compared to the same point of the other one. Days and weeks go back 364 days, so that
weekdays meet; months, quarters and years go back to the same dates, so that months meet. A feast that moves, such as
Lebaran, may lie in one of two windows only: then a note says so, or the other window is laid around its own feast.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tolok.errors import QuestionError, nearest
from tolok.periods.calendar import Calendar, Shift, cut, total
from tolok.periods.feasts import feast_shift, feasts_in, moving_feast, season_days
from tolok.periods.period import Period
from tolok.periods.working_time import WorkingHours

Elapsed = Literal["days", "working-days"]
Align = Literal["date", "feast"]
Language = Literal["en", "id"]
_DAY = timedelta(days=1)

_NOTES: dict[str, tuple[str, str]] = {
    "to_date": ("to date: {a} of {label} against {b}", "sampai tanggal ini: {a} dari {label} dibanding {b}"),
    "shorter": ("{label} has only {n} days", "{label} hanya {n} hari"),
    "leap": ("{label} has a 29 February", "{label} memuat 29 Februari"),
    "weeks": ("{a} weeks against {b}", "{a} minggu dibanding {b}"),
    "working": ("{a} working days against {b}", "{a} hari kerja dibanding {b}"),
    "feast_one": (
        "{feast} ({days}) lies in {label} but not in {other}",
        "{feast} ({days}) jatuh di {label}, tidak di {other}",
    ),
    "feast_season": (
        "{a} days of the {feast} season against {b}",
        "{a} hari musim {feast} dibanding {b}",
    ),
    "aligned": ("same days relative to {feast}", "hari yang sama terhadap {feast}"),
    "no_feast": ("no moving feast is known for this calendar", "kalender ini tidak punya hari raya yang berpindah"),
    "not_begun": ("{label} has not begun", "{label} belum dimulai"),
}


@dataclass(frozen=True)
class Comparison:
    """A period as far as it has gone, the stretch that it may fairly be compared with, and what to know about them."""

    period: Period
    fair_to: Period
    note: str = ""


def compare(
    period: Period,
    how: Shift,
    *,
    data_end: date,
    calendar: Calendar,
    elapsed: Elapsed = "days",
    align: Align = "date",
    hours: WorkingHours | None = None,
    language: Language = "en",
) -> Comparison:
    """What a period is fairly compared with, when data ends on ``data_end``.

    ``elapsed`` says how an unfinished period is matched: by days gone by, or by working days (of ``hours``, else
    Monday to Friday without the calendar's holidays). ``align="feast"`` lays last year's window around its own
    moving feast instead of the same dates.

    >>> month = Calendar().period_of(date(2026, 10, 20), "month")
    >>> answer = compare(month, "previous", data_end=date(2026, 10, 20), calendar=Calendar())
    >>> print(answer.fair_to.start, answer.fair_to.end, answer.note)
    2026-09-01 2026-09-20 to date: 20 days of 2026-10 against 20
    """
    for value, known in ((elapsed, ("days", "working-days")), (align, ("date", "feast"))):
        if value not in known:
            raise QuestionError(f"A fair comparison knows no {value!r}.", next_step=nearest(value, known))
    other = calendar.shift(period, how)
    if data_end < period.start:
        return Comparison(period, other, _say("not_begun", language, label=period.label))
    done = cut(period, period.start, data_end)
    notes: list[str] = []
    if align == "feast" and how == "last-year":
        fair = _around_feast(done, calendar, notes, language)
        if fair is not None:
            return Comparison(done, fair, "; ".join(notes))
    days_off = hours or WorkingHours(holidays=calendar.holidays)
    fair = _matched(done, calendar.whole(period), other, how, calendar, elapsed, days_off)
    notes += _notes(done, calendar.whole(period), fair, other, calendar, language)
    if elapsed == "working-days":
        counts = [days_off.working_days(stretch.start, stretch.end) for stretch in (done, fair)]
        notes.append(_say("working", language, a=counts[0], b=counts[1]))
    notes += _feast_notes(done, fair, calendar.holidays, language)
    return Comparison(done, fair, "; ".join(notes))


def _matched(
    done: Period, whole: Period, other: Period, how: Shift, calendar: Calendar, elapsed: Elapsed, hours: WorkingHours
) -> Period:
    """The stretch of the other period that stands at the same points as what is done of this one."""
    if (done.start, done.end) == (whole.start, whole.end):
        return other
    if elapsed == "working-days":
        start = other.start + (done.start - whole.start)
        end = _same_working_days(done, min(start, other.end), other.end, hours)
        return cut(other, min(start, other.end), end)
    start = _same_point(done.start, whole, other, how, calendar, ends=False)
    end = _same_point(done.end, whole, other, how, calendar, ends=True)
    return cut(other, start, max(start, end))


def _same_point(day: date, whole: Period, other: Period, how: Shift, calendar: Calendar, *, ends: bool) -> date:
    """The day of the other period that answers to a day of this one."""
    if ends and day == whole.end:
        return other.end
    month_based = calendar.kind == "month" and whole.grain in ("month", "quarter", "year", "total")
    if how == "last-year" and month_based:
        return _inside(calendar.day_last_year(day), other)
    months = calendar.whole_months(whole.start, day) if ends else calendar.whole_months(whole.start, day - _DAY)
    if months and whole.grain in ("quarter", "year"):
        boundary = other.start
        for _ in range(months):
            boundary = calendar.period_of(boundary, "month").end + _DAY
        return _inside(boundary - _DAY if ends else boundary, other)
    return _inside(other.start + (day - whole.start), other)


def _inside(day: date, period: Period) -> date:
    return min(max(day, period.start), period.end)


def _same_working_days(done: Period, start: date, last: date, hours: WorkingHours) -> date:
    """The day by which as many working days have gone by, and a day off where the period stands on a day off."""
    wanted = hours.working_days(done.start, done.end)
    stands_on_day_off = not hours.is_working_day(done.end)
    day, gone = start, int(hours.is_working_day(start))
    while day < last and gone < wanted:
        day += _DAY
        gone += hours.is_working_day(day)
    while stands_on_day_off and day < last and not hours.is_working_day(day + _DAY):
        day += _DAY
    return day


def _around_feast(done: Period, calendar: Calendar, notes: list[str], language: Language) -> Period | None:
    shift = feast_shift(done, calendar.holidays)
    feast = moving_feast(calendar.holidays)
    if shift is None or feast is None:
        notes.append(_say("no_feast", language))
        return None
    notes.append(_say("aligned", language, feast=feast.name))
    fair = total(done.start + shift, done.end + shift)
    return Period(fair.start, fair.end, fair.label, done.partial, done.grain)


def _notes(
    done: Period, whole: Period, fair: Period, other: Period, calendar: Calendar, language: Language
) -> list[str]:
    notes = []
    unfinished = (done.start, done.end) != (whole.start, whole.end)
    if unfinished:
        unit = "days" if language == "en" else "hari"
        notes.append(_say("to_date", language, a=f"{done.days} {unit}", label=whole.label, b=fair.days))
    if unfinished and fair.days < done.days and fair.end == other.end and fair.start == other.start:
        notes.append(_say("shorter", language, label=other.label, n=other.days))
    if whole.grain in ("quarter", "year", "total") and _has_leap_day(done) != _has_leap_day(fair):
        notes.append(_say("leap", language, label=(done if _has_leap_day(done) else fair).label))
    if calendar.kind != "month" and not unfinished and done.days != fair.days:
        notes.append(_say("weeks", language, a=done.days // 7, b=fair.days // 7))
    return notes


def _has_leap_day(period: Period) -> bool:
    years = (year for year in range(period.start.year, period.end.year + 1) if year % 4 == 0)
    return any(date(year, 2, 29) in period for year in years if year % 100 or year % 400 == 0)


def _feast_notes(done: Period, fair: Period, country: str, language: Language) -> list[str]:
    """A note where the moving feast lies in one of two stretches only, or its season in unequal parts."""
    feast = moving_feast(country)
    if feast is None:
        return []
    here, there = feasts_in(done, country), feasts_in(fair, country)
    if len(here) != len(there):
        with_it, without = (done, fair) if len(here) > len(there) else (fair, done)
        days = ", ".join(str(day) for day in (here if with_it is done else there))
        words = {"feast": feast.name, "days": days, "label": with_it.label, "other": without.label}
        return [_say("feast_one", language, **words)]
    season = season_days(done, country), season_days(fair, country)
    if abs(season[0] - season[1]) > 2:
        return [_say("feast_season", language, feast=feast.name, a=season[0], b=season[1])]
    return []


def _say(key: str, language: Language, **words: object) -> str:
    return _NOTES[key][1 if language == "id" else 0].format(**words)
