"""Two snapshots are compared as a whole: rows that came, differ and went, and what became of the central figures."""

from __future__ import annotations

import re

import pytest

from tolok import imports
from tolok.app import place
from tolok.settings import create

HEAD = "Deal ID,Deal name,Owner,Stage,Amount,Created,Closed\n"
FIRST = [f"{n},D{n},Ann,Won,{n * 10},2026-0{1 + n % 2}-02,2026-0{2 + n % 2}-03" for n in range(1, 11)]


@pytest.fixture
def folder(company, people, tmp_path):
    before = place.folder()
    create(tmp_path / "own", name="Own", currency="EUR")
    place.use(tmp_path / "own")
    yield tmp_path / "own"
    place.use(before)


@pytest.fixture
def twice(folder, tmp_path):
    """Ten won deals; then one is worth 100 more, two came and one is gone."""
    write(folder, tmp_path, FIRST)
    changed = [*FIRST[1:], "11,D11,Ann,Won,5,2026-01-02,2026-02-20", "12,D12,Ann,Won,7,2026-01-02,2026-02-21"]
    changed[0] = changed[0].replace(",20,", ",120,")
    write(folder, tmp_path, changed)
    return folder


def write(folder, tmp_path, rows):
    (tmp_path / "deals.csv").write_text(HEAD + "\n".join(rows) + "\n")
    imports.run(folder, [tmp_path / "deals.csv"], source="crm", complete=True)
    place.use(folder)


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_rows_and_figures_of_both_are_told(twice, signed_in):
    answer = signed_in("director").get("/data/compare/")
    page = text(answer)
    assert "Deals 10 11 2 1 1" in page
    assert "Revenue €550 €652 + €102" in page
    assert "The same in both: Sales reps, Stages" in page
    assert "Deals won 10 11 + 1 ↑ up 10.0%" in page
    assert "/kpi/revenue/?since=000001" in answer.content.decode()
    months = page.split("Revenue €550")[1].split("Deals won")[0]
    assert "differs in 2 months" in months
    assert "March 2026 €250 €240 -€10.0 ↓ down 4.0%" in months  # 10 + 30 + 50 + 70 + 90, of which the 10 went
    assert "February 2026 €300 €412" in months  # 20 + 40 + 60 + 80 + 100, then 100 more and 5 and 7
    assert "/data/compare/" in signed_in("director").get("/data/").content.decode()


def test_any_two_are_compared_in_either_direction(twice, signed_in):
    client = signed_in("analyst")
    page = text(client.get("/data/compare/?from=000002&to=000001"))
    assert "Deals 11 10 1 1 2" in page
    assert "Revenue €652 €550" in page
    assert "?since=" not in client.get("/data/compare/?from=000002&to=000001").content.decode()
    assert "one and the same" in text(client.get("/data/compare/?from=000001&to=000001"))


def test_one_snapshot_has_nothing_to_compare_with(folder, tmp_path, signed_in):
    assert "nothing to compare yet" in text(signed_in("analyst").get("/data/compare/"))
    write(folder, tmp_path, FIRST)
    assert "nothing to compare yet" in text(signed_in("analyst").get("/data/compare/"))


@pytest.mark.parametrize("forged", ["from=nobody", "to=../000001", "from=000001&to=%00", "from=000099"])
def test_a_forged_snapshot_is_not_there(twice, signed_in, forged):
    assert signed_in("administrator").get(f"/data/compare/?{forged}").status_code == 404


@pytest.mark.parametrize("who", ["rep", "manager", "stranger"])
def test_it_is_not_there_for_others(twice, signed_in, who):
    assert signed_in(who).get("/data/compare/").status_code == 404


def test_it_is_said_in_indonesian(twice, signed_in):
    client = signed_in("director")
    client.cookies["tolok_language"] = "id"
    page = text(client.get("/data/compare/"))
    assert "Bandingkan dua potret" in page
    assert "Peluang 10 11 2 1 1" in page
