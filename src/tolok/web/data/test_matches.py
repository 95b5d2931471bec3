"""Names that look alike are one only when a person says so, and two again when the person takes it back."""

from __future__ import annotations

import pytest

from tolok import imports
from tolok.app import place
from tolok.app.models import AuditEntry, Job
from tolok.settings import create
from tolok.sources import mapping_file

DEALS = """Deal ID,Deal name,Account name,Owner,Stage,Amount,Created,Closed
1,D1,Acme Ltd,Ann,Won,10,2026-01-02,2026-02-03
2,D2,ACME  LTD,Ann,Won,20,2026-01-03,2026-02-04
3,D3,Acme Ltd,Bob,Won,30,2026-01-04,2026-02-05
4,D4,Other,Bob,Won,40,2026-01-15,2026-02-16
"""


@pytest.fixture
def own_workspace(company, people, tmp_path):
    before = place.folder()
    folder = tmp_path / "own"
    create(folder, name="Own", currency="EUR")
    (tmp_path / "deals.csv").write_text(DEALS)
    imports.run(folder, [tmp_path / "deals.csv"], source="crm")
    place.use(folder)
    yield folder
    place.use(before)


def pair(folder):
    found = [one for one in mapping_file.load(folder / "mappings" / "crm.toml").synonyms if one.fact == "accounts"]
    assert len(found) == 1
    return found[0]


def decided(client, folder, verdict, was="open", **other):
    one = pair(folder)
    given = {"source": "crm", "fact": "accounts", "written": one.written, "was": was, "verdict": verdict, **other}
    return client.post("/data/matches/decide/", given, follow=True)


def accounts():
    place.use(place.folder())
    return place.workspace().snapshot().coverage.facts["accounts"].rows


def test_a_confirmed_match_is_one_customer_from_the_next_import_on(own_workspace, signed_in, tmp_path):
    client = signed_in("analyst")
    page = client.get("/data/matches/").content.decode()
    assert "Acme Ltd" in page
    assert "ACME  LTD" in page
    assert "2 rows" in page
    assert "1 row<" in page
    assert accounts() == 3
    before = (own_workspace / "mappings" / "crm.toml").read_text()
    (own_workspace / "mappings" / "crm.toml").write_text(before + "\n# kept by hand\n")
    assert "next import" in decided(client, own_workspace, "confirmed").content.decode()
    assert pair(own_workspace).confirmed
    assert "# kept by hand" in (own_workspace / "mappings" / "crm.toml").read_text()
    assert AuditEntry.objects.get(action="match decided").details["after"] == "confirmed"
    imports.run(own_workspace, [tmp_path / "deals.csv"], source="crm")
    assert accounts() == 2
    decided(client, own_workspace, "open", was="confirmed")
    imports.run(own_workspace, [tmp_path / "deals.csv"], source="crm")
    assert accounts() == 3


def test_a_refused_match_is_not_proposed_again(own_workspace, signed_in, tmp_path):
    client = signed_in("administrator")
    assert any("ACME  LTD" in one.names for one in place.workspace().check())
    decided(client, own_workspace, "refused")
    imports.run(own_workspace, [tmp_path / "deals.csv"], source="crm")
    assert pair(own_workspace).refused
    assert not any("ACME  LTD" in one.names for one in place.workspace().check())
    assert accounts() == 3
    decided(client, own_workspace, "open", was="refused")
    assert "refused" not in (own_workspace / "mappings" / "crm.toml").read_text().split("[[synonym]]")[-1]


def test_who_comes_second_is_told(own_workspace, signed_in):
    decided(signed_in("administrator"), own_workspace, "refused")
    page = decided(signed_in("analyst"), own_workspace, "confirmed").content.decode()
    assert "Somebody else" in page
    assert pair(own_workspace).refused


def test_nothing_is_decided_while_an_import_runs(own_workspace, signed_in):
    Job.objects.create(kind="import", title="x", state=Job.State.RUNNING)
    assert "is running" in decided(signed_in("analyst"), own_workspace, "confirmed").content.decode()
    assert not pair(own_workspace).confirmed


@pytest.mark.parametrize(
    "forged",
    [
        {"source": "../tolok"},
        {"source": ""},
        {"source": "other"},
        {"fact": "deals"},
        {"written": "nobody"},
        {"written": "a\x00b"},
        {"verdict": "yes"},
    ],
)
def test_a_forged_pair_is_not_there(own_workspace, signed_in, forged):
    verdict = forged.pop("verdict", "confirmed")
    assert decided(signed_in("administrator"), own_workspace, verdict, **forged).status_code == 404


@pytest.mark.parametrize("who", ["rep", "manager", "director"])
def test_matches_are_decided_by_who_may_change_data(own_workspace, signed_in, who):
    client = signed_in(who)
    assert decided(client, own_workspace, "confirmed").status_code == 404
    page = client.get("/data/matches/")
    assert page.status_code == (200 if who == "director" else 404)
    assert b"They are one" not in page.content
