"""Which derived facts an import has to compute anew, and of which rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tolok.imports.derive import customer_lives, deal_states, lead_responses, sales, stage_stays
from tolok.imports.difference import FEW, Change
from tolok.imports.work import Work
from tolok.model import FACTS
from tolok.periods import WorkingHours, calendar_table
from tolok.settings import Settings
from tolok.sources.values.quoting import identifier, literal

AT_ONCE = 500_000
"""So many events of deals are put in order at once; of more, one part of the deals after the other."""


def renew(
    work: Work, changes: Mapping[str, Change], settings: Settings, revenue_from: str, ends_on: date, *, all_sales: bool
) -> None:
    """Bring the derived facts of a draft up to date. ``all_sales`` where the choice of revenue has changed."""
    touched = {fact for fact, change in changes.items() if not change.nothing}
    if touched & {"deals", "deal_events", "stages"}:
        _deals(work, changes, ends_on)
    lives = "accounts" in touched
    selling = {"orders", "products"} if revenue_from == "orders" else {"deals", "deal_lines", "products"}
    if all_sales or touched & selling:
        accounts = "" if all_sales or lives else _sales(work, changes, touched & selling, revenue_from)
        if not accounts:
            _all_sales(work, revenue_from)
            lives = True
        elif not lives:
            _lives(work, accounts)
    if lives:
        work.draft.put("customer_lives", customer_lives.select(work.next("sales"), work.next("accounts")))
    if touched & {"leads", "activities"} and work.count(work.next("leads")):
        _responses(work, settings)


def _all_sales(work: Work, revenue_from: str) -> None:
    work.draft.put(
        "sales",
        sales.select(
            revenue_from,
            orders=work.next("orders"),
            deals=work.next("deals"),
            lines=work.next("deal_lines"),
            products=work.next("products"),
        ),
    )


def _sales(work: Work, changes: Mapping[str, Change], touched: set[str], revenue_from: str) -> str:
    """Renew the lines of the customers whose orders or deals have changed; gives the table of these customers.

    What a line says of its customer's buying life follows from all lines of that customer and of no other. Empty where
    more has changed than a part of one fact: then all lines are made anew.
    """
    change = changes.get(revenue_from)
    if touched != {revenue_from} or change is None or change.first or not work.stands("sales"):
        return ""
    key = "id" if revenue_from == "orders" else "deal_id"
    ids = work.table("sold_ids", f"SELECT id FROM {change.rows} UNION ALL SELECT id FROM {change.gone}")
    if work.count(ids) > FEW * work.count(work.next(revenue_from)):
        return ""
    stood = f"SELECT * FROM {work.now('sales')}"
    accounts = work.table(
        "buyers",
        f"SELECT DISTINCT account_id FROM (SELECT account_id FROM {change.rows} UNION ALL SELECT account_id FROM "
        f"({stood} WHERE {key} IN (SELECT id FROM {ids}))) WHERE account_id IS NOT NULL",
    )
    theirs = f"account_id IN (SELECT account_id FROM {accounts})"
    own = work.table(
        "own_sold",
        f"SELECT {sales.NEEDED[revenue_from]} FROM {work.next(revenue_from)} WHERE {sales.SOLD[revenue_from]} "
        f"AND ({theirs} OR id IN (SELECT id FROM {ids}))",
    )
    lines = work.table("own_lines", f"SELECT * FROM {work.next('deal_lines')} WHERE deal_id IN (SELECT id FROM {own})")
    rows = sales.select(revenue_from, orders=own, deals=own, lines=lines, products=work.next("products"))
    columns = ", ".join(identifier(name) for name in FACTS["sales"].column_names)
    new = work.table("new_sales", f"SELECT {columns} FROM ({rows})")
    old = work.table("old_sales", f"SELECT {columns} FROM ({stood} WHERE {theirs} OR {key} IN (SELECT id FROM {ids}))")
    come = work.table("come_sales", f"SELECT * FROM {new} EXCEPT ALL SELECT * FROM {old}")
    gone = f"SELECT id FROM (SELECT * FROM {old} EXCEPT ALL SELECT * FROM {new})"
    if work.count(come) or work.count(f"({gone})"):
        work.draft.patch("sales", gone=gone, rows=f"SELECT * FROM {come}")
    return accounts


def _lives(work: Work, accounts: str) -> None:
    """Renew the buying lives of some customers."""
    own = work.table(
        "own_sales", f"SELECT * FROM {work.next('sales')} WHERE account_id IN (SELECT account_id FROM {accounts})"
    )
    work.draft.patch(
        "customer_lives",
        gone=f"SELECT account_id FROM {accounts}",
        rows=customer_lives.select(own, work.next("accounts")),
        key="account_id",
    )


def _deals(work: Work, changes: Mapping[str, Change], ends_on: date) -> None:
    last = f"DATE {literal(ends_on.isoformat())}"
    deals, events, stages = work.next("deals"), work.next("deal_events"), work.next("stages")
    parts = []
    whole = "stages" in changes and not changes["stages"].nothing and (changes["stages"].changed > 0)
    held = work.draft.current.facts.get("deal_states") if work.draft.current else None
    whole = whole or held is None or set(held.columns) < set(FACTS["deal_states"].column_names)  # of an older version
    for fact, column in (("deals", "id"), ("deal_events", "deal_id")):
        change = changes.get(fact)
        if change is None or change.nothing:
            continue
        whole = whole or change.first
        parts += [f"SELECT {column} AS id FROM {change.rows}"]
        parts += [f"SELECT {column} AS id FROM {change.gone}"] if change.gone else []
    # what deals say of themselves is read from them: without it the events are few where there is no history
    events = f"(SELECT * FROM {events} WHERE NOT (origin = 'derived' AND field IN ('created', 'status')))"
    if whole or not parts:
        told = work.table("told_events", f"SELECT * FROM {events}")
        split = _parts(work, deals, told)
        work.draft.put("deal_states", *(deal_states.select(own, events, last, stages) for own, events, _ in split))
        work.draft.put("stage_stays", *(stage_stays.select(*relations, stages) for relations in split))
        return
    some = work.table("touched_deals", f"SELECT DISTINCT id FROM ({' UNION ALL '.join(parts)}) WHERE id IS NOT NULL")
    own = work.table("own_deals", f"SELECT {deal_states.DEALS} FROM {deals} WHERE id IN (SELECT id FROM {some})")
    own_events = work.table(
        "own_events", f"SELECT {deal_states.EVENTS} FROM {events} WHERE deal_id IN (SELECT id FROM {some})"
    )
    own_states = work.table("own_states", deal_states.select(own, own_events, last, stages))
    work.draft.patch("deal_states", gone=f"SELECT id FROM {some}", rows=f"SELECT * FROM {own_states}", key="deal_id")
    stays = stage_stays.select(own, own_events, own_states, stages)
    work.draft.patch("stage_stays", gone=f"SELECT id FROM {some}", rows=stays, key="deal_id")


def _parts(work: Work, deals: str, told: str) -> list[tuple[str, str, str]]:
    """Deals, their events and their states, in parts small enough for their events to be put in order in memory."""
    states = work.next("deal_states")
    count = -(-work.count(told) // AT_ONCE)
    if count <= 1:
        return [(deals, told, states)]
    return [
        (
            f"(SELECT {deal_states.DEALS} FROM {deals} WHERE hash(id) % {count} = {part})",
            f"(SELECT {deal_states.EVENTS} FROM {told} WHERE hash(deal_id) % {count} = {part})",
            f"(SELECT * FROM {states} WHERE hash(deal_id) % {count} = {part})",
        )
        for part in range(count)
    ]


def _responses(work: Work, settings: Settings) -> None:
    first, last = work.one(
        f"SELECT CAST(min(created_at) AS DATE), CAST(max(greatest(created_at, first_response_at)) AS DATE) "
        f"FROM {work.next('leads')}"
    )
    latest = work.one(f"SELECT CAST(max(started_at) AS DATE) FROM {work.next('activities')}")[0]
    hours = WorkingHours.of(settings)
    name = work.name("calendar")
    work.run(
        f"CREATE TABLE {name} (starts_at TIMESTAMP, ends_at TIMESTAMP, opens_at TIMESTAMP, closes_at TIMESTAMP, "
        f"minutes_before BIGINT)"
    )
    if first and last:
        end = max(last, latest) if latest else last
        beginning, ending = date.fromordinal(first.toordinal() - 1), date.fromordinal(end.toordinal() + 2)
        days = calendar_table(beginning, ending, hours)
        work.connection.executemany(
            f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?)",
            [[d.starts_at, d.ends_at, d.opens_at, d.closes_at, d.minutes_before] for d in days],
        )
    work.draft.put("lead_responses", lead_responses.select(work.next("leads"), work.next("activities"), name))
