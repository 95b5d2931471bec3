"""Versions of a target: what may become of them, and that approved ones stay as they are."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product

import pytest

from tolok.errors import QuestionError
from tolok.targets.scope import COMPANY, Scope
from tolok.targets.target import MOVES, STATES, Target, in_force, latest

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TARGET = Target("revenue", date(2027, 1, 1), date(2027, 1, 31), Decimal(100), author="dina", at=NOW)


@pytest.mark.parametrize(("before", "after"), list(product(STATES, STATES)))
def test_a_target_goes_only_where_it_may(before: str, after: str) -> None:
    here = Target("revenue", date(2027, 1, 1), date(2027, 1, 31), Decimal(1), state=before)  # type: ignore[arg-type]
    if after in MOVES[here.state]:
        there = here.moved(after, by="rudi", at=NOW, reason="too much")  # type: ignore[arg-type]
        assert (there.state, there.decided_by, there.value) == (after, "rudi", here.value)
    else:
        with pytest.raises(QuestionError):
            here.moved(after, by="rudi", at=NOW, reason="too much")  # type: ignore[arg-type]


def test_it_is_contested_with_a_reason() -> None:
    with pytest.raises(QuestionError, match="reason"):
        TARGET.moved("contested", by="rudi", at=NOW, reason="  ")


def test_an_approved_target_is_changed_by_a_new_version_with_a_reason() -> None:
    approved = TARGET.moved("approved", by="dina", at=NOW)
    with pytest.raises(FrozenInstanceError):
        approved.value = Decimal(1)  # type: ignore[misc]
    with pytest.raises(QuestionError, match="reason"):
        approved.revised(Decimal(120), by="dina", at=NOW)
    second = approved.revised(Decimal(120), by="dina", at=NOW, why="a new market")
    assert (second.version, second.state, second.why) == (2, "proposed", "a new market")
    assert in_force([approved, second]) == {approved.slot: approved}
    assert latest([approved, second]) == {approved.slot: second}
    again = second.moved("approved", by="dina", at=NOW)
    assert in_force([approved, again])[approved.slot].value == 120


def test_a_revision_that_changes_nothing_is_refused() -> None:
    with pytest.raises(QuestionError, match="is the one"):
        TARGET.revised(Decimal("100.00"), by="dina", at=NOW)


def test_a_scope_knows_its_dimensions_alone() -> None:
    with pytest.raises(QuestionError, match="region"):
        Scope.of({"regoin": "Jawa"})
    with pytest.raises(QuestionError, match="names no team"):
        Scope.of({"team": ""})
    both = Scope.of({"team": "t", "product": "p"})
    assert both == Scope.of({"product": "p", "team": "t"})
    assert both.within(Scope.of({"team": "t"}))
    assert both.within(COMPANY)
    assert not COMPANY.within(both)
