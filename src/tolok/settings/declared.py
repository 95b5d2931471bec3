"""The one list of settings: name, default, help, legal values and an example of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Kind = Literal["text", "number", "yes or no", "texts"]
Check = Callable[[Any], str]
"""Says what is wrong with a value, or nothing."""


@dataclass(frozen=True)
class Setting:
    """One setting: its name, kind, default, what it does, what it may be, and an example that differs from it."""

    name: str
    kind: Kind
    default: Any
    help: str
    legal: tuple[Any, ...] = ()
    example: Any = None


def _text(
    default: str, help: str, *, legal: tuple[str, ...] = (), check: Check | None = None, example: str = ""
) -> str:
    return _declared("text", default, help, legal, check, example)  # type: ignore[no-any-return]


def _number(default: int, help: str, *, least: int = 0, most: int | None = None, example: int = 0) -> int:
    def check(value: int) -> str:
        if value < least or (most is not None and value > most):
            return f"must be from {least} to {most}" if most is not None else f"must be at least {least}"
        return ""

    return _declared("number", default, help, (), check, example)  # type: ignore[no-any-return]


def _texts(
    default: tuple[str, ...],
    help: str,
    *,
    legal: tuple[str, ...] = (),
    check: Check | None = None,
    example: tuple[str, ...] = (),
) -> tuple[str, ...]:
    return _declared("texts", default, help, legal, check, example)  # type: ignore[no-any-return]


def _yes_or_no(default: bool, help: str) -> bool:
    return _declared("yes or no", default, help, (), None, not default)  # type: ignore[no-any-return]


def _declared(kind: Kind, default: Any, help: str, legal: tuple[Any, ...], check: Check | None, example: Any) -> Any:
    near = available_timezones if check is _is_timezone else None
    return field(
        default=default,
        metadata={
            "kind": kind,
            "help": help,
            "legal": legal,
            "check": check or (lambda value: ""),
            "near": near,
            "example": example,
        },
    )


def _matches(pattern: str, wanted: str, *, empty: bool = False) -> Check:
    compiled = re.compile(pattern)
    return lambda value: "" if (empty and not value) or compiled.fullmatch(value) else f"must be {wanted}"


def _is_timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        return "is not a known time zone"
    return ""


def _are_dates(values: tuple[str, ...]) -> str:
    wrong = [value for value in values if not re.fullmatch(r"\d{4}-\d\d-\d\d", value)]
    return f"must hold dates as 2026-12-31, which {wrong[0]!r} is not" if wrong else ""


def _is_address(value: str) -> str:
    if not value or re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/?", value):
        return ""
    return "must be an address such as https://tolok.example.com, without a path"


def _is_mail(value: str) -> str:
    """SMTP by URL; a password stands in the environment."""
    if not value or re.fullmatch(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}", value):
        return ""
    found = re.fullmatch(r"smtps?://(?:([^\s/:@]+)(?::([^\s/@]+))?@)?[A-Za-z0-9.-]+(?::\d{1,5})?/?", value)
    if found is None:
        return "must be an address such as smtp://tolok:${TOLOK_MAIL_PASSWORD}@mail.example.com:587"
    if found.group(2) and not re.fullmatch(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}", found.group(2)):
        return "must name an environment variable for its password; secrets are not kept in this file"
    return ""


def _is_sender(value: str) -> str:
    if not value or re.fullmatch(r"([^<>@\r\n]+ <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)", value):
        return ""
    return "must be an e-mail address, or a name and one: Tolok <tolok@example.com>"


def _is_secret(value: str) -> str:
    if not value or re.fullmatch(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}", value):
        return ""
    return "must name an environment variable such as ${TOLOK_SIGN_ON_SECRET}; secrets are not kept in this file"


def _is_provider(value: str) -> str:
    if not value or re.fullmatch(r"https://\S+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/\S*)?", value):
        return ""
    return "must begin with https://"


_SCHEDULE = _matches(
    r"hourly|daily( ([01]\d|2[0-3]):[0-5]\d)?|weekly|every [1-9]\d* (minutes|hours)",
    "'hourly', 'daily', 'daily 06:30', 'weekly' or 'every 15 minutes'",
    empty=True,
)


@dataclass(frozen=True)
class NorthStar:
    """The one KPI that the organisation steers by."""

    kpi: str = _text("", "Id of the KPI", example="revenue")
    target: str = _text("", "Its target for the fiscal year, in the KPI's unit", example="12000000000")
    scope: str = _text("", "Part of the organisation that it is about; empty for all of it", example="region=Java")


@dataclass(frozen=True)
class Source:
    """A folder, file or database that ``tolok refresh`` brings up to date."""

    name: str = _text("", "Name of the connection; ids are unique within it", example="crm")
    path: str = _text("", "Folder or file, relative to the workspace", example="../exports")
    url: str = _text("", "Database; ${NAME} stands for an environment variable", example="${TOLOK_DB_URL}")
    query: str = _text("", "Table or query, where it is a database", example="select * from deals")
    map: str = _text("", "Mapping file, where it is not the connection's own in mappings/", example="crm.toml")
    schedule: str = _text(
        "", "How often the worker refreshes it; empty for never", check=_SCHEDULE, example="daily 06:30"
    )
    complete: bool = _yes_or_no(False, "Whether a row that is absent was deleted")


@dataclass(frozen=True)
class SignOn:
    """A single sign-on (OpenID Connect) by which people who have an account may sign in."""

    name: str = _text("", "What the button on the sign-in page says", example="Company account")
    client_id: str = _text("", "Client id that the provider gave", example="tolok")
    secret: str = _text(
        "",
        "Client secret, as the environment variable that holds it",
        check=_is_secret,
        example="${TOLOK_SIGN_ON_SECRET}",
    )
    server_url: str = _text(
        "",
        "The provider's address, under which /.well-known/openid-configuration is found",
        check=_is_provider,
        example="https://login.example.com",
    )

    @property
    def id(self) -> str:
        """The name as a part of an address."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.casefold()).strip("-")


