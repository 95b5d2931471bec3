"""The ten KPIs by rep and month as a careful person would write them in SQL, for this data alone."""

from __future__ import annotations

FIRST, LAST = "DATE '2025-01-01'", "DATE '2025-12-31'"
KPIS = (
    "deals_created",
    "deals_won",
    "deals_lost",
    "win_rate",
    "average_deal_size",
    "sales_cycle_length",
    "revenue",
    "calls",
    "meetings",
    "open_pipeline",
)

SQL = f"""
WITH months AS (
  SELECT m::DATE AS month FROM range({FIRST}, {LAST}, INTERVAL 1 MONTH) AS t(m)
), created AS (
  SELECT owner_id AS rep, date_trunc('month', created_on)::DATE AS month, count(*) AS created
  FROM deals WHERE created_on BETWEEN {FIRST} AND {LAST} GROUP BY ALL
), closed AS (
  SELECT owner_id AS rep, date_trunc('month', closed_on)::DATE AS month,
    count(*) FILTER (status = 'won') AS won, count(*) FILTER (status = 'lost') AS lost,
    avg(amount) FILTER (status = 'won') AS size, avg(closed_on - created_on) FILTER (status = 'won') AS cycle
  FROM deals WHERE closed_on BETWEEN {FIRST} AND {LAST} GROUP BY ALL
), sold AS (
  SELECT owner_id AS rep, date_trunc('month', sold_on)::DATE AS month, sum(amount) AS revenue
  FROM sales WHERE sold_on BETWEEN {FIRST} AND {LAST} AND kind IN ('sale', 'return') GROUP BY ALL
), active AS (
  SELECT rep_id AS rep, date_trunc('month', happened_on)::DATE AS month,
    count(*) FILTER (kind = 'call') AS calls, count(*) FILTER (kind = 'meeting') AS meetings
  FROM activities WHERE happened_on BETWEEN {FIRST} AND {LAST} AND done IS DISTINCT FROM false
    AND kind IN ('call', 'meeting') GROUP BY ALL
), deltas AS (
  SELECT owner_id AS rep, date_trunc('month', greatest(from_on, {FIRST}))::DATE AS month, sum(amount) AS amount
  FROM deal_states WHERE status = 'open' AND from_on <= {LAST}
    AND (to_on IS NULL OR to_on > from_on AND to_on >= {FIRST}) GROUP BY ALL
  UNION ALL
  SELECT owner_id, date_trunc('month', to_on)::DATE, -sum(amount)
  FROM deal_states WHERE status = 'open' AND to_on BETWEEN {FIRST} AND {LAST} AND to_on > from_on GROUP BY ALL
), pipeline AS (
  SELECT rep, month, sum(sum(amount)) OVER (PARTITION BY rep ORDER BY month) AS pipeline FROM deltas GROUP BY rep, month
)
SELECT r.id, m.month, coalesce(created, 0), coalesce(won, 0), coalesce(lost, 0), 100 * won / nullif(won + lost, 0),
  size, cycle, coalesce(revenue, 0), coalesce(calls, 0), coalesce(meetings, 0), coalesce(pipeline, 0)
FROM reps AS r CROSS JOIN months AS m
LEFT JOIN created ON created.rep = r.id AND created.month = m.month
LEFT JOIN closed ON closed.rep = r.id AND closed.month = m.month
LEFT JOIN sold ON sold.rep = r.id AND sold.month = m.month
LEFT JOIN active ON active.rep = r.id AND active.month = m.month
LEFT JOIN pipeline ON pipeline.rep = r.id AND pipeline.month = m.month
"""
