"""KPIs that use every word of the vocabulary, as an organisation would write them."""

from __future__ import annotations

from tolok.kpis.definition import Definition
from tolok.kpis.load import parse

HEAD = """
name = "{id}"
question = "?"
formula = "?"
unit = "{unit}"
better = "higher"
timing = "lagging"
family = "operational"
function = "sales"
"""

BODIES: dict[str, tuple[str, str]] = {
    "median_amount": ("money", '[value]\nof = { median = "sales.amount" }'),
    "p90_amount": ("money", '[value]\nof = { quantile = "sales.amount", q = 0.9, where = { kind = "sale" } }'),
    "least_amount": ("money", '[value]\nof = { minimum = "sales.amount" }'),
    "most_amount": ("money", '[value]\nof = { maximum = "sales.amount" }'),
    "mean_amount": ("money", '[value]\nof = { mean = "sales.amount" }'),
    "buyers": ("count", '[value]\nof = { distinct = "sales.account_id" }'),
    "median_cycle": ("days", '[value]\nof = { median = { days = ["deals.created_on", "deals.closed_on"] } }'),
    "mean_hours": ("hours", '[value]\nof = { mean = { hours = ["deals.created_at", "deals.closed_at"] } }'),
    "buyers_30_days": ("count", '[value]\nof = { distinct = "sales.account_id", window = { trailing_days = 30 } }'),
    "sales_3_months": ("money", '[value]\nof = { sum = "sales.amount", window = { trailing_months = 3 } }'),
    "sales_so_far": ("money", '[value]\nof = { sum = "sales.amount", window = "to_date" }'),
    "repeat_buyers": (
        "count",
        '[value]\nof = { count = "sales", per = "account_id", having = { distinct = "document", at_least = 2 } }',
    ),
    "mean_per_buyer": ("money", '[value]\nof = { mean = "sales.amount", per = "account_id" }'),
    "median_per_buyer": ("money", '[value]\nof = { median = "sales.amount", per = "account_id" }'),
    "mean_rate_of_teams": ("percent", '[members]\nof = "win_rate"\nper = "team"'),
    "reps_below_half": ("percent", '[members]\nof = "win_rate"\nper = "rep"\nshare = { below = 50 }'),
    "mean_rate_of_reps_grows": ("percent", '[change]\nof = "rate_of_reps"'),
    "rate_of_reps": ("ratio", '[members]\nof = "win_rate"\nper = "rep"\nshare = { at_least = 50 }'),
    "team_less_its_reps": ("percent", '[arithmetic]\nexpression = "win_rate - mean_rate_of_teams"'),
    "pipeline_opening": (
        "money",
        '[value]\nof = { sum = "deal_states.amount", where = { status = "open" }, window = "opening" }',
    ),
    "pipeline_closing": (
        "money",
        '[value]\nof = { sum = "deal_states.amount", where = { status = "open" }, window = "closing" }',
    ),
    "pipeline_average": (
        "money",
        '[value]\nof = { sum = "deal_states.amount", where = { status = "open" }, window = "average" }',
    ),
    "open_average": (
        "count",
        '[value]\nof = { count = "deal_states", where = { status = "open" }, window = "average" }',
    ),
    "mean_open": (
        "money",
        '[value]\nof = { mean = "deal_states.amount", where = { status = "open" }, window = "closing" }',
    ),
    "median_open": (
        "money",
        '[value]\nof = { median = "deal_states.amount", where = { status = "open" }, window = "closing" }',
    ),
    "accounts_open": ("count", '[value]\nof = { distinct = "deal_states.account_id", window = "opening" }'),
    "due_now": (
        "money",
        '[value]\nof = { sum = "deal_states.amount", where = { status = "open", expected_close_on = '
        '{ within = "period" } }, window = "closing" }',
    ),
    "staff": ("count", '[value]\nof = { count = "reps", window = "closing" }'),
    "mrr": ("money", '[value]\nof = { sum = "subscriptions.amount", window = "closing" }'),
    "mrr_lost": (
        "percent",
        '[movement]\nfact = "subscriptions"\nper = "account_id"\namount = "amount"\nanswer = "100 * lost / opening"',
    ),
    "mrr_parts": (
        "money",
        '[movement]\nfact = "subscriptions"\nper = "account_id"\namount = "amount"\n'
        'answer = "new + 2 * expansion + 3 * contraction - 5 * lost + 7 * closing + 3 * average"',
    ),
    "logos": (
        "count",
        '[movement]\nfact = "subscriptions"\nper = "account_id"\nanswer = "new + 10 * lost + 100 * closing"',
    ),
    "buyers_kept": (
        "percent",
        '[movement]\nfact = "sales"\nper = "account_id"\nbasis = "flow"\ndated_by = "sold_on"\n'
        'answer = "100 * (opening - lost) / opening"',
    ),
    "spend_moved": (
        "money",
        '[movement]\nfact = "sales"\nper = "account_id"\namount = "amount"\nbasis = "flow"\ndated_by = "sold_on"\n'
        'answer = "new + 2 * expansion + 3 * contraction - 5 * lost + 7 * closing"',
    ),
    "won_by_day_60": (
        "percent",
        '[cohort]\nfact = "deals"\nentered = "created_on"\nreached = "closed_on"\nwithin_days = 60\n'
        'reached_where = { status = "won" }',
    ),
    "won_growth": ("percent", '[change]\nof = "wins"\nagainst = "previous"'),
    "won_growth_year": ("count", '[change]\nof = "wins"\nagainst = "last_year"\nshown_as = "amount"'),
    "wins": ("count", 'dated_by = "deals.closed_on"\n[value]\nof = { count = "deals", where = { status = "won" } }'),
    "not_lost": (
        "count",
        'dated_by = "deals.created_on"\n[value]\nof = { count = "deals", where = { status = { not = "lost" } } }',
    ),
    "per_visit": (
        "ratio",
        '[ratio]\nof = { sum = "sales.amount" }\n'
        'over = { count = "activities", where = { kind = "visit", done = true } }',
    ),
    "visits_web": (
        "percent",
        '[ratio]\nof = { distinct = "sales.document" }\nover = { observed = "web_visits" }',
    ),
    "visits_seen": ("count", '[value]\nof = { observed = "web_visits" }'),
    "stock_seen": ("count", '[value]\nof = { observed = "stock" }'),
    "stock_opening": ("count", '[value]\nof = { observed = "stock", window = "opening" }'),
    "stock_closing": ("count", '[value]\nof = { observed = "stock", window = "closing" }'),
    "stock_between": ("count", '[value]\nof = { observed = "stock", window = "average" }'),
    "lead_days": ("days", '[value]\nof = { observed = "lead_days" }'),
    "price_closing": ("ratio", '[value]\nof = { observed = "price", window = "closing" }'),
    "sign_ups_seen": ("count", '[value]\nof = { observed = "sign_ups" }'),
    "visits_closing": ("count", '[value]\nof = { observed = "web_visits", window = "closing" }'),
    "teams_seen": ("count", '[value]\nof = { observed = "weekly_teams" }'),
    "trust_seen": ("score", '[value]\nof = { observed = "trust" }'),
    "velocity": ("money", '[arithmetic]\nexpression = "wins * mean_amount / max(1, median_cycle) - 2 * staff"'),
    "liked": (
        "score",
        '[score]\nof = { count = "answers", where = { kind = "nps" }, same = "scale_max" }\n'
        "plus = { value = { at_least = 9 } }\nminus = { value = { at_most = 6 } }",
    ),
    "top_two": (
        "percent",
        '[ratio]\nof = { count = "answers", where = { kind = "csat", value = { top = 2 } } }\n'
        'over = { count = "answers", where = { kind = "csat" } }',
    ),
    "new_revenue": (
        "money",
        '[value]\nof = { sum = "sales.amount", where = { first_sale_on = { within = "period" } } }',
    ),
    "old_revenue": (
        "money",
        '[value]\nof = { sum = "sales.amount", where = { first_sale_on = { before = "period" } } }',
    ),
    "wins_target": ("count", '[value]\nof = { target = "deals_won" }'),
    "pipeline_target": ("money", '[value]\nof = { target = "open_pipeline" }'),
    "size_target": ("money", '[value]\nof = { target = "average_deal_size" }'),
    "pipeline_reached": (
        "percent",
        '[ratio]\nof = { sum = "deal_states.amount", where = { status = "open" }, window = "closing" }\n'
        'over = { target = "open_pipeline" }',
    ),
    "rate_target": ("percent", '[value]\nof = { target = "win_rate" }'),
    "steel_deals": ("count", '[value]\nof = { count = "deals", where = { "account.industry" = "steel" } }'),
}


def own_kpis() -> dict[str, Definition]:
    """All of them, read as files are."""
    found = {}
    for id_, (unit, text) in BODIES.items():
        definition = parse(HEAD.format(id=id_, unit=unit) + text, id_)
        assert isinstance(definition, Definition)
        found[id_] = definition
    return found