@dataclass(frozen=True)
class Settings:
    """All settings of one workspace."""

    name: str = _text("", "Name of the organisation", example="Toko Maju")
    currency: str = _text(
        "USD",
        "Currency of the workspace (ISO 4217): amounts without one are in it, and totals are shown in it",
        check=_matches(r"[A-Z]{3}", "three capital letters such as USD, EUR or IDR"),
        example="IDR",
    )
    timezone: str = _text("UTC", "Time zone in which a day begins and ends", check=_is_timezone, example="Asia/Jakarta")
    fiscal_year_start: int = _number(1, "Month in which the fiscal year begins", least=1, most=12, example=4)
    calendar: str = _text(
        "month",
        "How the fiscal year is divided: calendar months, or quarters of so many weeks",
        legal=("month", "4-4-5", "4-5-4", "5-4-4"),
        example="4-4-5",
    )
    calendar_ends: str = _text(
        "last",
        "A year of whole weeks ends on the last such day in its last month, or on the nearest to that month's end",
        legal=("last", "nearest"),
        example="nearest",
    )
    year_named_by: str = _text(
        "end",
        "A fiscal year over two calendar years is named by its end or its start",
        legal=("end", "start"),
        example="start",
    )
    week_start: str = _text("monday", "First day of the week", legal=WEEKDAYS, example="sunday")
    language: str = _text("en", "Language of texts and reports", legal=("en", "id"), example="id")
    languages: tuple[str, ...] = _texts(
        ("en", "id"), "Languages that people may choose", legal=("en", "id"), example=("id",)
    )
    holidays_country: str = _text(
        "",
        "Country whose public holidays count as days off; empty for none",
        check=_matches(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", "a country code such as ID, GB or DE-BY", empty=True),
        example="ID",
    )
    working_days: str = _text(
        "mon-fri",
        "Days on which the organisation works",
        check=_matches(r"(?i)[a-z]+(\s*-\s*[a-z]+)?(\s*,\s*[a-z]+(\s*-\s*[a-z]+)?)*", "such as mon-fri or mon,wed"),
        example="mon-sat",
    )
    working_hours: str = _text(
        "09:00-17:00",
        "Hours on those days, for response times in working hours",
        check=_matches(r"\d{1,2}[:.]\d\d\s*[-–]\s*\d{1,2}[:.]\d\d", "such as 09:00-17:00"),
        example="08:00-16:30",
    )
    closed_on: tuple[str, ...] = _texts(
        (), "Further days off, as 2026-12-31", check=_are_dates, example=("2026-12-26",)
    )
    revenue_from: str = _text(
        "",
        "What revenue is made of: order lines or won deals; empty until the first import proposes one",
        legal=("", "orders", "deals"),
        example="orders",
    )
    engine: str = _text("duckdb", "Where questions run", legal=("duckdb", "postgres"), example="postgres")
    engine_url: str = _text(
        "",
        "The engine's database, where it is a server; ${NAME} stands for an environment variable",
        example="${TOLOK_DB_URL}",
    )
    app_url: str = _text(
        "",
        "The database of what people enter (users, targets, audit log): empty for a file in the workspace, or"
        " PostgreSQL; ${NAME} stands for an environment variable",
        example="postgresql://tolok:${TOLOK_APP_PASSWORD}@localhost/tolok",
    )
    shared_totals: str = _text(
        "company",
        "Which targets and totals of others a rep may see: those of the company and of the own team, of the own team"
        " alone, or none but their own",
        legal=("company", "team", "own"),
        example="team",
    )
    peers: str = _text(
        "off",
        "What reps see of their colleagues' figures on the page of people: names and figures, figures without names,"
        " or nothing. Rows stay hidden in any case",
        legal=("named", "anonymous", "off"),
        example="anonymous",
    )
    managers_keep_history: bool = _yes_or_no(
        True, "Whether managers go on seeing rows of the time in which they led a rep who has moved on"
    )
    public_url: str = _text(
        "",
        "Address at which people reach the pages; with https, cookies are sent over it alone. Empty: this machine only",
        check=_is_address,
        example="https://tolok.example.com",
    )
    mail_url: str = _text(
        "",
        "Server for mails with links to choose a password: smtp with STARTTLS, smtps, or empty for none; ${NAME} stands"
        " for an environment variable",
        check=_is_mail,
        example="smtp://tolok:${TOLOK_MAIL_PASSWORD}@mail.example.com:587",
    )
    mail_from: str = _text("", "Sender of those mails", check=_is_sender, example="Tolok <tolok@example.com>")
    proxies: int = _number(
        0,
        "How many proxies of yours stand before the server, so that their X-Forwarded headers are believed",
        most=9,
        example=1,
    )
    memory_limit: str = _text(
        "2GB",
        "Memory that one question or import may use",
        check=_matches(r"\d+(\.\d+)? ?([KMGT]i?B)", "a size such as 2GB or 500MB"),
        example="4GB",
    )
    threads: int = _number(0, "Processors that one question or import may use; 0 for all", most=1024, example=2)
    snapshots_kept: int = _number(30, "How many of the latest snapshots are kept", least=1, example=60)
    snapshot_months_kept: int = _number(24, "For how many months the last snapshot of each is kept too", example=36)
    least_answers: int = _number(
        5,
        "How many answers a figure of a survey must rest on to be shown, so that nobody can be told from it",
        example=8,
    )
    upload_limit_mb: int = _number(500, "Largest upload in megabytes", least=1, most=100_000, example=2000)
    import_folders: tuple[str, ...] = _texts(
        (), "Folders of the server from which pages may import; empty for none", example=("/srv/exports",)
    )
    rejects_shown: int = _number(20, "How many rejected rows an import prints; all are in its rejects file", example=50)
    north_star: NorthStar = field(default_factory=NorthStar)
    source: tuple[Source, ...] = ()
    sign_on: tuple[SignOn, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        return self.source

    @property
    def first_weekday(self) -> int:
        """The first day of the week as a number, 0 for Monday."""
        return WEEKDAYS.index(self.week_start)


def declared(of: type[Settings] | type[Source] | type[NorthStar] | type[SignOn] = Settings) -> tuple[Setting, ...]:
    """The list of settings, for reference pages and forms."""
    return tuple(
        Setting(
            item.name,
            item.metadata["kind"],
            item.default,
            item.metadata["help"],
            item.metadata["legal"],
            item.metadata["example"],
        )
        for item in fields(of)
        if item.metadata and item.default is not MISSING
    )
