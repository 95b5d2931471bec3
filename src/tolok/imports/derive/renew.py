"""Which derived facts an import has to compute anew, and of which rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tolok.imports.derive import customer_lives, deal_states, lead_responses, sales, stage_stays
from tolok.imports.difference import Change
from tolok.imports.work import Work
from tolok.periods import WorkingHours, calendar_table
from tolok.settings import Settings
from tolok.sources.values.quoting import literal


def renew(
    work: Work, changes: Mapping[str, Change], settings: Settings, revenue_from: str, ends_on: date, *, all_sales: bool
) -> None:
    """Bring the derived facts of a draft up to date. ``all_sales`` where the choice of revenue has changed."""
    touched = {fact for fact, change in changes.items() if not change.nothing}
    if touched & {"deals", "deal_events", "stages"}:
        _deals(work, changes, ends_on)
    if all_sales or touched & (
        {"orders", "products"} if revenue_from == "orders" else {"deals", "deal_lines", "products"}
    ):
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
        touched.add("sales")
    if touched & {"sales", "accounts"}:
        work.draft.put("customer_lives", customer_lives.select(work.next("sales"), work.next("accounts")))
    if touched & {"leads", "activities"} and work.count(work.next("leads")):
        _responses(work, settings)


def _deals(work: Work, changes: Mapping[str, Change], ends_on: date) -> None:
    last = f"DATE {literal(ends_on.isoformat())}"
    deals, events = work.next("deals"), work.next("deal_events")
    parts = []
    whole = "stages" in changes and not changes["stages"].nothing and (changes["stages"].changed > 0)
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
        work.draft.put("deal_states", deal_states.select(deals, told, last))
        work.draft.put("stage_stays", stage_stays.select(deals, told, work.next("deal_states"), work.next("stages")))
        return
    some = work.table("touched_deals", f"SELECT DISTINCT id FROM ({' UNION ALL '.join(parts)}) WHERE id IS NOT NULL")
    own = work.table("own_deals", f"SELECT * FROM {deals} WHERE id IN (SELECT id FROM {some})")
    own_events = work.table("own_events", f"SELECT * FROM {events} WHERE deal_id IN (SELECT id FROM {some})")
    own_states = work.table("own_states", deal_states.select(own, own_events, last))
    work.draft.patch("deal_states", gone=f"SELECT id FROM {some}", rows=f"SELECT * FROM {own_states}", key="deal_id")
    stays = stage_stays.select(own, own_events, own_states, work.next("stages"))
    work.draft.patch("stage_stays", gone=f"SELECT id FROM {some}", rows=stays, key="deal_id")


def _responses(work: Work, settings: Settings) -> None:
    first, last = work.one(
        f"SELECT CAST(min(created_at) AS DATE), CAST(max(greatest(created_at, first_response_at)) AS DATE) "
        f"FROM {work.next('leads')}"
    )
    latest = work.one(f"SELECT CAST(max(started_at) AS DATE) FROM {work.next('activities')}")[0]
    hours = WorkingHours.parse(
        settings.working_hours,
        days=settings.working_days,
        timezone=settings.timezone,
        holidays=settings.holidays_country,
        closed_on=[date.fromisoformat(day) for day in settings.closed_on],
    )
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
