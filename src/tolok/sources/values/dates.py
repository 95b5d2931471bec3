"""Dates and moments: which form a column writes them in, and how DuckDB reads that form.

A form is a strptime pattern, or one of the words ``iso`` (2026-03-04, with or without a time), ``iso zone`` (with Z or
an offset), ``excel`` (serial numbers), ``epoch``, ``epoch ms`` or ``quarter`` (Q1 2026). Several are joined by ``|``.
Months by name are read in every language of ``words.MONTHS``, whatever the form's own.
"""

from __future__ import annotations

from tolok.sources.values.quoting import literal
from tolok.sources.values.words import BLANKS, MONTHS

EARLIEST, LATEST = "1900-01-02", "2199-12-31"
"""A year 0202 or 9999, or the day zero of a spreadsheet, is a mistake and no date."""

_ZONE = r"[0-9]:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?Z| ?z| ?UTC| ?GMT| ?[+-][0-9]{2}:?([0-9]{2})?)$"


def forms(text: str) -> tuple[str, ...]:
    return tuple(form for form in text.split("|") if form) or ("iso",)


def has_time(format: str) -> bool:
    """Whether a form can tell the time of day."""
    return any(
        form in ("iso zone", "iso time", "epoch", "epoch ms", "excel time") or "%H" in form or "%I" in form
        for form in forms(format)
    )


def date_sql(format: str, cell: str, *, timezone: str) -> str:
    """DATE of a cell; a moment with a zone gives the calendar date in the given time zone."""
    return _within(_first(_date_of(form, cell, timezone) for form in forms(format)), "DATE", LATEST)


def instant_sql(format: str, cell: str, *, timezone: str) -> str:
    """TIMESTAMP in UTC of a cell; a moment without a zone is in the given time zone; a date alone is no moment."""
    local, absolute = [], []
    for form in forms(format):
        if form in ("iso zone", "epoch", "epoch ms") or form.endswith("%z"):
            absolute.append(_moment_of(form, cell, timezone))
        elif has_time(form):
            local.append(_local_of(form, cell))
    parts = list(absolute)
    if local:
        parts.append(f"(({_first(local)}) AT TIME ZONE {literal(timezone)}) AT TIME ZONE 'UTC'")
    if not parts:
        return "CAST(NULL AS TIMESTAMP)"
    return _within(_first(parts), "TIMESTAMP", LATEST + " 23:59:59")


def _first(parts: object) -> str:
    found = list(parts)  # type: ignore[call-overload]
    return found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"


def _within(value: str, kind: str, latest: str) -> str:
    bounds = f"BETWEEN {kind} '{EARLIEST}' AND {kind} '{latest}'"
    if len(value) < 400:
        return f"CASE WHEN {value} {bounds} THEN {value} END"
    # a long reading stands once, in a lambda: written twice it would be planned twice
    return f"list_transform([{value}], lambda found: CASE WHEN found {bounds} THEN found END)[1]"


def _date_of(form: str, cell: str, timezone: str) -> str:
    if form in ("iso", "iso time"):
        return f"TRY_CAST({cell} AS DATE)"
    if form in ("iso zone", "epoch", "epoch ms") or form.endswith("%z"):
        moment = f"({_moment_of(form, cell, timezone)} AT TIME ZONE 'UTC') AT TIME ZONE {literal(timezone)}"
        dated = f"CAST({moment} AS DATE)"
        # a plain date in a column of moments has no zone to convert from
        return (
            f"CASE WHEN length({cell}) <= 10 THEN TRY_CAST({cell} AS DATE) ELSE {dated} END" if "iso" in form else dated
        )
    return f"CAST({_local_of(form, cell)} AS DATE)"


