"""``tolok target``: targets on the command line: what stands, set, in a sentence, shared out, paced, published."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tolok.cli.options import as_json, workspace
from tolok.cli.planning import (
    AUTHOR,
    figure,
    in_words,
    known_here,
    kpi_id,
    listed,
    opened_folder,
    plain,
    proposed_by_owner,
    scope_of,
    teams_of,
    term,
    today,
    working_hours,
)
from tolok.errors import QuestionError

SHORT = 35
"""Days up to which a period is paced by working days alone: within a month the season hardly moves."""

if TYPE_CHECKING:
    from tolok.targets.verdicts import Past

for_rep = click.option("--rep", default="", help="Of this rep: a name or an id.")
for_team = click.option("--team", default="", help="Of this team: a name or an id.")
why = click.option("--why", default="", help="Why; an approved target is changed with a reason.")
approve = click.option("--approve", "approved", is_flag=True, help="Approve and publish what is proposed.")


@click.group("target")
def command() -> None:
    """Set, share out, judge and follow targets."""


@command.command("list")
@workspace
@click.option("--kpi", default="", help="Of this KPI alone.")
@click.option("--period", default="", help="Only those that lie in it: 2027-01, Q1 2027, 2027.")
@as_json
def list_(folder: Path, kpi: str, period: str, as_json: bool) -> None:
    """List the targets that count: imported ones, and before them those approved here."""
    from tolok.targets.standing import standing

    opened = opened_folder(folder)
    engine = opened.engine()
    try:
        found = list(standing(engine, kpi_id(opened, kpi) if kpi else ""))
    finally:
        engine.close()
    if period:
        span = term(opened, period)
        found = [one for one in found if one.start <= span[1] and one.end >= span[0]]
    found.sort(key=lambda one: (one.kpi, one.start, str(one.scope)))
    listed(opened, found, as_json=as_json)


@command.command("set", context_settings={"ignore_unknown_options": True})
@click.argument("kpi")
@click.argument("value")
@click.argument("period")
@workspace
@for_rep
@for_team
@why
@approve
@as_json
def set_(
    kpi: str, value: str, period: str, folder: Path, rep: str, team: str, why: str, approved: bool, as_json: bool
) -> None:
    """Propose a target: tolok target set revenue "1.5 billion" 2027-01 --team Jawa."""
    from tolok.targets.proposal import Written, proposed

    opened = opened_folder(folder)
    scope = {name: text for name, text in (("rep", rep), ("team", team)) if text}
    written = Written(kpi, value, period=period, scope=scope, why=why)
    outcome = proposed(written, known_here(opened), author=AUTHOR, at=datetime.now(UTC))
    if outcome.target is None:
        raise QuestionError(in_words(opened, outcome.problems))
    proposed_by_owner(folder, opened, [outcome.target], why, approved=approved, as_json=as_json)


@command.command("smart")
@click.argument("sentence")
@workspace
@click.option("--objective", default="", help="The objective that it serves.")
@click.option("--propose", "proposes", is_flag=True, help="Propose what the sentence means.")
@as_json
def smart(sentence: str, folder: Path, objective: str, proposes: bool, as_json: bool) -> None:
    """Judge a target written as a sentence, in English or Indonesian, five times over."""
    from tolok.targets.evidence import past, pasts_by_rep
    from tolok.targets.smart import history_of, judged
    from tolok.targets.smart_reading import Members, read

    opened = opened_folder(folder)
    known = known_here(opened)
    language = opened.settings.language
    names = {dimension: {id_: one.name for id_, one in held.items()} for dimension, held in known.members.items()}
    names.pop("account", None)
    reading = read(
        sentence, opened.definitions, known.today, opened.calendar, members=Members(names), language=language
    )
    own: Past | None = None
    peers: tuple[Past, ...] = ()
    ends_on = opened.snapshot().ends_on
    asked = history_of(reading, opened.definitions, opened.calendar, ends_on) if ends_on else None
    if asked is not None:
        own = past(opened, asked, reading.scope, reading.scope_name)
        organisation = opened.organisation(known.today)
        rep = reading.scope.get("rep")
        mates = [one.id for one in organisation.reps.values() if one.team_id == organisation.team_of(rep or "")]
        peers = pasts_by_rep(opened, asked, set(mates) - {rep}) if rep else ()
    found = judged(
        reading,
        opened.definitions,
        opened.calendar,
        known.today,
        own=own,
        peers=peers,
        north_star=opened.settings.north_star.kpi or "revenue",
        currency=opened.settings.currency,
        objective=objective,
        language=language,
    )
    if as_json and not proposes:
        said = {
            "targets": [plain(one) for one in found.targets],
            "refused": found.refused.to(language) if found.refused else None,
            "verdicts": [
                {"criterion": one.criterion, "judgement": one.judgement, "reason": one.reason.to(language)}
                for one in found.verdicts
            ],
        }
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        for one in found.verdicts:
            click.echo(f"{one.criterion:<11} {one.judgement:<9} {one.reason.to(language)}", err=as_json)
    if found.refused:
        raise QuestionError(found.refused.to(language))
    if proposes:
        proposed_by_owner(folder, opened, list(found.targets), sentence, approved=False, as_json=as_json)
    elif not as_json:
        listed(opened, list(found.targets), preview=True)


@command.command("share", context_settings={"ignore_unknown_options": True})
@click.argument("kpi")
@click.argument("total")
@click.argument("period")
@workspace
@click.option(
    "--by",
    "basis",
    type=click.Choice(["last-year", "equal", "capacity"]),
    default="last-year",
    show_default=True,
    help="What the teams' shares follow.",
)
@click.option(
    "--team", "chosen", multiple=True, help="A team that takes part, by name or id; all with results if none."
)
@click.option("--season/--no-season", default=True, show_default=True, help="Months by season, or by working days.")
@click.option("--ramp", default="", help='What new people carry, percent by month: "25, 50, 75".')
@click.option("--open", "stays_open", is_flag=True, help="What somebody cannot carry stays open as a gap.")
@click.option("--propose", "proposes", is_flag=True, help="Propose the shares.")
@why
@approve
@as_json
def share(
    kpi: str,
    total: str,
    period: str,
    folder: Path,
    basis: str,
    chosen: tuple[str, ...],
    season: bool,
    ramp: str,
    stays_open: bool,
    proposes: bool,
    why: str,
    approved: bool,
    as_json: bool,
) -> None:
    """Share a target out over months, teams and people, so that every level adds up exactly."""
    from tolok.targets import evidence
    from tolok.targets.cascade import cascade
    from tolok.targets.figure import read_value
    from tolok.targets.presence import Ramp
    from tolok.targets.season import FLAT
    from tolok.targets.sharing import Wish, plan_of
    from tolok.targets.target import Target
    from tolok.targets.vocabulary import most

    opened = opened_folder(folder)
    definition = opened.definitions[kpi_id(opened, kpi)]
    read = read_value(total, definition.unit, opened.settings.currency, opened.settings.language, most=most(definition))
    if read.problem is not None or read.value is None:
        raise QuestionError(read.problem.to(opened.settings.language) if read.problem else "")
    start, end = term(opened, period)
    now = today(opened)
    if end < now:
        raise QuestionError(f"The period has passed: it ended on {end}.", next_step="Choose one that is still to come.")
    ends_on = opened.snapshot().ends_on or now
    organisation = opened.organisation(now)
    teams = teams_of(opened, definition.id, chosen, ends_on)
    wish = Wish(
        definition.id,
        read.value,
        read.currency,
        tuple(opened.calendar.periods(start, end, "month")),
        teams,
        basis,  # type: ignore[arg-type]
        (),
        evidence.season(opened, definition.id, ends_on, opened.settings.holidays_country) if season else FLAT,
        Ramp.of(ramp),
        carried=not stays_open,
    )
    leaders = [team.manager_id for team in organisation.teams.values()]
    found = cascade(plan_of(opened, wish, ends_on=ends_on, hours=working_hours(opened), leaders=leaders))
    whole = len(chosen) == 0
    made = [
        Target(definition.id, one.start, one.end, one.value, one.scope, read.currency, author=AUTHOR)
        for one in found.lines
        if (whole or not one.scope.is_company) and (one.value or one.scope.dimensions != ("rep",))
    ]
    if found.left_open:
        click.echo(f"Nobody carries {figure(opened, definition.id, found.left_open, read.currency)}.", err=True)
    if proposes or approved:
        proposed_by_owner(
            folder, opened, made, why or f"shared out of {total} for {period}", approved=approved, as_json=as_json
        )
    else:
        listed(opened, made, as_json=as_json, preview=True)


@command.command("pace")
@click.argument("kpi", default="revenue")
@workspace
@click.option("--period", default="", help="2026-10, Q4 2026 or 2026; the month in which the data ends if none.")
@for_rep
@for_team
@as_json
def pace_(kpi: str, folder: Path, period: str, rep: str, team: str, as_json: bool) -> None:
    """Say where a target should stand by now, what each working day still needs, and where it lands."""
    from tolok.kpis.additive import additive
    from tolok.query.question import Filter
    from tolok.targets import evidence
    from tolok.targets.pace import pace
    from tolok.targets.roll_up import rolled_up
    from tolok.targets.season import FLAT
    from tolok.targets.standing import standing

    opened = opened_folder(folder)
    definition = opened.definitions[kpi_id(opened, kpi)]
    ends_on = opened.snapshot().ends_on or today(opened)
    month = opened.calendar.period_of(ends_on, "month")
    start, end = term(opened, period) if period else (month.start, month.end)
    scope = scope_of(opened, rep, team)
    engine = opened.engine()
    try:
        own = [one for one in standing(engine, definition.id) if one.scope == scope]
    finally:
        engine.close()
    sums = additive(definition.id, opened.definitions)
    target = rolled_up(own, start, end, sums)
    if target.value is None:
        raise QuestionError(
            f"There is no target of {definition.id} for {scope} from {start} to {end}.",
            next_step=f"Set one: tolok target set {definition.id} VALUE PERIOD -w {folder}",
        )
    where = tuple(Filter(dimension, (id_,)) for dimension, id_ in scope.members)
    held = (
        evidence.results(opened, definition.id, "", start, min(end, ends_on), where=where) if start <= ends_on else {}
    )
    running = sums.over_time and start <= ends_on < end and (end - start).days >= SHORT
    learned = evidence.season(opened, definition.id, ends_on, opened.settings.holidays_country) if running else FLAT
    found = pace(
        target.value,
        held.get(""),
        start,
        end,
        ends_on,
        hours=working_hours(opened),
        season=learned,
        better=definition.better,
        adds_up=sums.over_time,
    )
    names = ("target", "actual", "expected", "attained", "of_pace", "needed", "landing")
    figures = {name: getattr(found, name) for name in names}
    if as_json:
        plain = {name: None if value is None else float(value) for name, value in figures.items()}
        about = {"kpi": definition.id, "scope": dict(scope.members), "from": str(start), "to": str(end)}
        days = {"days_gone": found.days_gone, "days_left": found.days_left, "status": found.status}
        click.echo(json.dumps({**about, "as_of": str(ends_on), **plain, **days}, ensure_ascii=False, indent=1))
        return
    click.echo(f"{definition.name}, {start} to {end}, as of {ends_on}: {found.status}")
    for name, value in figures.items():
        unit = "percent" if name in ("attained", "of_pace") else definition.unit
        if value is not None:
            word = _WORDS[name]
            click.echo(f"  {word:<24} {figure(opened, definition.id, value, opened.settings.currency, unit)}")
    click.echo(f"  {'working days left':<24} {found.days_left}")


_WORDS = {
    "target": "target",
    "actual": "so far",
    "expected": "should be",
    "attained": "of the target",
    "of_pace": "of where it should be",
    "needed": "needed per working day",
    "landing": "lands at",
}


@command.command("publish")
@workspace
def publish(folder: Path) -> None:
    """Bring the facts up to date with what is approved, as after a rollback; does nothing where they are."""
    from tolok.web.serve import prepare

    opened = opened_folder(folder)
    prepare(folder)
    from tolok.app.targets import approved
    from tolok.targets.publish import publish as publish_

    snapshot = publish_(opened.snapshots, approved(), by=AUTHOR)
    click.echo(f"Published snapshot {snapshot.id}." if snapshot else "Nothing to publish: the facts have it all.")
