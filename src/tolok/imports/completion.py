"""What follows from what a row says: the outcome from the stage, the amount from quantity and price, the sign of a return."""

from __future__ import annotations

from tolok.imports.merge import Merged
from tolok.imports.work import Work
from tolok.model import FACTS
from tolok.sources.values.quoting import identifier, literal

_DECIDED = "status IN ('won', 'lost')"
_PRODUCT = "CAST(CAST(quantity AS DECIMAL(18,4)) * CAST(unit_price AS DECIMAL(18,4)) AS DECIMAL(18,4))"


def completed(work: Work, rows: Merged) -> str:
    """The rows with what follows from them, as a relation of the fact's columns."""
    relation = rows.relation
    for step in _steps(work, rows):
        changes = ", ".join(f"{value} AS {identifier(name)}" for name, value in step.items())
        relation = f"(SELECT * REPLACE ({changes}) FROM {relation})"
    columns = ", ".join(f"{identifier(column.name)}" for column in FACTS[rows.fact].columns)
    return f"(SELECT {columns} FROM {relation})"


def _steps(work: Work, rows: Merged) -> list[dict[str, str]]:
    """Values by column, step after step, each seeing what the step before has made."""
    today = f"DATE {literal(work.today.isoformat())}"
    steps: list[dict[str, str]] = []
    if rows.fact == "deals":
        steps = _deals(rows, known=not _nothing_tells_the_outcome(work, rows))
    elif rows.fact == "orders":
        steps = _ORDERS
    elif rows.fact == "deal_lines":
        steps = [{"amount": f"coalesce(amount, {_PRODUCT})"}]
    elif rows.fact == "leads":
        steps = _LEADS
    elif rows.fact == "activities":
        steps = [{"kind": "coalesce(kind, 'other')", "done": f"coalesce(done, happened_on <= {today})"}]
    elif rows.fact == "subscriptions":
        ended = f"ended_on IS NOT NULL AND ended_on <= {today}"
        trial = "started_on IS NULL AND trial_started_on IS NOT NULL"
        state = f"CASE WHEN {ended} THEN 'ended' WHEN {trial} THEN 'trial' ELSE 'active' END"
        steps = [{"status": f"coalesce(status, {state})"}]
    elif rows.fact == "tickets":
        solved = "CASE WHEN solved_on IS NOT NULL THEN 'solved' ELSE 'open' END"
        steps = [{"status": f"coalesce(status, {solved})", "kind": "coalesce(kind, 'support')"}]
    elif rows.fact == "targets":
        month = "CASE WHEN day(from_on) = 1 THEN last_day(from_on) END"
        steps = [{"to_on": f"coalesce(to_on, {month})"}]
    elif rows.fact == "observations":
        steps = [{"grain": "coalesce(grain, 'day')", "roll_up": "coalesce(roll_up, 'sum')"}]
    elif rows.fact == "costs":
        steps = [{"kind": "coalesce(kind, 'other')"}]
    elif rows.fact == "reps":
        steps = [{"active": f"coalesce(active, CASE WHEN left_on IS NOT NULL THEN left_on > {today} END)"}]
    if rows.fact in _NAMED:
        steps = [*steps, {"name": "coalesce(name, source_id)"}]
    return [*steps, *_currency(work, rows)]


def _currency(work: Work, rows: Merged) -> list[dict[str, str]]:
    """Amounts of a connection that counts in another currency than the workspace say so."""
    fact = FACTS[rows.fact]
    own = work.mapping.currency
    if not own or own == work.currency or fact.column("currency") is None or rows.fact == "exchange_rates":
        return []
    amounts = [column.name for column in fact.columns if column.type == "money"]
    if not amounts:
        return []
    some = " OR ".join(f"{identifier(name)} IS NOT NULL" for name in amounts)
    return [{"currency": f"CASE WHEN currency IS NULL AND ({some}) THEN {literal(own)} ELSE currency END"}]


def _nothing_tells_the_outcome(work: Work, rows: Merged) -> bool:
    """Whether deals were closed, and nothing says of them whether they were won, or whether they were lost.

    Close dates that some deals have and others lack, none of them to come, are dates of decisions; so are dates before
    the last deal came in. Calling such deals open would count no won deal where nobody knows how many there are.
    """
    if "closed_on" not in rows.provides:
        return False
    came = "max(created_on)" if "created_on" in rows.provides else "CAST(NULL AS DATE)"
    won, lost, closed, deals, last, newest = work.one(
        f"SELECT count(*) FILTER ({_SAID} = 'won'), count(*) FILTER ({_SAID} = 'lost'), count(closed_on), count(*), "
        f"max(closed_on), {came} FROM {rows.relation}"
    )
    told = work.one(f"SELECT count(*) FILTER (status IS NOT NULL) FROM {rows.relation}")[0]
    if won and lost:
        _note_doubtful_stages(work, rows)
        return False
    if not won and not lost:
        if told:
            return False
        early = (
            newest is not None
            and work.one(f"SELECT count(*) FILTER (closed_on <= DATE {literal(str(newest))}) FROM {rows.relation}")[0]
        )
        unheard = closed > 0 and not {"status", "_outcome", "stage_id"} & set(rows.provides)
        decided = last is not None and last <= work.today and (closed < deals or unheard)
        if closed == 0 or not (decided or (early and early >= 0.5 * deals >= _FEW)):
            return False
        work.notes.append(
            "Which deals were won or lost is not known: no column says so, and no stage is one of won or of lost deals. "
            "Say the outcome of each stage in the mapping, and import again."
        )
        return True
    missing = "won" if not won else "lost"
    doubtful = _closed_in_all_but_name(work, rows)
    if doubtful and (not won or _others_go_on(work, rows)):
        work.notes.append(
            f"Which deals were {missing} is not known: no stage is one of {missing} deals, and nearly all deals of "
            f"{', '.join(doubtful)} were to close before the last deal was decided. "
            "Say the outcome of each stage in the mapping, and import again."
        )
        return True
    dated = _closed_yet_open(work, rows, won + lost)
    if dated:
        work.notes.append(
            f"No deal is said to be {missing}, and {dated:,} deals that count as open have a close date that is past. "
            "If they were decided, say the outcome of their stages in the mapping, and import again."
        )
    return False


