"""What a changed choice leaves without sense: fields of another kind of rows, a unit that no longer fits."""

from __future__ import annotations

from tolok.kpis.conditions import column_at
from tolok.model import FACTS
from tolok.web.kpis.fields import Fields

SIDES = ("of", "over")
FIXED = {"count": "count", "distinct": "count"}


def settled(fields: Fields) -> Fields:
    """The fields without what the chosen rows do not have, in a unit that the way of computing can have."""
    for prefix in ("body", *(f"{row}.body" for row in fields.rows("variants"))):
        fields = _begun(fields, prefix)
        fields = _without_strangers(fields, prefix)
    kind, unit = fields.get("body.kind"), fields.get("unit")
    fitting = _units(fields, kind)
    if fitting and unit not in fitting:
        fields = fields.having(unit=fitting[0])
    dated, facts = fields.get("dated_by").partition("."), _facts(fields)
    if dated[0] and dated[0] not in facts:
        fields = fields.having(dated_by="")
    return fields


def _begun(fields: Fields, prefix: str) -> Fields:
    """A way of computing that was just chosen begins with the rows that were chosen before, or the only ones that fit."""
    kind, fact = fields.get(f"{prefix}.kind"), fields.get(f"{prefix}.of.fact")
    if kind == "score" and fields.get(f"{prefix}.of.aggregate") != "count":
        return fields.plus({f"{prefix}.of.aggregate": ["count"], f"{prefix}.of.fact": [fact or "answers"]})
    if kind in ("cohort", "movement") and f"{prefix}.fact" not in fields.values:
        basis = "flow" if fact in FACTS and FACTS[fact].interval is None else "stock"
        return fields.plus({f"{prefix}.fact": [fact], f"{prefix}.basis": [basis]})
    return fields


def _without_strangers(fields: Fields, prefix: str) -> Fields:
    own = fields.get(f"{prefix}.fact")
    of = fields.get(f"{prefix}.of.fact")
    for name in ("entered", "reached", "per", "amount", "dated_by"):
        fields = _known(fields, f"{prefix}.{name}", own)
    for name, fact in (("where", own), ("reached_where", own), ("plus", of), ("minus", of)):
        fields = _where(fields, f"{prefix}.{name}", fact)
    for side in SIDES:
        measure = f"{prefix}.{side}"
        aggregate = fields.get(f"{measure}.aggregate")
        fact = {"observed": "observations", "target": "targets"}.get(aggregate, fields.get(f"{measure}.fact"))
        for name in ("column", "start", "end", "dated_by", "per", "having_column", "each"):
            fields = _known(fields, f"{measure}.{name}", fact)
        fields = _where(fields, f"{measure}.where", fact)
    return fields


def _known(fields: Fields, name: str, fact: str) -> Fields:
    value = fields.get(name)
    if not value or value.startswith("@") or fact not in FACTS or FACTS[fact].column(value) is not None:
        return fields
    return fields.plus({name: [""]})


def _where(fields: Fields, prefix: str, fact: str) -> Fields:
    for row in fields.rows(prefix):
        path = fields.get(f"{row}.column")
        if not path:
            continue
        column = column_at(FACTS[fact], path) if fact in FACTS else None
        if column is None:
            fields = fields.plus({f"{row}.column": [""], f"{row}.value": []})
        elif column.type == "choice":
            kept = [value for value in fields.all(f"{row}.value") if value in column.values]
            fields = fields.plus({f"{row}.value": kept})
    return fields


def _units(fields: Fields, kind: str) -> tuple[str, ...]:
    """The units that a way of computing can have, the likeliest first; none where any will do."""
    if kind == "cohort":
        return ("percent", "ratio")
    if kind == "score":
        return ("score",)
    if kind == "members":
        return ("percent", "ratio") if fields.get("body.share_test") else ()
    if kind == "change":
        return ("percent",) if fields.get("body.shown_as") != "amount" else ()
    if kind == "ratio":
        return ("percent", "ratio", "money", "days", "hours", "score")
    if kind == "value":
        aggregate, column = fields.get("body.of.aggregate"), fields.get("body.of.column")
        if aggregate in FIXED:
            return (FIXED[aggregate],)
        if column in ("@days", "@hours"):
            return (column[1:],)
        fact = FACTS.get(fields.get("body.of.fact"))
        found = fact.column(column) if fact is not None and column else None
        if found is not None and found.type == "money":
            return ("money",)
    return ()


def _facts(fields: Fields) -> set[str]:
    return {fields.get(name) for name in ("body.fact", "body.of.fact", "body.over.fact")} - {""}
