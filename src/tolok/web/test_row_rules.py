"""Nobody finds another's rows: every address of every page is walked as a rep and as a manager, with others' ids.

The addresses come from the server itself, so that a page added later is walked too. What must not be found comes from
the facts by hand-written SQL, not from the code that applies the rule.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlencode

import pytest
import sqlglot
from django.core.cache import cache
from django.urls import URLPattern, URLResolver, get_resolver

from tolok.app import place
from tolok.app.access import access_of
from tolok.app.models import Token, User

LEFT_OUT = ("static", "account/logout/", "account/sessions/", "api/v1/docs")
KPIS = ("revenue", "deals_won", "open_pipeline")
ENDS = 2
"""Of how many foreign members of each kind every address is asked."""


@dataclass
class Foreign:
    """What one person must not find: texts by kind; and ids with which to go looking."""

    texts: dict[str, str] = field(default_factory=dict)
    amounts: frozenset[int] = frozenset()
    ids: dict[str, list[str]] = field(default_factory=dict)

    def found_in(self, content: str, asked: str) -> list[str]:
        """Texts in an answer that were not in the question: what one says oneself is no secret."""
        words = set(re.findall(r"[\w@.:/-]+", content))
        texts = [
            f"{kind} {text}"
            for text, kind in self.texts.items()
            if (text in content if " " in text else text in words) and text not in asked
        ]
        return texts + [f"amount {number}" for number in numbers(content) & self.amounts]


def numbers(content: str) -> set[int]:
    """Whole numbers of an answer, however they are written: 1234567.00, 1,234,567, 1.234.567,00."""
    found = set()
    for text in re.findall(r"\d[\d.,]{5,}\d", content):
        plain = re.sub(r"[.,]\d{1,2}$|[.,]0+$", "", text)
        found.add(int(re.sub(r"[.,]", "", plain)))
    return found


def rows(sql: str) -> list[tuple]:
    engine = place.workspace().engine()
    try:
        return engine.rows(sqlglot.parse_one(sql, read="duckdb"))[1]
    finally:
        engine.close()


def foreign_to(user: User) -> Foreign:
    """What the rows say that are neither of this person's reps nor name them."""
    access = access_of(user)
    mine = set(access.viewer.reps) | {led.rep for led in access.viewer.led}
    inside = "(" + ", ".join(f"'{rep}'" for rep in sorted(mine)) + ")"
    deals = rows(
        "SELECT id, source_id, name, amount, owner_id, owner_at_close_id, owner_at_creation_id, account_id FROM deals"
    )
    own = [deal for deal in deals if mine & set(deal[4:7])]
    others = [deal for deal in deals if not mine & set(deal[4:7])]
    near = {rep for deal in own for rep in deal[4:7]} | mine | _above(access, mine)
    accounts = {deal[7] for deal in own}
    for fact, owner in (("orders", "owner_id"), ("activities", "rep_id"), ("leads", "owner_id")):
        accounts |= {row[0] for row in rows(f"SELECT DISTINCT account_id FROM {fact} WHERE {owner} IN {inside}")}
    accounts |= {row[0] for row in rows(f"SELECT id FROM accounts WHERE owner_id IN {inside}")}
    far = [row for row in rows("SELECT id, source_id, name FROM accounts") if row[0] not in accounts]
    known = {row[2] for row in rows("SELECT id, source_id, name FROM accounts") if row[0] in accounts}
    known |= {row[0] for row in rows(f"SELECT company FROM leads WHERE owner_id IN {inside}")}
    reps = [row for row in rows("SELECT id, source_id, name, email FROM reps") if row[0] not in near]
    amounts = {deal[3] for deal in own} | {
        row[0] for row in rows(f"SELECT amount FROM orders WHERE owner_id IN {inside}")
    }
    found = Foreign(
        ids={
            "rep": [row[0] for row in reps],
            "deal": [deal[0] for deal in others],
            "account": [row[0] for row in far],
            "order": [row[0] for row in rows(f"SELECT id FROM orders WHERE owner_id NOT IN {inside} LIMIT {ENDS}")],
            "team": [team for team in access.organisation.teams if not access.sees_team(team)],
            "user": [str(pk) for pk in User.objects.exclude(pk=user.pk).values_list("pk", flat=True)],
        }
    )
    for key, _source_id, name, email in reps:
        found.texts |= {key: "rep", name: "rep", email or key: "rep"}
    for key, _source_id, name in far:
        found.texts[key] = "account"
        if name and name not in known:
            found.texts[name] = "account"
    names = {deal[2] for deal in own}
    for key, _source_id, name, *_rest in others:
        found.texts[key] = "deal"
        if name and name not in names and len(name) > 8:
            found.texts[name] = "deal"
    found.amounts = frozenset(int(deal[3]) for deal in others if deal[3] and deal[3] >= 1_000_000) - {
        int(amount) for amount in amounts if amount
    }
    return found


def _above(access, mine: set[str]) -> set[str]:
    """Those whom one reports to: their names are no secret."""
    found: set[str] = set()
    waiting = set(mine)
    while waiting:
        rep = access.organisation.reps.get(waiting.pop())
        team = access.organisation.teams.get(rep.team_id) if rep else None
        up = {rep.manager_id if rep else ""}
        while team is not None and team.id not in found:
            found.add(team.id)
            up.add(team.manager_id)
            team = access.organisation.teams.get(team.parent_id)
        for lead in up - {""} - found:
            found.add(lead)
            waiting.add(lead)
    return found


