"""The change of a pipeline adds up, whatever happened to the deals; worked by hand and by chance."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tolok.query.pipeline_change import IN, OUT, PipelineChange, pipeline_change
from tolok.query.question import Filter, Viewer
from tolok.store.duckdb import DuckDBEngine

A, B = date(2026, 3, 31), date(2026, 4, 30)


def state(deal: str, start: date, end: date | None, status: str = "open", amount: int = 100, **other: object):
    return {
        "deal_id": deal,
        "from_on": start,
        "to_on": end,
        "status": status,
        "amount": amount,
        "owner_id": "r:ann",
        **other,
    }


def asked(rows: list[dict[str, object]], **options: object) -> PipelineChange:
    deals = [{"id": name, "name": name} for name in sorted({str(row["deal_id"]) for row in rows})]
    people = [{"id": "r:ann", "name": "Ann"}, {"id": "r:bob", "name": "Bob"}]
    with DuckDBEngine.from_rows({"deals": deals, "deal_states": rows, "reps": people}) as engine:
        return pipeline_change(engine, A, B, "EUR", **options)  # type: ignore[arg-type]


def adds_up(change: PipelineChange) -> bool:
    amount = change.opening.amount
    amount += sum((change.steps[kind].amount for kind in IN), Decimal(0))
    amount -= sum((change.steps[kind].amount for kind in OUT), Decimal(0))
    count = change.opening.count + sum(change.steps[kind].count for kind in ("new", "reopened", "arrived"))
    count -= sum(change.steps[kind].count for kind in ("won", "lost", "moved_away", "gone"))
    return amount == change.closing.amount and count == change.closing.count


MARCH, APRIL = date(2026, 3, 10), date(2026, 4, 10)


def test_a_month_worked_by_hand():
    """Opening 900 in nine deals; one stays, two change, one of each leaves; one comes, one comes and is won at once."""
    rows = [
        state("stays", MARCH, None),
        state("grows", MARCH, APRIL), state("grows", APRIL, None, amount=130),
        state("shrinks", MARCH, APRIL), state("shrinks", APRIL, None, amount=60),
        state("slips", MARCH, APRIL, expected_close_on=date(2026, 4, 20)),
        state("slips", APRIL, None, expected_close_on=date(2026, 6, 1)),
        state("pulled", MARCH, APRIL, expected_close_on=date(2026, 6, 1)),
        state("pulled", APRIL, None, expected_close_on=date(2026, 5, 2)),
        state("won dearer", MARCH, APRIL), state("won dearer", APRIL, None, "won", 150),
        state("lost", MARCH, APRIL), state("lost", APRIL, None, "lost"),
        state("gone", MARCH, APRIL),
        state("given away", MARCH, APRIL), state("given away", APRIL, None, owner_id="r:bob"),
        state("given", MARCH, APRIL, owner_id="r:bob"), state("given", APRIL, None, amount=70),
        state("comes", APRIL, None, amount=500),
        state("comes, is won", APRIL, date(2026, 4, 20), amount=40), state("comes, is won", date(2026, 4, 20), None, "won", 45),
        state("reopened", MARCH, APRIL, "lost"), state("reopened", APRIL, None, amount=20),
        state("long ago", date(2025, 1, 1), None, "won"),
        state("later", date(2026, 5, 2), None),
        state("elsewhere", MARCH, None, currency="USD"),
    ]  # fmt: skip
    change = asked(rows, where=(Filter("rep", ("Ann",)),))
    shown = {kind: (step.count, int(step.amount)) for kind, step in change.steps.items()}
    assert (change.opening.count, change.opening.amount) == (9, 900)
    assert shown == {
        "new": (2, 545),
        "reopened": (1, 20),
        "arrived": (1, 70),
        "grew": (2, 80),
        "shrank": (1, 40),
        "won": (2, 195),
        "lost": (1, 100),
        "moved_away": (1, 100),
        "gone": (1, 100),
    }
    assert (change.closing.count, change.closing.amount) == (8, 1080)
    assert (change.slipped.deals, change.pulled_in.deals, change.elsewhere) == (["slips"], ["pulled"], 1)
    assert adds_up(change)


days = st.integers(-60, 60).map(lambda n: A + timedelta(days=n))
owners = st.sampled_from(["r:ann", "r:bob"])
lives = st.lists(
    st.tuples(days, st.sampled_from(["open", "open", "won", "lost"]), st.integers(0, 500), owners, days),
    min_size=1,
    max_size=5,
    unique_by=lambda part: part[0],
)  # fmt: skip


@given(st.lists(st.tuples(lives, st.booleans()), max_size=12))
@settings(max_examples=60, deadline=None, database=None, derandomize=True)
def test_it_adds_up_whatever_happened(deals):
    rows = []
    for number, (parts, ends) in enumerate(deals):
        parts = sorted(parts)
        for place, (start, status, amount, owner, close) in enumerate(parts):
            until = parts[place + 1][0] if place + 1 < len(parts) else (start + timedelta(days=9) if ends else None)
            rows.append(state(f"d{number}", start, until, status, amount, owner_id=owner, expected_close_on=close))
    whole = asked(rows)
    anns = asked(rows, where=(Filter("rep", ("Ann",)),))
    seen = asked(rows, viewer=Viewer("ann", frozenset({"r:ann"}), rows_owned_now=False))
    assert adds_up(whole)
    assert adds_up(anns)
    assert whole.steps["arrived"].count == whole.steps["moved_away"].count == 0
    assert (seen.opening, seen.closing, seen.steps) == (anns.opening, anns.closing, anns.steps)
    alive = [
        row
        for row in rows
        if row["from_on"] <= B and (row["to_on"] is None or row["to_on"] > B) and row["status"] == "open"
    ]  # type: ignore[operator]
    assert whole.closing.amount == sum(row["amount"] for row in alive)  # type: ignore[misc]
