"""The API answers what the command line answers, of what the token's person may see, and refuses in a sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tolok.app import place
from tolok.app.models import Token


@pytest.fixture
def ask(people):
    """Asks in somebody's name: ``ask("rep", "/answer?kpi=revenue")``."""

    def asked(who: str, address: str):
        _, secret = Token.make(people[who], "test")
        return Client().get(f"/api/v1{address}", headers={"authorization": f"Bearer {secret}"})

    return asked


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("kpi=revenue", ["revenue"]),
        (
            "kpi=win_rate&kpi=revenue&by=rep&grain=quarter&compare=previous",
            ["win_rate", "revenue", "--by", "rep", "--grain", "quarter", "--compare", "previous"],
        ),
        ("kpi=deals_won&where=region!=Sumatera&rolling=90d&grain=month", [
            "deals_won", "--where", "region!=Sumatera", "--rolling", "90d", "--grain", "month",
        ]),
    ],
)  # fmt: skip
def test_an_answer_is_that_of_the_command_line(ask, address, words):
    line = [sys.executable, "-m", "tolok", "kpi", *words, "-w", str(place.folder()), "--format", "json"]
    printed = subprocess.run(line, check=True, capture_output=True, text=True).stdout
    found = ask("director", f"/answer?{address}&limit=10000").json()
    assert {key: found[key] for key in found if key not in ("total", "offset")} == json.loads(printed)
    assert found["total"] == len(found["rows"])


def test_pages_put_together_are_the_whole(ask):
    whole = ask("director", "/answer?kpi=revenue&by=account&limit=10000").json()
    pages = [ask("director", f"/answer?kpi=revenue&by=account&limit=100&offset={n}").json() for n in (0, 100, 200)]
    assert whole["total"] > 200
    assert [row for page in pages for row in page["rows"]] == whole["rows"][:300]
    sides = ask("director", "/rows?kpi=deals_won&limit=10").json()["sides"][0]
    more = ask("director", "/rows?kpi=deals_won&limit=5&offset=5").json()["sides"][0]
    assert more["rows"] == sides["rows"][5:]


def test_a_rep_is_answered_of_their_own_rows(ask, people):
    own = people["rep"].rep_id
    whole = ask("director", "/answer?kpi=revenue&by=rep").json()
    found = ask("rep", "/answer?kpi=revenue&by=rep").json()
    assert {row["rep_id"] for row in found["rows"] if row["count"]} == {own}
    assert len(whole["rows"]) > 5
    rows = ask("rep", "/rows?kpi=deals_won&limit=10000").json()["sides"][0]["rows"]
    assert rows
    assert all(own in (row.get("owner_id"), row.get("owner_at_close_id")) for row in rows)
    foreign = ask("rep", f"/answer?kpi=revenue&where=rep={people['stranger'].rep_id}").json()
    assert [row["value"] for row in foreign["rows"] if row["value"]] == []


def test_without_a_good_token_there_is_nothing(people, client):
    token, secret = Token.make(people["rep"], "test")
    header = {"authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/kpis", headers=header).status_code == 200
    for wrong in ({}, {"authorization": "Bearer tolok_guess"}, {"authorization": f"Basic {secret}"}):
        assert Client().get("/api/v1/kpis", headers=wrong).status_code == 401
    Token.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get("/api/v1/kpis", headers=header).status_code == 401
    _, second = Token.make(people["rep"], "other")
    people["rep"].is_active = False
    people["rep"].save()
    assert client.get("/api/v1/kpis", headers={"authorization": f"Bearer {second}"}).status_code == 401


def test_a_session_is_no_token(signed_in):
    assert signed_in("director").get("/api/v1/kpis").status_code == 401


def test_the_secret_is_not_kept(people):
    token, secret = Token.make(people["rep"], "test")
    assert secret not in json.dumps({field.name: str(getattr(token, field.name)) for field in Token._meta.fields})


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/answer?kpi=win_rat", 400, "Did you mean win_rate?"),
        ("/answer?kpi=revenue&by=colour", 400, ""),
        ("/answer?kpi=revenue&where=colour", 400, "region=West"),
        ("/answer?kpi=revenue&grain=decade", 400, ""),
        ("/answer?kpi=revenue&start=2026-12-01&end=2026-01-01", 400, ""),
        ("/answer?kpi=revenue&start=soon", 422, ""),
        ("/answer?kpi=revenue&limit=0", 400, "limit must be"),
        ("/answer?kpi=revenue&as_of=1999-01-01", 400, ""),
        ("/answer", 422, ""),
        ("/kpis/nothing", 404, "no such KPI"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(ask, address, status, says):
    answer = ask("analyst", address)
    assert answer.status_code == status
    assert says in answer.content.decode()


def test_nobody_ends_the_token_of_another(signed_in, people):
    token, _ = Token.make(people["director"], "theirs")
    assert signed_in("rep").post(f"/tokens/{token.pk}/end/").status_code == 404
    assert Token.objects.filter(pk=token.pk).exists()
    own = signed_in("rep")
    page = own.post("/tokens/", {"name": "sheet"}).content.decode()
    assert "tolok_" in page
    assert "tolok_" not in own.get("/tokens/").content.decode().replace("tolok_csrf", "")
    assert own.post(f"/tokens/{Token.objects.get(name='sheet').pk}/end/").status_code == 302
    assert not Token.objects.filter(name="sheet").exists()


def test_any_request_that_the_description_allows_is_answered_as_it_says(people):
    import schemathesis
    from django.core.wsgi import get_wsgi_application
    from hypothesis import HealthCheck, given, settings

    _, secret = Token.make(people["manager"], "fuzz")
    header = {"Authorization": f"Bearer {secret}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), headers=header)
    answered = []
    for operation in schema.get_all_operations():
        strategy = operation.ok().as_strategy()

        @given(case=strategy)
        @settings(
            max_examples=15, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        def trial(case) -> None:
            response = case.call(headers=header)
            assert response.status_code < 500, (case.as_curl_command(), response.text)
            answered.append(response.status_code)

        trial()
    assert len(answered) >= 30
