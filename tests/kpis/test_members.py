"""A KPI asked of each member of a dimension: how its file is read, written back and refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.query.own_kpis import HEAD

from tolok.errors import DefinitionError
from tolok.kpis.definition import Definition, Members
from tolok.kpis.load import catalogue, parse
from tolok.kpis.references import check
from tolok.kpis.written import dump


def read(body: str, unit: str = "percent") -> Definition:
    found = parse(HEAD.format(id="mine", unit=unit) + body, "mine")
    assert isinstance(found, Definition)
    return found


def test_what_is_written_back_is_read_again() -> None:
    for id_ in ("mean_attainment", "reps_at_quota"):
        definition = catalogue()[id_]
        again = parse(dump(definition), id_)
        assert isinstance(again, Definition)
        assert replace(again, file="") == replace(definition, file="")


@pytest.mark.parametrize(
    ("body", "unit", "said"),
    [
        ('of = "win_rate"\nper = "rap"', "percent", "Did you mean rep"),
        ('of = "win_rate"\nper = "rep"\nshare = { at_least = 1, below = 2 }', "percent", "needs one limit"),
        ('of = "win_rate"\nper = "rep"\nshare = { is = 1 }', "percent", "Unknown key 'is'"),
        ('of = "win_rate"\nper = "rep"\nshare = { at_least = 50 }', "money", "a share gives a percent"),
        ('of = "win_rate"', "percent", "per"),
    ],
)
def test_a_wrong_one_is_refused(body: str, unit: str, said: str) -> None:
    with pytest.raises(DefinitionError) as refusal:
        read(f"[members]\n{body}", unit)
    assert said in str(refusal.value)


def test_it_names_a_kpi_that_exists_and_never_one_of_members() -> None:
    definition = read('[members]\nof = "win_rat"\nper = "rep"')
    with pytest.raises(DefinitionError, match="does not exist"):
        check({**catalogue(), "mine": definition})
    between = replace(read('[arithmetic]\nexpression = "mean_attainment / 2"'), id="half")
    twice = replace(definition, body=Members("half", "team"))
    with pytest.raises(DefinitionError, match="itself rests on mean_attainment"):
        check({**catalogue(), "half": between, "mine": twice})
