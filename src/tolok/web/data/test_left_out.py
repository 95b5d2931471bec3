"""Rejected rows are read on a page: by reason, so many at a time, and only by who may."""

from __future__ import annotations

import csv

import pytest

from tolok.app import place
from tolok.settings import create


@pytest.fixture
def rejects(company, people, tmp_path):
    before = place.folder()
    folder = tmp_path / "own"
    create(folder, name="Own", currency="EUR")
    (folder / "imports" / "000001").mkdir(parents=True)
    with (folder / "imports" / "000001" / "rejects.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["file", "line", "column", "reason", "row"])
        for n in range(70):
            out.writerow(["deals.csv", n + 2, "Amount", f"“a{n}” is no number.", f"row<{n}>"])
        for n in range(3):
            out.writerow(["deals.csv", n + 900, "Closed", f"'x{n}' is no date.", "<script>alert(1)</script>"])
        out.writerow(["damaged"])
    place.use(folder)
    yield folder
    place.use(before)


def page(client, query=""):
    return client.get(f"/data/left-out/000001/{query}")


def test_rows_come_fifty_at_a_time(rejects, signed_in):
    client = signed_in("director")
    first, second = page(client).content.decode(), page(client, "?page=2").content.decode()
    assert "1 to 50 of 73" in first
    assert "51 to 73 of 73" in second
    assert "row&lt;0&gt;" in first
    assert "row&lt;50&gt;" in second
    assert "<script>alert(1)" not in second


def test_equal_faults_are_one_reason_to_choose(rejects, signed_in):
    client = signed_in("analyst")
    assert page(client).content.decode().count("<option") == 3
    found = page(client, "?reason=1").content.decode()
    assert found.count("is no date") >= 3
    assert "row&lt;" not in found


@pytest.mark.parametrize("query", ["?page=0", "?page=-1", "?page=99999999999", "?page=x", "?reason=99", "?reason=²"])
def test_a_forged_choice_shows_the_rows(rejects, signed_in, query):
    assert page(signed_in("analyst"), query).status_code == 200


@pytest.mark.parametrize("wrong", ["..", "000002", "files", "%2e%2e", "a%00b", "000001%2f..%2f000001"])
def test_a_forged_import_has_none(rejects, signed_in, wrong):
    assert signed_in("administrator").get(f"/data/left-out/{wrong}/").status_code == 404


@pytest.mark.parametrize("who", ["rep", "manager"])
def test_they_are_not_there_for_others(rejects, signed_in, who):
    assert page(signed_in(who)).status_code == 404
