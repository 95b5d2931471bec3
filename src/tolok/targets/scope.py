"""The scope of a target: the company, or the part of it that some dimension values name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tolok.errors import QuestionError, nearest
from tolok.model import FACTS

COLUMNS: dict[str, str] = {
    "rep": "rep_id",
    "team": "team_id",
    "account": "account_id",
    "product": "product_id",
    "category": "category",
    "region": "region",
    "channel": "channel",
    "segment": "segment",
}
"""The dimensions that a scope may name, and the columns of the targets fact that hold them."""

assert all(FACTS["targets"].column(column) for column in COLUMNS.values())


@dataclass(frozen=True, order=True)
class Scope:
    """Dimension values, one per dimension, sorted; none of them is the whole company.

    >>> Scope.of({"team": "crm:T-1", "product": "crm:P-9"})["team"]
    'crm:T-1'
    >>> Scope.of({}).is_company, str(Scope.of({"rep": "crm:r1"}))
    (True, 'rep=crm:r1')
    """

    members: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, members: Mapping[str, str] | Iterable[tuple[str, str]]) -> Scope:
        """A scope of dimension values; refused where a dimension cannot be one."""
        given = dict(members)
        for name, value in given.items():
            if name not in COLUMNS:
                raise QuestionError(f"A target cannot be set by {name!r}.", next_step=nearest(name, COLUMNS))
            if not value:
                raise QuestionError(f"The target names no {name}.", next_step=f"Choose one, or leave {name} out.")
        return cls(tuple(sorted(given.items())))

    def __getitem__(self, dimension: str) -> str:
        return dict(self.members)[dimension]

    def get(self, dimension: str) -> str | None:
        """The value of a dimension, or None where the scope does not name it."""
        return dict(self.members).get(dimension)

    @property
    def is_company(self) -> bool:
        """Whether it is everything."""
        return not self.members

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that it names."""
        return tuple(name for name, _ in self.members)

    def within(self, other: Scope) -> bool:
        """Whether it names all that another scope names, and so lies inside it by its own words."""
        return set(other.members) <= set(self.members)

    def __str__(self) -> str:
        return ", ".join(f"{name}={value}" for name, value in self.members) or "company"


COMPANY = Scope()
