"""Forgetting is shown first, done only as it was shown, and leaves the figures alone."""

from __future__ import annotations

import re

from tolok.app import place
from tolok.app.models import AuditEntry


def test_a_person_is_forgotten_only_after_the_preview(signed_in, people, organisation, restored_facts):
    name = next(rep.name for rep in organisation.reps.values() if rep.id == people["stranger"].rep_id)
    before = next(iter(place.workspace().ask("won_amount").rows())).value
    browser = signed_in("administrator")
    data = {"person": people["stranger"].rep_id, "namesakes": "on"}
    shown = browser.post("/settings/keeping/forget/", data).content.decode()
    assert name in shown
    seen = re.search(r'name="seen" value="(\w+)"', shown).group(1)
    browser.post("/settings/keeping/forget/confirmed/", {**data, "seen": "x"})
    assert name in browser.get("/settings/teams/").content.decode()
    browser.post("/settings/keeping/forget/confirmed/", {**data, "seen": seen})
    assert name not in browser.get("/settings/teams/").content.decode()
    assert next(iter(place.workspace().ask("won_amount").rows())).value == before
    assert name not in str(AuditEntry.objects.get(action="person forgotten").__dict__)


def test_nobody_of_that_name_is_said_in_a_sentence(signed_in):
    answer = signed_in("administrator").post("/settings/keeping/forget/", {"person": "Nobody Whatsoever"})
    assert answer.status_code == 200
    assert b"errorlist" in answer.content


def test_only_an_administrator_forgets(signed_in, people):
    for who in ("director", "manager", "rep", "analyst"):
        for page in ("", "confirmed/"):
            answer = signed_in(who).post(f"/settings/keeping/forget/{page}", {"person": people["rep"].rep_id})
            assert answer.status_code == 404
