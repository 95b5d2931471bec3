"""The people: reps on seats, their teams and managers, who joins, leaves and changes place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from tolok.demo.company import Table
from tolok.demo.names import FIRST_NAMES, LAST_NAMES, REGIONS
from tolok.demo.setting import Flags, Floats, Ints, Setting, Texts, ids, pick, texts
from tolok.demo.truth import Truth

HEAD_OFFICE = len(REGIONS)  # the team above the regions
SERVICE_TEAM = HEAD_OFFICE + 1
SERVICE_STAFF = 3


@dataclass(frozen=True)
class Person:
    """One employee: name, role, first day, first day no longer there."""

    name: str
    role: str
    hired: date
    left: date | None = None


@dataclass(frozen=True)
class Tenure:
    """A rep on a seat, from a day to before another (day numbers)."""

    seat: int
    rep: int
    begins: int
    ends: int


@dataclass(frozen=True)
class People:
    """Everybody, and who held which seat on which day.

    ``holder`` is seat × day → rep (the team's manager while a seat is empty), ``ramp`` how productive the holder is
    by then, ``pace`` each seat's amount of work, ``skill`` each person's effect on winning.
    """

    persons: tuple[Person, ...]
    codes: Texts
    seat_team: Ints
    tenures: tuple[Tenure, ...]
    manager: Ints  # team × day → rep
    holder: Ints
    ramp: Floats
    pace: Floats
    skill: Floats
    service: Ints
    identical_seats: Ints
    slipping_seat: int

    def held_by_rep(self) -> Flags:
        """Seat × day: whether a rep, not a stand-in, holds it."""
        held: Flags = self.holder >= 0
        managers = np.unique(self.manager)
        return held & ~np.isin(self.holder, managers)


def hire(setting: Setting, truth: Truth) -> tuple[People, Truth]:
    """Fill the seats for the whole time, and note in the truth who is special."""
    chance = setting.chance("people")
    seats, days = setting.seats, setting.n_days
    shares = np.cumsum([share for *_, share in REGIONS])
    seat_team = np.searchsorted(shares, (np.arange(seats) + 0.5) / seats * shares[-1])
    persons: list[Person] = []

    def join(role: str, hired: date, left: date | None = None) -> int:
        persons.append(Person("", role, hired, left))
        return len(persons) - 1

    def long_ago() -> date:
        return setting.origin - timedelta(days=int(chance.integers(60, 2400)))

    director = join("Sales Director", long_ago())
    manager = np.full((len(REGIONS) + 2, days), director)
    changes = setting.fraction(0.42)
    for team in range(len(REGIONS)):
        leaves = changes if team == 1 else None
        manager[team] = join("Area Sales Manager", long_ago(), leaves)
        if leaves:
            manager[team, setting.number(leaves) :] = join("Area Sales Manager", leaves)
    service = np.array([join("Customer Service", long_ago()) for _ in range(SERVICE_STAFF)])

    # every fifth seat belongs to the identical reps; they, the slipping rep and the star stay all the time
    identical = np.arange(0, seats, 5)
    others = np.array([seat for seat in range(seats) if seat % 5])
    slipping, star = (int(others[0]), int(others[1])) if len(others) > 1 else (0, 0)
    free = chance.permutation(others[2:])
    n_leaving = min(len(free), round(seats * 0.07 * (setting.end - setting.start).days / 365.25))
    leaving, staying = set(free[:n_leaving].tolist()), free[n_leaving:]
    swaps = _swaps(setting, staying, seat_team)
    tenures: list[Tenure] = []
    for seat in range(seats):
        tenures += _fill(setting, chance, seat, seat in leaving, persons)
    for one, two, day in swaps:
        tenures = _swap(tenures, one, two, day)
    names = _names(chance, len(persons))
    persons = [replace(person, name=name) for person, name in zip(persons, names, strict=True)]

    holder = manager[seat_team]
    ramp = np.full((seats, days), 0.4)
    for tenure in tenures:
        span = slice(tenure.begins, tenure.ends)
        holder[tenure.seat, span] = tenure.rep
        since = np.arange(tenure.begins, tenure.ends) - setting.number(persons[tenure.rep].hired)
        ramp[tenure.seat, span] = np.clip(0.25 + 0.75 * since / truth.ramp_days, 0.25, 1.0)
    pace = np.exp(chance.normal(0, 0.18, seats))
    pace[identical] = 1.0
    skill = np.round(np.clip(chance.normal(0, 0.28, len(persons)), -0.6, 0.6), 3).astype(np.float64)
    skill[: len(REGIONS) + 2 + SERVICE_STAFF] = 0.0
    skill[holder[identical, 0]] = 0.0
    skill[holder[slipping, 0]] = 0.0
    skill[holder[star, 0]] = 0.9
    codes = ids("R", len(persons), 3)
    team_names = [name for name, *_ in REGIONS]
    name_of = {rep: f"demo:{codes[rep]}" for rep in range(len(persons))}
    truth = replace(
        truth,
        skills={name_of[tenure.rep]: float(skill[tenure.rep]) for tenure in tenures},
        star=name_of[int(holder[star, 0])],
        identical=tuple(name_of[int(rep)] for rep in holder[identical, 0]),
        slipping_rep=name_of[int(holder[slipping, 0])],
        bottleneck_team=f"demo:T-{team_names.index('Jawa Timur') + 1}",
        bottleneck_stage="demo:S-05",
        bottleneck_on=setting.fraction(0.75),
        mix_on=setting.fraction(0.67),
        lebaran_days=tuple(day for day in setting.lebaran if setting.start <= day <= setting.end),
    )
    people = People(
        persons=tuple(persons),
        codes=codes,
        seat_team=seat_team,
        tenures=tuple(tenures),
        manager=manager,
        holder=holder,
        ramp=ramp,
        pace=pace,
        skill=skill,
        service=service,
        identical_seats=identical,
        slipping_seat=slipping,
    )
    return people, truth


def _names(chance: np.random.Generator, count: int) -> list[str]:
    pairs = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    order = chance.permutation(len(pairs))
    return [pairs[order[n % len(pairs)]] + (f" {n // len(pairs) + 1}" if n >= len(pairs) else "") for n in range(count)]


def _swaps(setting: Setting, staying: Ints, seat_team: Ints) -> list[tuple[int, int, int]]:
    """Two exchanges of reps between seats of different teams."""
    found: list[tuple[int, int, int]] = []
    pool = staying.tolist()
    for share in (0.35, 0.6):
        first = pool.pop() if pool else -1
        second = next((seat for seat in pool if first >= 0 and seat_team[seat] != seat_team[first]), -1)
        if second >= 0:
            pool.remove(second)
            found.append((first, second, setting.number(setting.fraction(share))))
    return found


def _fill(
    setting: Setting, chance: np.random.Generator, seat: int, leaves: bool, persons: list[Person]
) -> list[Tenure]:
    """Who sits on one seat over time; new people are added to the persons."""
    role, number = "Sales Executive", len(persons)
    hired = setting.origin - timedelta(days=int(chance.integers(60, 2400)))
    if not leaves:
        persons.append(Person("", role, hired))
        return [Tenure(seat, number, 0, setting.n_days)]
    goes = setting.start + timedelta(days=int(chance.integers(60, (setting.end - setting.start).days - 20)))
    comes = goes + timedelta(days=int(chance.integers(7, 46)))
    persons.append(Person("", role, hired, goes))
    found = [Tenure(seat, number, 0, setting.number(goes))]
    if comes <= setting.end:
        persons.append(Person("", role, comes))
        found.append(Tenure(seat, number + 1, setting.number(comes), setting.n_days))
    return found


def _swap(tenures: list[Tenure], one: int, two: int, day: int) -> list[Tenure]:
    other = {one: two, two: one}
    found = []
    for tenure in tenures:
        if tenure.seat in other and tenure.begins < day < tenure.ends:
            found.append(replace(tenure, ends=day))
            found.append(replace(tenure, seat=other[tenure.seat], begins=day))
        else:
            found.append(tenure)
    return found


def tables(setting: Setting, people: People) -> dict[str, Table]:
    """Reps, teams and memberships as known at the end."""
    now = setting.number(setting.as_of)
    here = [n for n, person in enumerate(people.persons) if person.hired <= setting.as_of]
    stays = _stays(people, now)
    last_stay = {stay[0]: stay for stay in stays}
    team_codes = texts([f"T-{n + 1}" for n in range(SERVICE_TEAM + 1)])
    regions = [name for name, *_ in REGIONS]
    persons = [people.persons[n] for n in here]
    gone = [person.left is not None and person.left <= setting.as_of for person in persons]
    reps: Table = {
        "source_id": people.codes[here],
        "name": texts([person.name for person in persons]),
        "email": texts([person.name.lower().replace(" ", ".") + "@sinarniaga.example" for person in persons]),
        "team_id": pick(team_codes, np.array([last_stay[n][1] for n in here])),
        "manager_id": pick(people.codes, np.array([last_stay[n][2] for n in here])),
        "role": texts([person.role for person in persons]),
        "region": texts([regions[last_stay[n][1]] if last_stay[n][1] < len(regions) else None for n in here]),
        "hired_on": np.array([person.hired for person in persons], dtype="datetime64[D]"),
        "left_on": np.array(
            [person.left if out else None for person, out in zip(persons, gone, strict=True)], dtype="datetime64[D]"
        ),
        "active": ~np.array(gone),
        "quota_carrying": np.array([person.role == "Sales Executive" for person in persons]),
    }
    leaders = np.array([*people.manager[: len(regions), now], 0, people.service[0]])
    teams: Table = {
        "source_id": team_codes,
        "name": texts([*regions, "Nasional", "Layanan Pelanggan"]),
        "parent_id": texts([team_codes[HEAD_OFFICE]] * len(regions) + [None, team_codes[HEAD_OFFICE]]),
        "manager_id": people.codes[leaders],
        "region": texts([*regions, None, None]),
    }
    first = np.array([people.persons[stay[0]].hired if stay[3] <= 0 else setting.origin for stay in stays])
    starts = np.array([first[n] if stay[3] <= 0 else _day(setting, stay[3]) for n, stay in enumerate(stays)])
    ends = [None if stay[4] > now else _day(setting, stay[4] - 1) for stay in stays]
    memberships: Table = {
        "source_id": texts([f"{people.codes[stay[0]]}-{n}" for stay, n in zip(stays, _ordinals(stays), strict=True)]),
        "rep_id": people.codes[[stay[0] for stay in stays]],
        "team_id": team_codes[[stay[1] for stay in stays]],
        "manager_id": pick(people.codes, np.array([stay[2] for stay in stays])),
        "from_on": starts.astype("datetime64[D]"),
        "to_on": np.array(ends, dtype="datetime64[D]"),
    }
    return {"reps": reps, "teams": teams, "memberships": memberships}


def _ordinals(stays: list[tuple[int, int, int, int, int]]) -> list[int]:
    """How many stays of the same person come before, and one."""
    seen: dict[int, int] = {}
    found = []
    for rep, *_ in stays:
        seen[rep] = seen.get(rep, 0) + 1
        found.append(seen[rep])
    return found


def _day(setting: Setting, number: int) -> date:
    return setting.origin + timedelta(days=int(number))


def _stays(people: People, now: int) -> list[tuple[int, int, int, int, int]]:
    """Rep, team, manager, first day, first day after: of everybody, up to now."""
    days = people.manager.shape[1]
    found: list[tuple[int, int, int, int, int]] = [(0, HEAD_OFFICE, -1, 0, days)]
    for team in range(len(REGIONS)):
        found += [(rep, team, 0, begins, ends) for rep, begins, ends in _runs(people.manager[team], 0, days)]
    found += [(int(rep), SERVICE_TEAM, 0, 0, days) for rep in people.service]
    for tenure in people.tenures:
        team = int(people.seat_team[tenure.seat])
        runs = _runs(people.manager[team], tenure.begins, tenure.ends)
        found += [(tenure.rep, team, boss, begins, ends) for boss, begins, ends in runs]
    return sorted((stay for stay in found if stay[3] <= now), key=lambda stay: (stay[0], stay[3]))


def _runs(values: Ints, begins: int, ends: int) -> list[tuple[int, int, int]]:
    """Stretches of equal values: value, first position, position after."""
    part = values[begins:ends]
    edges = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(part)]
    return [(int(part[a]), begins + a, begins + b) for a, b in pairwise(edges) if b > a]