def _others_go_on(work: Work, rows: Merged) -> bool:
    """Whether some open deals are to close after the last decision, or at no known time: the others stand apart from them."""
    return bool(
        work.one(
            f"SELECT count(*) >= {_FEW} FROM {rows.relation} WHERE {_SAID} IS DISTINCT FROM 'won' AND {_SAID} IS DISTINCT "
            f"FROM 'lost' AND (closed_on IS NULL OR closed_on > (SELECT max(closed_on) FROM {rows.relation} "
            f"WHERE {_SAID} IN ('won', 'lost')))"
        )[0]
    )


_SAID = "coalesce(status, _outcome)"
_FEW = 5


def _note_doubtful_stages(work: Work, rows: Merged) -> None:
    doubtful = _closed_in_all_but_name(work, rows)
    if doubtful:
        work.notes.append(
            f"Deals of {', '.join(doubtful)} count as open, but nearly all of them were to close before the last deal was "
            "decided. If that means won or lost, say so in the mapping, and import again."
        )


def _closed_in_all_but_name(work: Work, rows: Merged) -> list[str]:
    """Stages of open deals that all have a close date, few of them later than the last decision: decided, it seems."""
    stage = "coalesce(CAST(stage_id AS VARCHAR), '')" if "stage_id" in rows.provides else "''"
    found = work.run(
        f"SELECT {stage} FROM {rows.relation} WHERE {_SAID} IS DISTINCT FROM 'won' AND {_SAID} IS DISTINCT FROM 'lost' "
        f"GROUP BY 1 HAVING count(*) >= greatest({_FEW}, 0.1 * (SELECT count(*) "
        f"FROM {rows.relation} WHERE {_SAID} IN ('won', 'lost'))) AND count(*) = count(closed_on) AND "
        f"quantile_disc(closed_on, 0.9) <= (SELECT max(closed_on) FROM {rows.relation} WHERE {_SAID} IN ('won', 'lost')) "
        "ORDER BY 1"
    ).fetchall()
    return [f"“{row[0].split(':', 1)[-1] or 'no stage'}”" for row in found]


def _closed_yet_open(work: Work, rows: Merged, decided: int) -> int:
    """How many open deals have a close date that is past, where other open deals have none."""
    opened = f"{_SAID} IS DISTINCT FROM 'won' AND {_SAID} IS DISTINCT FROM 'lost'"
    dated, bare = work.one(
        f"SELECT count(*) FILTER ({opened} AND closed_on <= DATE {literal(work.today.isoformat())}), "
        f"count(*) FILTER ({opened} AND closed_on IS NULL) FROM {rows.relation}"
    )
    return int(dated) if bare and dated >= max(_FEW, 0.1 * decided) else 0


def _deals(rows: Merged, *, known: bool) -> list[dict[str, str]]:
    """The outcome that the stage means; one column of close dates serves both what is expected and what happened."""
    closed = "closed_on" if "closed_on" in rows.provides else "coalesce(closed_on, expected_close_on)"
    return [
        {"status": "coalesce(status, _outcome, 'open')" if known else "CAST(NULL AS VARCHAR)"},
        {
            "expected_close_on": "CASE WHEN status = 'open' THEN coalesce(expected_close_on, closed_on) "
            "ELSE expected_close_on END",
            "closed_on": f"CASE WHEN {_DECIDED} THEN {closed} END",
            "closed_at": f"CASE WHEN {_DECIDED} THEN closed_at END",
        },
    ]


_NAMED = ("reps", "accounts", "products", "teams", "pipelines", "stages")
"""Facts that people name: a row that its source gives no name is called by its id."""

_OFF = "coalesce(least(greatest(TRY_CAST(discount AS DECIMAL(18,4)), 0), 100), 0)"
_NET = (
    f"CAST(CAST({_PRODUCT} * (100 - {_OFF}) / 100 AS DECIMAL(18,4)) - "
    f"sign({_PRODUCT}) * coalesce(abs(TRY_CAST(discount_amount AS DECIMAL(18,4))), 0) AS DECIMAL(18,4))"
)
_ORDERS = [
    {"status": "coalesce(status, 'confirmed')", "amount": f"coalesce(amount, {_NET})"},
    {
        "kind": "CASE WHEN kind IS NULL THEN CASE WHEN amount < 0 OR quantity < 0 THEN 'return' ELSE 'sale' END "
        "WHEN kind = 'sale' AND amount < 0 AND quantity < 0 THEN 'return' ELSE kind END"
    },
    {
        "amount": "CASE WHEN kind = 'return' THEN -abs(amount) ELSE amount END",
        "quantity": "CASE WHEN kind = 'return' THEN -abs(quantity) ELSE quantity END",
        "cost": "CASE WHEN kind = 'return' THEN -abs(cost) ELSE cost END",
    },
]

_LEADS = [
    {
        "status": "coalesce(status, CASE WHEN converted_on IS NOT NULL OR deal_id IS NOT NULL THEN 'converted' "
        "WHEN qualified_on IS NOT NULL THEN 'qualified' ELSE 'open' END)"
    }
]
