"""What the commands of targets share: names read, targets listed and proposed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from tolok.errors import QuestionError, nearest

if TYPE_CHECKING:
    from tolok.periods import WorkingHours
    from tolok.targets.proposal import Known, Problem
    from tolok.targets.target import Target
    from tolok.workspace import Workspace

AUTHOR = "command line"


def opened_folder(folder: Path) -> Workspace:
    """The workspace of a folder."""
    from tolok.workspace import open_workspace

    return open_workspace(folder)


def today(opened: Workspace) -> date:
    """The day it is where the organisation is."""
    return datetime.now(ZoneInfo(opened.settings.timezone)).date()


def working_hours(opened: Workspace) -> WorkingHours:
    """The organisation's working days."""
    from tolok.periods import WorkingHours

    return WorkingHours.of(opened.settings)


def known_here(opened: Workspace) -> Known:
    """What a target may name here."""
    from tolok.targets.members import people, things
    from tolok.targets.proposal import Known

    engine = opened.engine()
    try:
        members = {**people(engine), **things(engine)}
    finally:
        engine.close()
    settings = opened.settings
    return Known(opened.definitions, today(opened), members, opened.calendar, settings.currency, settings.language)


def kpi_id(opened: Workspace, text: str) -> str:
    """The id of a KPI that is named by its id, a name or a synonym."""
    from tolok.targets.proposal import Known, kpi_named

    found = kpi_named(text, Known(opened.definitions, date.min))
    if found is None:
        raise QuestionError(f"There is no KPI {text!r}.", next_step=nearest(text, opened.definitions))
    return found.id


def term(opened: Workspace, text: str) -> tuple[date, date]:
    """First and last day of a period in words."""
    from tolok.targets.term import read_term

    found = read_term(text, today(opened), opened.calendar)
    if found is None:
        raise QuestionError(f"{text!r} is no period.", next_step="Write 2027-01, Q1 2027 or 2027.")
    return found.start, found.end


def scope_of(opened: Workspace, rep: str, team: str) -> Any:
    """The scope of a rep, a team, or the company, by names or ids."""
    from tolok.targets.scope import Scope

    known = known_here(opened)
    found = {}
    for dimension, text in (("rep", rep), ("team", team)):
        if text:
            members = known.members[dimension]
            ids = [id_ for id_, one in members.items() if text == id_ or one.name.casefold() == text.casefold()]
            if len(ids) != 1:
                what = (
                    f"There is no {dimension} {text!r}." if not ids else f"There are {len(ids)} of the name {text!r}."
                )
                step = (
                    nearest(text, [one.name for one in members.values()]) if not ids else f"Use an id: {', '.join(ids)}"
                )
                raise QuestionError(what, next_step=step)
            found[dimension] = ids[0]
    return Scope.of(found)


def teams_of(opened: Workspace, kpi: str, chosen: Sequence[str], ends_on: date) -> dict[str, str]:
    """The teams that were named, or all that had a result within a year."""
    from tolok.targets.evidence import results

    organisation = opened.organisation(today(opened))
    names = {team.id: team.name for team in organisation.teams.values()}
    if chosen:
        ids = [scope_of(opened, "", text)["team"] for text in chosen]
        return {id_: names.get(id_, id_) for id_ in ids}
    held = results(opened, kpi, "team", date(ends_on.year - 1, ends_on.month, 1), ends_on)
    return {id_: name for id_, name in sorted(names.items(), key=lambda pair: pair[1]) if held.get(id_)}


def proposed_by_owner(
    folder: Path, opened: Workspace, targets: list[Target], why: str, *, approved: bool, as_json: bool
) -> None:
    """Propose targets in the app's rows as who owns the folder, and approve them if that was asked."""
    from tolok.web.serve import prepare

    prepare(folder)
    from tolok.app.access import Access
    from tolok.app.models import Role, User
    from tolok.app.target_rights import TargetRights
    from tolok.app.targets import approve_all, propose
    from tolok.query.question import EVERYTHING

    owner = User(email=AUTHOR, name=AUTHOR, role=Role.DIRECTOR)
    rights = TargetRights(owner, Access(EVERYTHING, None, opened.organisation(today(opened))), "company")
    made = propose(rights, [replace(one, author=AUTHOR) for one in targets], why=why)
    if approved and made:
        approve_all(rights, [(row.pk, row.stamp) for row in made])
        for row in made:
            row.refresh_from_db()
    listed(opened, [row.target for row in made], as_json=as_json)
    if not as_json:
        same = len(targets) - len(made)
        click.echo(
            f"{len(made)} {'approved and published' if approved else 'proposed'}"
            + (f", {same} had the value already" if same else "")
        )


def in_words(opened: Workspace, problems: Sequence[Problem]) -> str:
    """What is wrong, in the workspace's language."""
    return " ".join(problem.says.to(opened.settings.language) for problem in problems)


def plain(one: Target) -> dict[str, Any]:
    """A target as JSON holds it."""
    return {
        "kpi": one.kpi,
        "scope": dict(one.scope.members),
        "from": str(one.start),
        "to": str(one.end),
        "value": float(one.value) if one.value != one.value.to_integral_value() else int(one.value),
        "currency": one.currency or None,
        "state": one.state,
        "version": one.version,
        "source": one.author or None,
    }


def listed(opened: Workspace, targets: Sequence[Target], *, as_json: bool = False, preview: bool = False) -> None:
    """Print targets, one a line or as JSON; ``preview`` says that they are not proposed yet."""
    if as_json:
        click.echo(json.dumps({"targets": [plain(one) for one in targets]}, ensure_ascii=False, indent=1))
        return
    organisation = opened.organisation(today(opened))
    names = {one.id: one.name for one in organisation.reps.values()}
    names |= {one.id: one.name for one in organisation.teams.values()}
    for one in targets:
        scope = ", ".join(names.get(id_, id_) for _, id_ in one.scope.members) or "company"
        value = figure(opened, one.kpi, one.value, one.currency)
        click.echo(
            f"{one.kpi:<20} {scope:<28} {one.start} to {one.end} {value:>24}  {'preview' if preview else one.state}"
        )
    if not targets:
        click.echo("There are none.")


def figure(opened: Workspace, kpi: str, value: Decimal, currency: str, unit: str = "") -> str:
    """A figure as people write it: exact where it is whole, else short."""
    from tolok.money import format_value

    definition = opened.definitions.get(kpi)
    known = unit or (definition.unit if definition else "count")
    short = known == "percent" or value != value.to_integral_value()
    return format_value(value, known, currency, opened.settings.language, full=not short)
