"""Public holidays of a country, by date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from tolok.errors import DefinitionError, nearest

NONE: Mapping[date, str] = MappingProxyType({})


@lru_cache(maxsize=1024)
def public_holidays(country: str, year: int) -> Mapping[date, str]:
    """The public holidays of a year, with their English names where there are any; "" has none.

    ``country`` is a code of ISO 3166, with a subdivision after a hyphen where one is meant: "ID", "DE-BY".

    >>> public_holidays("ID", 2026)[date(2026, 3, 21)]
    'Eid al-Fitr'
    """
    if not country:
        return NONE
    import holidays

    code, _, subdivision = country.upper().partition("-")
    known = holidays.list_supported_countries(include_aliases=True)
    if code not in known:
        raise DefinitionError(
            f"The public holidays of {country!r} are not known.", next_step=nearest(code, known) or "Leave it empty."
        )
    if subdivision and subdivision not in known[code]:
        raise DefinitionError(
            f"{code} has no subdivision {subdivision!r} with holidays of its own.",
            next_step=nearest(subdivision, known[code]) or f"Use {code}.",
        )
    found = holidays.country_holidays(code, subdiv=subdivision or None, years=year, language="en_US")
    return MappingProxyType({day: name for day, name in sorted(found.items()) if day.year == year})