def routes(patterns=None, before: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Every address of the server with the converters of its parts."""
    for item in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(item, URLResolver):
            yield from routes(item.url_patterns, before + str(item.pattern))
        elif isinstance(item, URLPattern):
            yield before + str(item.pattern), item.pattern.converters


def filled(route: str, converters: dict[str, object], foreign: Foreign) -> list[str]:
    """An address with others' ids in it, of every kind that its parts may mean."""
    parts = re.findall(r"<(?:\w+:)?(\w+)>", route)
    choices = [_values(part, converters[part], foreign) for part in parts]
    found = []
    for values in itertools.islice(itertools.product(*choices), 16):
        address = route
        for part, value in zip(parts, values, strict=True):
            address = re.sub(rf"<(?:\w+:)?{part}>", lambda _found, value=value: quote(value, safe=":"), address)
        found.append("/" + address)
    return found


def _values(part: str, converter: object, foreign: Foreign) -> list[str]:
    if type(converter).__name__ == "IntConverter":
        return [*foreign.ids["user"][:ENDS], "1"]
    if "kpi" in part:
        return list(KPIS)
    if part == "fact":
        return ["accounts", "deals", "orders", "reps"]
    if part == "record_id":
        return [foreign.ids[kind][0] for kind in ("account", "deal", "order", "rep")]
    for kind in ("rep", "deal", "account", "team"):
        if kind in part:
            return foreign.ids[kind][:ENDS]
    return [foreign.ids[kind][0] for kind in ("rep", "deal", "account", "team")] + ["deals", "revenue", "1"]


def questions(foreign: Foreign) -> list[str]:
    """What is asked of every address: nothing, others' teams, reps, customers; by names, as files, by search."""
    rep, account, deal = (foreign.ids[kind][0] for kind in ("rep", "account", "deal"))
    team = foreign.ids["team"][0] if foreign.ids["team"] else "none"
    word = next(text for text, kind in foreign.texts.items() if kind == "account" and " " in text).split()[0]
    asked = (
        {"period": "year"},
        {"period": "year", "by": "rep", "as": "csv"},
        {"period": "year", "by": "account", "as": "xlsx"},
        {"period": "year", "team": team},
        {"period": "year", "rep": rep, "owner": rep},
        {"period": "year", "by": "rep", "member": rep, "account": account, "deal": deal},
        {"period": "year", "by": "account", "member": account, "as": "csv"},
        {"kpi": "revenue", "by": "rep,account", "where": f"rep={rep}"},
        {"kpi": "deals_won", "by": "rep,account,team", "limit": "1000"},
        {"q": word, "search": word, "text": word},
    )
    return [urlencode(item) for item in asked]


def text_of(answer) -> str:
    """What an answer says, also out of a workbook."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        cells = (cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row)
        return "\n".join(
            str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell) for cell in cells
        )
    return content.decode("utf-8", errors="replace")


@pytest.fixture
def walk(signed_in, people):
    """Asks every address as a person, and collects what it gives away."""

    def walked(who: str, *, posts: bool = False) -> tuple[list[str], int]:
        cache.clear()
        foreign = foreign_to(people[who])
        _token, secret = Token.make(people[who], "walk")
        given_away, answered = [], 0
        for route, converters in routes():
            if any(part in route for part in LEFT_OUT):
                continue
            for address in filled(route, converters, foreign):
                browser = signed_in(who)
                headers = {"authorization": f"Bearer {secret}"} if address.startswith("/api/") else {}
                asked = [""] if posts else questions(foreign)
                if "<" in route:
                    asked = asked[:1] if posts else [asked[0], asked[1], asked[5], asked[7]]
                for question in asked:
                    send = browser.post if posts else browser.get
                    answer = send(f"{address}?{question}", headers=headers)
                    answered += answer.status_code == 200
                    assert answer.status_code < 500, f"{answer.status_code} {address}?{question}"
                    said = unquote(address) + " " + " ".join(value for _key, value in parse_qsl(question))
                    where = answer.headers.get("Location", "")
                    found = foreign.found_in(text_of(answer) + " " + where, said)
                    if found:
                        given_away.append(f"{who} {address}?{question}: {len(found)}, such as {found[:3]}")
        return given_away, answered

    return walked


@pytest.mark.parametrize("who", ["rep", "manager"])
def test_no_address_gives_away_what_is_another_s(walk, who):
    given_away, answered = walk(who)
    assert answered > 30, "the walk came somewhere"
    assert not given_away, "\n".join(given_away[:40])


@pytest.mark.parametrize("who", ["rep", "manager"])
def test_no_form_gives_away_what_is_another_s(walk, who):
    given_away, _answered = walk(who, posts=True)
    assert not given_away, "\n".join(given_away[:40])


def test_the_walk_would_find_it(signed_in, people):
    """A director's page holds what the rep must not find: the walk looks for the right words."""
    foreign = foreign_to(people["rep"])
    kinds = {kind for text, kind in foreign.texts.items()}
    assert kinds == {"rep", "account", "deal"}
    assert len(foreign.amounts) > 50
    page = signed_in("director").get("/kpi/deals_won/rows/?period=year&as=csv").content.decode()
    assert {found.split()[0] for found in foreign.found_in(page, "")} >= {"deal", "amount", "account", "rep"}
    assert "rep" in {found.split()[0] for found in foreign.found_in(text_of(signed_in("director").get("/people/")), "")}


def test_every_page_that_is_there_is_walked(company, db):
    found = [route for route, _converters in routes()]
    assert len(found) > 40
    assert any(route.startswith("api/v1/answer") for route in found)
    assert any(route.startswith("people/") for route in found)
