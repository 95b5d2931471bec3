"""What a number can be broken down by, and the path from each fact to it.

A path is a chain of references ending in a column: ``account_id.industry`` is the industry of the row's account.
``owner_id@memberships.team_id`` is dated: the team that the owner belonged to at the row's date. Candidates are tried
in order, and the first whose column exists in the fact and holds data in the snapshot is taken; the answer says which.
"""

from __future__ import annotations

from dataclasses import dataclass

from tolok.model import FACTS


@dataclass(frozen=True)
class Dimension:
    """One dimension: its name, what it means, and the candidate paths, best first."""

    name: str
    meaning: str
    candidates: tuple[str, ...]


def _own_or(column: str, *references: str) -> tuple[str, ...]:
    return (column, *(f"{reference}.{column}" for reference in references))


DIMENSIONS: dict[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        Dimension("rep", "Who owned the row at its date", ("owner_id", "rep_id", "deal_id.owner_id")),
        Dimension(
            "team",
            "The owner's team at the row's date; a condition on a team holds for those below it as well",
            (
                "owner_id@memberships.team_id",
                "rep_id@memberships.team_id",
                "team_id",
                "owner_id.team_id",
                "rep_id.team_id",
            ),
        ),
        Dimension(
            "manager",
            "The owner's manager at the row's date",
            (
                "owner_id@memberships.manager_id",
                "rep_id@memberships.manager_id",
                "owner_id.manager_id",
                "rep_id.manager_id",
                "manager_id",
            ),
        ),
        Dimension("product", "The product", ("product_id", "deal_id.product_id")),
        Dimension(
            "category",
            "The product's category",
            ("category", "product_id.category", "deal_id.product_id.category"),
        ),
        Dimension("account", "The customer", ("account_id", "deal_id.account_id", "lead_id.account_id")),
        Dimension("segment", "Segment of the row or of its account", _own_or("segment", "account_id")),
        Dimension("industry", "Industry of the row or of its account", _own_or("industry", "account_id")),
        Dimension(
            "region",
            "Region of the row, else of its account, else of its owner",
            ("region", "account_id.region", "owner_id.region", "rep_id.region", "team_id.region"),
        ),
        Dimension("country", "Country of the row or of its account", _own_or("country", "account_id")),
        Dimension("city", "City of the account", _own_or("city", "account_id")),
        Dimension("channel", "Sales channel of the row or of its account", _own_or("channel", "account_id")),
        Dimension(
            "source",
            "Where the lead came from",
            ("lead_source", "lead_id.lead_source", "deal_id.lead_source"),
        ),
        Dimension("campaign", "Campaign", ("campaign", "deal_id.campaign")),
        Dimension("stage", "Stage of the pipeline", ("stage_id",)),
        Dimension("pipeline", "Pipeline", ("pipeline_id", "deal_id.pipeline_id")),
        Dimension("status", "Outcome or state", ("status",)),
        Dimension("kind", "Kind of the row", ("kind",)),
        Dimension("business", "New, existing, renewal, upsell or cross-sell", ("business", "type")),
        Dimension("quality", "Good or bad lead", ("quality",)),
        Dimension("loss_reason", "Why deals were lost", ("loss_reason",)),
        Dimension("competitor", "Main competitor", ("competitor",)),
        Dimension("priority", "Priority of the request", ("priority",)),
        Dimension("survey", "Survey", ("survey",)),
        Dimension("series", "Series of observations", ("series",)),
        Dimension("currency", "Currency of the row", ("currency",)),
        Dimension("connection", "The source that the row came from", ("source",)),
    )
}


def paths(dimension: str, fact: str) -> tuple[str, ...]:
    """The candidate paths of a dimension whose columns the fact has, in order; empty where it has no way there.

    A name with a dot is a path of its own: ``account.industry`` stands for ``account_id.industry``.

    >>> paths("industry", "deals")
    ('account_id.industry',)
    >>> paths("loss_reason", "orders")
    ()
    """
    if "." in dimension:
        head, rest = dimension.split(".", 1)
        spelled = (f"{head}_id.{rest}", f"owner_id.{rest}" if head == "rep" else "")
        return tuple(path for path in spelled if path and exists(fact, path))
    known = DIMENSIONS.get(dimension)
    return tuple(path for path in known.candidates if exists(fact, path)) if known else ()


def exists(fact: str, path: str) -> bool:
    """Whether every step of a path is a column of the fact that the step before leads to."""
    here = FACTS[fact]
    steps = path.split(".")
    for position, step in enumerate(steps):
        name, _, through = step.partition("@")
        column = here.column(name)
        if column is None:
            return False
        if position < len(steps) - 1:
            target = through or column.to
            if target not in FACTS:
                return False
            here = FACTS[target]
    return True
