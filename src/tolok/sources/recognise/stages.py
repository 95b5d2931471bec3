"""The stages of each pipeline: their order, outcome and probability, from the export where it says, else from the data."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from tolok.model import FACTS
from tolok.sources.mapping import ColumnMapping, StageMapping, TableMapping
from tolok.sources.recognise.outcomes import outcome_of
from tolok.sources.table import RawTable
from tolok.sources.values import expression
from tolok.sources.values.cells import cleaned
from tolok.sources.values.quoting import literals
from tolok.sources.values.words import FALSE, TRUE, plain

_USUAL_ORDER: tuple[tuple[str, int], ...] = (
    ("new", 5), ("baru", 5), ("nuevo", 5), ("novo", 5), ("neu", 5), ("nouveau", 5), ("lead", 8), ("prospe", 10),
    ("suspect", 6), ("first contact", 14), ("contact", 15), ("kontak", 15), ("hubungi", 15), ("appointment", 18),
    ("perception", 50), ("decision maker", 48), ("qualif", 20), ("kualifikasi", 20), ("cualific", 20), ("engag", 25),
    ("discover", 24), ("develop", 26), ("needs", 30), ("analys", 30), ("analisis", 30), ("kebutuhan", 30), ("bedarf", 30),
    ("meeting", 32), ("pertemuan", 32), ("reunion", 32), ("termin", 32), ("visit", 32), ("kunjungan", 32), ("demo", 40),
    ("presenta", 40), ("presentasi", 40), ("evaluation", 42), ("trial", 42), ("pilot", 42), ("value prop", 45),
    ("solution", 45), ("proposal", 60), ("propos", 60), ("quote", 60), ("quotation", 60), ("penawaran", 60),
    ("angebot", 60), ("offer", 60), ("devis", 60), ("presupuesto", 60), ("orcamento", 60), ("bought in", 62),
    ("price", 62), ("negoti", 70), ("negosi", 70), ("negoci", 70), ("verhandl", 70), ("onderhandel", 70), ("trattativ", 70),
    ("review", 72), ("verbal", 80), ("commit", 80), ("contract", 82), ("kontrak", 82), ("contrat", 82), ("vertrag", 82),
    ("legal", 82), ("closing", 85), ("sign", 86), ("on hold", 88),
)  # fmt: skip


@dataclass(frozen=True)
class _Seen:
    pipeline: str
    name: str
    deals: int
    probability: float | None
    closed: float | None  # share of its deals that are closed, where the export says
    won: float | None
    order: float | None = None
    decided: tuple[int, int, int] = (0, 0, 0)  # deals that their own status says are open, won, lost


def stages_of(
    table: RawTable,
    mapping: TableMapping,
    connection: duckdb.DuckDBPyConnection,
    *,
    timezone: str,
    flags: dict[str, str] | None = None,
    order: dict[str, float] | None = None,
    history: dict[str, float] | None = None,
    listed: dict[str, str] | None = None,
) -> list[StageMapping]:
    """The stages that a table of deals shows.

    ``flags`` name the columns that say closed, won and order; ``order`` is each stage's place in the export's own
    list and ``listed`` its outcome there, ``history`` its mean place in the deals' histories.
    """
    stage = mapping.column("stage_id")
    if stage is None:
        return []
    seen = _seen(table, mapping, stage, connection, timezone, flags or {})
    if not order:
        seen = _with_left(seen, history or {})
    found: list[StageMapping] = []
    told = _told(seen) | (listed or {})
    for pipeline in dict.fromkeys(item.pipeline for item in seen):
        own = [item for item in seen if item.pipeline == pipeline]
        outcomes = {item.name: told.get(item.name) or _outcome(item) for item in own}
        ranked = sorted(own, key=_key(own, outcomes, order or {}, history or {}))
        found += [
            StageMapping(pipeline, item.name, position, outcomes[item.name], item.probability)  # type: ignore[arg-type]
            for position, item in enumerate(ranked, start=1)
        ]
    return found


def _with_left(seen: list[_Seen], history: dict[str, float]) -> list[_Seen]:
    """The stages of deals, and those that only their histories name, as no deal stands there today."""
    names = {item.name for item in seen}
    pipelines = {item.pipeline for item in seen}
    same = len(names & set(history)) >= 0.5 * len(names)  # or the histories write stages otherwise
    if len(pipelines) != 1 or not same or len(history) > MANY:
        return seen
    pipeline = next(iter(pipelines))
    return [*seen, *(_Seen(pipeline, name, 0, None, None, None) for name in history if name not in names)]


MANY = 60
"""More different words than this are no stages."""


def _seen(
    table: RawTable,
    mapping: TableMapping,
    stage: ColumnMapping,
    connection: duckdb.DuckDBPyConnection,
    timezone: str,
    flags: dict[str, str],
) -> list[_Seen]:
    where = {header: f"c{index}" for index, header in enumerate(table.headers)}
    if stage.header not in where:
        return []
    pipeline = mapping.column("pipeline_id")
    probability = mapping.column("probability")
    target = FACTS["deals"].column("probability")
    values = {
        "pipeline": cleaned(where[pipeline.header])
        if pipeline and pipeline.header in where
        else "CAST(NULL AS VARCHAR)",
        "stage": cleaned(where[stage.header]),
        "chance": "NULL",
        "placed": f"TRY_CAST({where[flags['order']]} AS DOUBLE)" if flags.get("order") in where else "NULL",
        "status": _status(mapping, where, timezone),
    }
    if probability and target and probability.header in where:
        values["chance"] = expression(probability, where[probability.header], target, timezone=timezone).value
    for flag in ("closed", "won"):
        word = f"lower({cleaned(where[flags[flag]])})" if flags.get(flag) in where else "NULL"
        values[flag] = f"CASE WHEN {word} IN ({literals(TRUE)}) THEN 1 WHEN {word} IN ({literals(FALSE)}) THEN 0 END"
    read = sorted({cell for cell in where.values() if any(re.search(rf"\b{cell}\b", v) for v in values.values())})
    # each combination of texts is read once, however many rows say it
    said = f"SELECT {', '.join(read)}, count(*) AS deals FROM {table.relation} GROUP BY ALL"
    typed = ", ".join(f"{value} AS {name}" for name, value in values.items())
    usual = "sum(deals) OVER (PARTITION BY pipeline, stage, chance)"
    # a deal's own chance may be edited; the usual one is the stage's
    query = (
        "SELECT pipeline, stage, sum(deals)::BIGINT, arg_max(chance, usual) FILTER (chance IS NOT NULL), "
        "sum(closed * deals) / sum(deals) FILTER (closed IS NOT NULL), "
        "sum(won * deals) / sum(deals) FILTER (won IS NOT NULL), min(placed), "
        + ", ".join(f"coalesce(sum(deals) FILTER (status = '{outcome}'), 0)::BIGINT" for outcome in _OUTCOMES)
        + f" FROM (SELECT *, {usual} AS usual FROM (SELECT {typed}, deals FROM ({said}))) "
        "GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 500"
    )
    rows = connection.execute(query).fetchall()
    return [
        _Seen(
            pipeline=row[0] or "",
            name=row[1],
            deals=row[2],
            probability=float(row[3]) if row[3] is not None else None,
            closed=row[4],
            won=row[5],
            order=row[6],
            decided=(row[7], row[8], row[9]),
        )
        for row in rows
        if row[1] is not None
    ]


def _status(mapping: TableMapping, where: dict[str, str], timezone: str) -> str:
    """Whether a deal is open, won or lost, where the export says so apart from the stage."""
    status, stage = mapping.column("status"), mapping.column("stage_id")
    target = FACTS["deals"].column("status")
    if status is None or target is None or stage is None or status.header not in where or status.header == stage.header:
        return "CAST(NULL AS VARCHAR)"
    return expression(status, where[status.header], target, timezone=timezone).value


_OUTCOMES = ("open", "won", "lost")
_FEW = 5


def _told(seen: list[_Seen]) -> dict[str, str]:
    """What the deals' own status says of their stages, where it goes with the stage.

    In some systems a deal is lost in whatever stage it was; there the status says nothing of the stage.
    """
    many = [item for item in seen if sum(item.decided) >= _FEW]
    if not many or any(max(item.decided) < 0.97 * sum(item.decided) for item in many):
        return {}
    found = {item.name: _OUTCOMES[item.decided.index(max(item.decided))] for item in many}
    return found if set(found.values()) >= {"open"} and len(set(found.values())) > 1 else {}


def _outcome(item: _Seen) -> str:
    if item.won is not None and item.won > 0.5:
        return "won"
    if item.closed is not None and item.closed > 0.5:
        return "won" if outcome_of(item.name) == "won" and item.won is None else "lost"
    if item.closed is not None:
        return "open"
    said = outcome_of(item.name)
    return said if said in ("won", "lost") else "open"


def _key(
    own: list[_Seen], outcomes: dict[str, str], order: dict[str, float], history: dict[str, float]
) -> Callable[[_Seen], tuple[int, float, float, str]]:
    """Open stages in order, then won, then lost; by the first criterion that tells the open stages apart."""
    opened = [item for item in own if outcomes[item.name] == "open"]
    last = {"open": 0, "won": 1, "lost": 2}

    def usual(item: _Seen) -> float:
        text = plain(item.name)
        return min((rank for word, rank in _USUAL_ORDER if word in text), default=50)

    def numbered(item: _Seen) -> float | None:
        number = re.match(r"\D{0,2}(\d{1,2})\b", item.name)
        return float(number[1]) if number else None

    def probable(item: _Seen) -> float | None:
        return item.probability

    def placed(item: _Seen) -> float | None:
        return order.get(item.name, item.order)

    def passed(item: _Seen) -> float | None:
        return history.get(item.name)

    for criterion in (placed, numbered, probable, passed):
        values = [criterion(item) for item in opened]
        if opened and all(value is not None for value in values) and (len(set(values)) > 1 or len(opened) == 1):
            chosen = criterion
            return lambda item: (last[outcomes[item.name]], chosen(item) or 0.0, usual(item), item.name)
    return lambda item: (last[outcomes[item.name]], usual(item), item.probability or 0.0, item.name)