def _moment_of(form: str, cell: str, timezone: str) -> str:
    if form == "iso zone":
        colon = rf"regexp_replace({cell}, ' ?([+-][0-9]{{2}}):?([0-9]{{2}})$', '\1:\2')"  # +0700 as +07:00
        zoned = f"coalesce(TRY_CAST({cell} AS TIMESTAMPTZ), TRY_CAST({colon} AS TIMESTAMPTZ)) AT TIME ZONE 'UTC'"
        naive = f"(TRY_CAST({cell} AS TIMESTAMP) AT TIME ZONE {literal(timezone)}) AT TIME ZONE 'UTC'"
        return (
            f"CASE WHEN regexp_matches({cell}, {literal(_ZONE)}) THEN {zoned} WHEN length({cell}) > 10 THEN {naive} END"
        )
    if form in ("epoch", "epoch ms"):
        number = f"TRY_CAST({cell} AS DOUBLE)"
        seconds = number if form == "epoch" else f"{number} / 1000"
        # outside these seconds (1970 to 2199) it is another kind of number
        return (
            f"CASE WHEN {seconds} BETWEEN 1 AND 7258118399 THEN "
            f"TIMESTAMP '1970-01-01' + to_microseconds(CAST({seconds} * 1000000 AS BIGINT)) END"
        )
    return f"try_strptime({cell}, {literal(form)}) AT TIME ZONE 'UTC'"


def _local_of(form: str, cell: str) -> str:
    """TIMESTAMP as written."""
    if form in ("iso", "iso time", "iso zone"):
        return f"CASE WHEN length({cell}) > 10 THEN TRY_CAST({cell} AS TIMESTAMP) END"
    if form in ("excel", "excel time"):
        serial = f"TRY_CAST(replace({cell}, ',', '.') AS DOUBLE)"
        # 20000 is 1954 and 80000 is 2119: smaller and larger numbers are no dates
        return (
            f"CASE WHEN {serial} BETWEEN 20000 AND 80000 THEN "
            f"TIMESTAMP '1899-12-30' + to_seconds(CAST(round({serial} * 86400) AS BIGINT)) END"
        )
    if form == "quarter":
        number = rf"regexp_extract({cell}, '(?i)(?:q|k|t|tw|kw|quarter|kuartal|triwulan|trimestre)\s*\.?\s*([1-4])', 1)"
        year = rf"regexp_extract({cell}, '(?:19|20|21)[0-9]{{2}}')"
        return (
            f"CASE WHEN {number} <> '' AND {year} <> '' THEN "
            f"make_timestamp(CAST({year} AS BIGINT), CAST({number} AS BIGINT) * 3 - 2, 1, 0, 0, 0) END"
        )
    if "%b" in form or "%B" in form:
        return _named_month(form.replace("%B", "%b"), cell)
    return f"try_strptime({cell}, {literal(form)})"


def _named_month(form: str, cell: str) -> str:
    """Months in words: English abbreviations at DuckDB's own speed, every other name by the list of months."""
    text = f"strip_accents(lower({cell}))"
    text = rf"regexp_replace({text}, '^[a-z]+, *', '')"  # the name of the day in front
    if form.startswith("%d"):
        text = rf"regexp_replace({text}, '^[a-z]{{2,}}\.?\s+([0-9])', '\1')"
    text = rf"regexp_replace({text}, '([0-9])(st|nd|rd|th|er|º|°)\b', '\1')"
    text = rf"regexp_replace({text}, '\s+(de|del|di)\s+', ' ', 'g')"
    word = "regexp_extract(said, '[a-z]{3,}')"
    number = " ".join(f"WHEN {literal(name)} THEN '{month:02d}'" for name, month in MONTHS.items())
    numbered = rf"regexp_replace(said, '[a-z]{{3,}}\.?', CASE {word} {number} ELSE 'none' END)"
    parsed = f"try_strptime(trim({numbered}, {literal(BLANKS)}), {literal(form.replace('%b', '%m'))})"
    return f"coalesce(try_strptime({cell}, {literal(form)}), list_transform([{text}], lambda said: {parsed})[1])"
