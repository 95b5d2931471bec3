"""A proposed target as somebody wrote it in a form or a file: read, checked, and refused with a sentence per field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tolok.errors import nearest
from tolok.kpis.definition import Definition
from tolok.periods import Calendar
from tolok.targets.figure import read_value
from tolok.targets.scope import COLUMNS, Scope
from tolok.targets.sentence import Sentence, on, say
from tolok.targets.target import Target
from tolok.targets.term import read_term
from tolok.targets.vocabulary import did_you_mean, most, names

LONGEST = 3 * 366
"""Days that a target's period may have."""


@dataclass(frozen=True)
class Member:
    """Somebody or something that a target can be for. ``left_on`` is the first day that a rep is gone."""

    name: str
    left_on: date | None = None


@dataclass(frozen=True)
class Known:
    """What a workspace knows that a target may name."""

    definitions: Mapping[str, Definition]
    today: date
    members: Mapping[str, Mapping[str, Member]] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    currency: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Written:
    """A target as it was written: either a ``period`` in words, or its first and last day."""

    kpi: str = ""
    value: str = ""
    start: str = ""
    end: str = ""
    period: str = ""
    currency: str = ""
    scope: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field."""

    field: str
    says: Sentence


@dataclass(frozen=True)
class Outcome:
    """A target, or what is wrong with it."""

    target: Target | None = None
    problems: tuple[Problem, ...] = ()


def proposed(written: Written, known: Known, *, author: str = "", at: datetime | None = None) -> Outcome:
    """Read a target; every field that is wrong is said at once."""
    problems: list[Problem] = []
    definition = _kpi(written.kpi, known, problems)
    span = _span(written, known, problems)
    scope = _scope(written.scope, known, span, problems)
    value, currency = None, ""
    if definition is not None:
        read = read_value(
            written.value,
            definition.unit,
            written.currency.strip().upper() or known.currency,
            known.language,
            most=most(definition),
        )
        value, currency = read.value, read.currency
        if read.problem:
            problems.append(Problem("value", read.problem))
        if currency and not re.fullmatch(r"[A-Z]{3}", currency):
            said = say(
                "{c} is no currency such as IDR or USD.", "{c} bukan mata uang seperti IDR atau USD.", c=currency
            )
            problems.append(Problem("currency", said))
    if problems or definition is None or span is None or value is None or scope is None:
        return Outcome(None, tuple(problems))
    target = Target(definition.id, *span, value, scope, currency, author=author, at=at, why=written.why.strip()[:500])
    return Outcome(target)


def kpi_named(text: str, known: Known) -> Definition | None:
    """The KPI of an id, a name or a synonym in either language."""
    plain = text.strip().lower()
    if plain in known.definitions:
        return known.definitions[plain]
    ids = names(known.definitions).get(plain)
    return known.definitions[ids[0]] if ids else None


def _kpi(text: str, known: Known, problems: list[Problem]) -> Definition | None:
    found = kpi_named(text, known)
    if found is None and not text.strip():
        problems.append(Problem("kpi", say("The target names no KPI.", "Target tidak menyebut KPI.")))
    elif found is None:
        near = did_you_mean(text, known.definitions) or nearest(text.strip().lower(), known.definitions)
        near = near if near.startswith("Did") else ""
        said = say(
            "There is no KPI “{kpi}”. {near}", "Tidak ada KPI “{kpi}”. {dekat}",
            kpi=text.strip()[:60], near=near, dekat=near.replace("Did you mean", "Maksudnya").replace(" or ", " atau "),
        )  # fmt: skip
        problems.append(Problem("kpi", Sentence(said.en.strip(), said.id.strip())))
    return found


def _span(written: Written, known: Known, problems: list[Problem]) -> tuple[date, date] | None:
    if written.period.strip():
        term = read_term(written.period, known.today, known.calendar)
        if term is None:
            said = say(
                "“{p}” is no period; write 2027-01, Q1 2027 or 2027.", "“{p}” bukan periode; tulis 2027-01, Q1 2027 atau 2027.",
                p=written.period.strip()[:40],
            )  # fmt: skip
            problems.append(Problem("period", said))
            return None
        start, end = term.start, term.end
    else:
        days = (("start", _day(written.start)), ("end", _day(written.end)))
        for name, found in days:
            if found is None:
                text = written.start if name == "start" else written.end
                said = say("“{t}” is no date; write 2027-01-31.", "“{t}” bukan tanggal; tulis 2027-01-31.", t=text[:20])
                if not text.strip():
                    said = say("The period lacks a date.", "Periode belum bertanggal.")
                problems.append(Problem(name, said))
        first, last = days[0][1], days[1][1]
        if first is None or last is None:
            return None
        start, end = first, last
    if end < start:
        problems.append(Problem("end", say("The period ends before it begins.", "Periode berakhir sebelum mulai.")))
        return None
    if end < known.today:
        said = say("The period has passed: it ended on {day}.", "Periodenya sudah lewat: berakhir {day}.", day=on(end))
        problems.append(Problem("period", said))
        return None
    if (end - start).days + 1 > LONGEST:
        problems.append(Problem("period", say("A target lasts three years at most.", "Target paling lama tiga tahun.")))
        return None
    return start, end


def _scope(
    given: Mapping[str, str], known: Known, span: tuple[date, date] | None, problems: list[Problem]
) -> Scope | None:
    found: dict[str, str] = {}
    for dimension, text in given.items():
        if not text.strip():
            continue
        if dimension not in COLUMNS:
            said = say("A target cannot be set by {d}.", "Target tidak bisa ditetapkan per {d}.", d=dimension)
            problems.append(Problem(dimension, said))
            continue
        id_ = _member(dimension, text.strip(), known, problems)
        if id_ is None:
            continue
        found[dimension] = id_
        member = known.members.get(dimension, {}).get(id_)
        gone = member.left_on if member else None
        if member and gone and (gone <= known.today or (span and gone <= span[0])):
            said = say("{name} left on {day} and cannot get a target.", "{name} keluar pada {day} dan tidak bisa diberi target.",
                       name=member.name, day=on(gone))  # fmt: skip
            problems.append(Problem(dimension, said))
    return Scope.of(found) if not any(problem.field in given for problem in problems) else None


def _member(dimension: str, text: str, known: Known, problems: list[Problem]) -> str | None:
    members = known.members.get(dimension, {})
    if text in members:
        return text
    alike = [id_ for id_, member in members.items() if member.name.casefold() == text.casefold()]
    here = [id_ for id_ in alike if not members[id_].left_on] or alike
    if len(here) == 1:
        return here[0]
    if len(here) > 1:
        said = say("There are {n} of the name {t}; give the id: {ids}.", "Ada {n} yang bernama {t}; tulis id-nya: {ids}.",
                   n=len(here), t=text[:60], ids=", ".join(here[:4]))  # fmt: skip
    else:
        near = nearest(text, [member.name for member in members.values()])
        near = near if near.startswith("Did") else ""
        said = say("There is no {d} “{t}”. {near}", "Tidak ada {d} “{t}”. {dekat}", d=dimension, t=text[:60], near=near,
                   dekat=near.replace("Did you mean", "Maksudnya").replace(" or ", " atau "))  # fmt: skip
        said = Sentence(said.en.strip(), said.id.strip())
    problems.append(Problem(dimension, said))
    return None


def _day(text: str) -> date | None:
    """A date as 2027-01-31, or as 31/1/2027."""
    plain = text.strip()[:10]
    try:
        if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", plain):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(plain)
    except ValueError:
        return None
