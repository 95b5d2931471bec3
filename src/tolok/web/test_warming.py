"""What people open first was asked before they do."""

from __future__ import annotations

import threading

import pytest

from tolok.query import run
from tolok.web import warming


@pytest.fixture
def seen(signed_in):
    """Everybody has been here."""
    for who in ("director", "manager", "rep", "administrator"):
        assert signed_in(who).get("/scorecard/").status_code == 200


@pytest.fixture
def questions(monkeypatch):
    """The questions that had to be answered, as they are asked."""
    asked = []
    plainly = run.ask

    def counting(engine, catalogue, question, setting):
        asked.append(question)
        return plainly(engine, catalogue, question, setting)

    monkeypatch.setattr("tolok.workspace.ask", counting)
    return asked


def test_pages_find_their_figures_answered(seen, signed_in, questions):
    from tolok.app import place

    place.use(place.folder())  # as after a start: nothing is remembered
    assert warming.warm() == 3  # the director and the administrator see the same
    assert questions
    questions.clear()
    for who in ("director", "manager", "rep", "administrator"):
        assert signed_in(who).get("/scorecard/").status_code == 200
    assert questions == []


def test_nobody_is_asked_for_who_was_never_here(company, people, questions):
    assert warming.warm() == 0
    assert questions == []


def test_it_stops_when_told(seen, questions):
    stop = threading.Event()
    stop.set()
    assert warming.warm(stop) == 0


def test_a_locked_out_person_is_left_out(seen, people, questions):
    for who in ("director", "administrator", "rep"):
        people[who].is_active = False
        people[who].save()
    assert warming.warm() == 1
