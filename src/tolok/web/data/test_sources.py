"""Sources are listed, tested, changed and removed by administrators; a password goes in and never comes out."""

from __future__ import annotations

import json
import sqlite3
import stat

import pytest

from tolok.app import place, work
from tolok.app.models import AuditEntry, Job
from tolok.imports.refresh import asked
from tolok.settings import Source, add_source, create, load, save
from tolok.settings.secrets import FILE

DEALS = "Deal ID,Deal name,Owner,Stage,Amount,Created,Closed\n" + "".join(
    f"{n},D{n},Ann,Won,{n * 10},2026-01-{n:02},2026-02-{n:02}\n" for n in range(1, 21)
)
PASSWORD = "r@hasia/se:kali?"  # noqa: S105 - of a database that does not exist
POSTGRES = "postgresql://ana@127.0.0.1:9/sales"


@pytest.fixture
def folder(company, people, tmp_path):
    before = place.folder()
    create(tmp_path / "own", name="Own", currency="EUR")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "deals.csv").write_text(DEALS)
    with sqlite3.connect(tmp_path / "exports" / "shop.db") as shop:
        shop.execute("CREATE TABLE deals (id, name, amount, created_on, closed_on, status)")
        shop.executemany(
            "INSERT INTO deals VALUES (?, ?, ?, '2026-01-02', '2026-02-02', 'won')", [(n, f"D{n}", n) for n in range(9)]
        )
        shop.execute("CREATE TABLE secrets (word)")
    save(tmp_path / "own" / "tolok.toml", {"import_folders": [str(tmp_path / "exports")]})
    place.use(tmp_path / "own")
    yield tmp_path / "own"
    place.use(before)


def listed(folder):
    return {source.name: source for source in load(folder).sources}


def added(client, **fields):
    return client.post("/data/sources/new/", {"name": "crm", **fields}, follow=True)


