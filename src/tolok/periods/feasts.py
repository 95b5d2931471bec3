"""Feasts that move through the calendar and move sales with them: Lebaran, Lunar New Year, Easter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from tolok.periods.period import Period
from tolok.periods.public_holidays import public_holidays


@dataclass(frozen=True)
class Feast:
    """A feast: how people call it, how holiday names begin, and its season in days before and after the day itself."""

    name: str
    begins: tuple[str, ...]
    countries: str
    before: int
    after: int


_EID = ("Eid al-Fitr", "Hari Raya Puasa", "Ramadan Feast", "Ramazan Bayram")
FEASTS: tuple[Feast, ...] = (
    Feast("Lebaran", _EID, "ID", before=30, after=10),
    Feast(
        "Eid al-Fitr",
        _EID,
        "MY BN PK BD AE SA QA KW OM BH EG JO MA DZ TN TR UZ",
        before=30,
        after=10,
    ),
    Feast(
        "Lunar New Year",
        ("Lunar New Year", "Chinese New Year", "Korean New Year"),
        "CN TW HK MO SG VN KR",
        before=14,
        after=10,
    ),
    Feast(
        "Easter",
        ("Easter Sunday", "Easter Monday", "Good Friday"),
        "AU AT BE BR CA CH DE DK ES FI FR GB IE IT NL NO NZ PL PT SE US ZA PH",
        before=7,
        after=7,
    ),
)


def moving_feast(country: str) -> Feast | None:
    """The feast that moves a country's trade, or None.

    >>> moving_feast("ID").name
    'Lebaran'
    """
    code = country.upper().partition("-")[0]
    return next((feast for feast in FEASTS if code in feast.countries.split()), None)


@lru_cache(maxsize=256)
def feast_days(country: str, first_year: int, last_year: int) -> tuple[date, ...]:
    """First days of the country's moving feast in the years given; a year may hold none or two.

    >>> feast_days("ID", 2023, 2025)
    (datetime.date(2023, 4, 22), datetime.date(2024, 4, 10), datetime.date(2025, 3, 31))
    """
    feast = moving_feast(country)
    if feast is None:
        return ()
    found: list[date] = []
    for year in range(first_year, last_year + 1):
        for day, names in public_holidays(country, year).items():
            begins = any(name.strip().startswith(feast.begins) for name in names.split(";"))
            if begins and (not found or (day - found[-1]).days > 60):
                found.append(day)
    return tuple(found)


def feasts_in(period: Period, country: str) -> tuple[date, ...]:
    """The first days of the moving feast that lie inside a period."""
    return tuple(day for day in feast_days(country, period.start.year, period.end.year) if day in period)


def season_days(period: Period, country: str) -> int:
    """How many days of the feast's season lie inside a period."""
    feast = moving_feast(country)
    if feast is None:
        return 0
    around = feast_days(country, period.start.year - 1, period.end.year + 1)
    spans = ((day - timedelta(days=feast.before), day + timedelta(days=feast.after)) for day in around)
    overlaps = ((min(end, period.end) - max(start, period.start)).days + 1 for start, end in spans)
    return sum(max(0, overlap) for overlap in overlaps)


def feast_shift(period: Period, country: str) -> timedelta | None:
    """How far the feast nearest to a period lies behind the feast before it, as a (negative) number of days."""
    around = feast_days(country, period.start.year - 2, period.end.year + 1)
    if len(around) < 2:
        return None
    middle = period.start + (period.end - period.start) / 2
    nearest = min(range(1, len(around)), key=lambda i: abs((around[i] - middle).days))
    return around[nearest - 1] - around[nearest]