def everything(folder):
    """All that is written anywhere in the workspace, and in the rows of the app, but the file of secrets."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != FILE]
    rows = json.dumps(
        [*AuditEntry.objects.values("subject", "details"), *Job.objects.values("title", "arguments", "result", "error")]
    )
    return b"".join(path.read_bytes() for path in files).decode("latin-1") + rows


def test_a_folder_is_added_tested_scheduled_and_refreshed(folder, signed_in, tmp_path):
    client = signed_in("administrator")
    assert "Add a source" in client.get("/data/").content.decode()
    page = added(client, path=str(tmp_path / "exports" / "deals.csv"), schedule="daily", at="05:15").content.decode()
    assert "crm is kept" in page
    assert listed(folder)["crm"].schedule == "daily 05:15"
    assert 'value="05:15"' in page
    client.post("/data/source/crm/", {"path": str(tmp_path / "exports"), "schedule": "hourly", "complete": "on"})
    assert listed(folder)["crm"] == Source("crm", path=str(tmp_path / "exports"), schedule="hourly", complete=True)
    assert "deals.csv" in client.post("/data/source/crm/test/").content.decode()
    client.post("/data/refresh/", {"source": "crm"})
    job = Job.objects.get()
    job.result = work._run(folder, job, lambda progress: None)
    assert job.result["sources"][0]["imported"] >= 20
    assert [one.action for one in AuditEntry.objects.order_by("pk")][:2] == ["source added", "source changed"]


def test_a_table_of_a_database_is_shown_with_its_first_rows(folder, signed_in, tmp_path):
    client = signed_in("administrator")
    added(client, path=str(tmp_path / "exports" / "shop.db"), query="deals")
    page = client.post("/data/source/crm/test/").content.decode()
    assert "deals, secrets" in page
    assert page.count("2026-02-02") == 5
    client.post(
        "/data/source/crm/",
        {"path": str(tmp_path / "exports" / "shop.db"), "query": "select name\nfrom deals\nwhere amount > 6"},
    )
    assert listed(folder)["crm"].query == "select name from deals where amount > 6"
    page = client.post("/data/source/crm/test/").content.decode()
    assert ">D7<" in page
    assert ">D6<" not in page
    client.post("/data/source/crm/", {"path": str(tmp_path / "exports" / "shop.db"), "query": "orders"})
    assert "has no table" in client.post("/data/source/crm/test/").content.decode()


@pytest.mark.parametrize(
    "query", ["delete from deals", "select 1; drop table deals", "create table x (a int)", "select ) from"]
)
def test_a_query_that_does_more_than_read_is_refused(folder, signed_in, query):
    answer = added(signed_in("administrator"), url=POSTGRES, query=query)
    assert answer.status_code == 422
    assert "query" in answer.content.decode()
    assert not listed(folder)


def test_a_password_is_kept_and_never_shown(folder, signed_in):
    client = signed_in("administrator")
    page = added(client, url=POSTGRES, password=PASSWORD, schedule="hourly").content.decode()
    assert "One is kept" in page
    assert listed(folder)["crm"].url == "postgresql://ana:${TOLOK_CRM_PASSWORD}@127.0.0.1:9/sales"
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert asked(folder, listed(folder)["crm"])[0] == "postgresql://ana:r%40hasia%2Fse%3Akali%3F@127.0.0.1:9/sales"
    tested = client.post("/data/source/crm/test/").content.decode()
    assert "cannot be opened" in tested
    client.post("/data/refresh/", {"source": "crm"})
    job = Job.objects.get()
    job.result = work._run(folder, job, lambda progress: None)
    job.save()
    assert job.result["sources"][0]["error"]
    pages = (
        page
        + tested
        + "".join(client.get(one).content.decode() for one in ("/data/", "/data/source/crm/", f"/data/jobs/{job.pk}/"))
    )
    for written in (PASSWORD, "r%40hasia", "hasia"):
        assert written not in pages
        assert written not in everything(folder)
    client.post("/data/source/crm/", {"url": POSTGRES, "schedule": "weekly"})
    assert listed(folder)["crm"].schedule == "weekly"
    assert "hasia" in asked(folder, listed(folder)["crm"])[0]


def test_a_kept_password_goes_to_no_other_address(folder, signed_in):
    client = signed_in("administrator")
    added(client, url=POSTGRES, password=PASSWORD)
    answer = client.post("/data/source/crm/", {"url": "postgresql://ana@evil.example/sales"})
    assert answer.status_code == 422
    assert "enter the password" in answer.content.decode()
    assert "evil" not in listed(folder)["crm"].url


def test_a_password_that_somebody_wrote_into_the_file_is_not_shown(folder, signed_in):
    add_source(folder / "tolok.toml", Source("old", url="mysql://bob:geheim@db.example/shop"))
    client = signed_in("administrator")
    for address in ("/data/", "/data/source/old/", "/data/source/old/remove/"):
        assert "geheim" not in client.get(address).content.decode()
    client.post("/data/source/old/", {"url": "mysql://bob@db.example/shop", "schedule": "daily"})
    assert listed(folder)["old"].url == "mysql://bob:geheim@db.example/shop"
    assert "geheim" not in json.dumps(list(AuditEntry.objects.values("details")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "/etc"},
        {"path": "../../etc/passwd"},
        {"path": "${HOME}"},
        {"path": "exports/nothing"},
        {"path": "a\x00b"},
        {"url": "sqlite:////etc/passwd"},
        {"url": "postgresql://ana:open@host/sales"},
        {"url": "postgresql://${DB_USER}@host/sales"},
        {"url": "ftp://host/sales"},
        {"url": "not an address"},
        {"url": "postgresql://host/sales?sslrootcert=/etc/shadow&passfile=/etc/shadow"},
        {},
        {"url": POSTGRES, "path": "/etc"},
        {"url": POSTGRES, "name": "../evil"},
        {"url": POSTGRES, "name": "tolok"},
        {"url": POSTGRES, "schedule": "every 1 seconds"},
        {"url": "postgresql://db.example/sales", "password": "x"},
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(folder, signed_in, wrong):
    answer = added(signed_in("administrator"), **wrong)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not listed(folder)


def test_a_link_out_of_the_permitted_folder_leads_nowhere(folder, signed_in, tmp_path):
    (tmp_path / "exports" / "out").symlink_to("/etc")
    assert added(signed_in("administrator"), path=str(tmp_path / "exports" / "out")).status_code == 422


def test_two_sources_have_two_names(folder, signed_in, tmp_path):
    client = signed_in("administrator")
    added(client, path=str(tmp_path / "exports"))
    assert added(client, path=str(tmp_path / "exports")).status_code == 422


def test_a_removed_source_is_forgotten_with_its_password(folder, signed_in):
    client = signed_in("administrator")
    added(client, url=POSTGRES, password=PASSWORD)
    assert "refreshed no longer" in client.get("/data/source/crm/remove/").content.decode()
    assert listed(folder)
    client.post("/data/source/crm/remove/", {"sure": "yes"})
    assert not listed(folder)
    assert "hasia" not in (folder / FILE).read_text()
    assert client.get("/data/source/crm/").status_code == 404


@pytest.mark.parametrize("who", ["rep", "manager", "director", "analyst"])
def test_sources_are_changed_by_administrators_alone(folder, signed_in, who, tmp_path):
    add_source(folder / "tolok.toml", Source("old", path=str(tmp_path / "exports")))
    client = signed_in(who)
    for address in ("/data/sources/new/", "/data/source/old/", "/data/source/old/remove/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"name": "x", "path": str(tmp_path), "sure": "yes"}).status_code == 404
    assert client.post("/data/source/old/test/").status_code == 404
    assert listed(folder).keys() == {"old"}


@pytest.mark.parametrize("forged", ["nobody", "..", "a%2fb", "a%00b", "<script>"])
def test_a_forged_source_is_not_there(folder, signed_in, forged):
    client = signed_in("administrator")
    assert client.get(f"/data/source/{forged}/").status_code == 404
    assert client.post(f"/data/source/{forged}/test/").status_code == 404
