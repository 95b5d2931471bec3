"""How a source is read is seen beside its samples and changed by who may, tried before it counts, and never by two at once."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tolok import imports
from tolok.app import place, work
from tolok.app.models import AuditEntry, Job
from tolok.settings import create
from tolok.sources import mapping_file

HEAD = "Deal ID,Deal name,Owner,Stage,Status,Amount,Created,Closed,Colour\n"
DEALS = HEAD + "".join(
    f"{n},D{n},Ann,{stage},{status},{n * 10},0{n % 9 + 1}/02/2026,1{n % 9}/03/2026,{colour}\n"
    for n in range(1, 31)
    for stage, status in [("Menang", "Won") if n % 2 else ("Kalah", "Lost")]
    for colour in ["red" if n % 3 else "blue"]
)
TABLE = "/data/mapping/crm/table/"


@pytest.fixture
def own_workspace(company, people, tmp_path):
    before = place.folder()
    create(tmp_path / "own", name="Own", currency="EUR")
    place.use(tmp_path / "own")
    yield tmp_path / "own"
    place.use(before)


@pytest.fixture
def imported(own_workspace, tmp_path):
    (tmp_path / "deals.csv").write_text(DEALS)
    imports.run(own_workspace, [tmp_path / "deals.csv"], source="crm")
    return own_workspace


def worked(folder):
    """The last job, done here as its process would."""
    job = Job.objects.order_by("-pk").first()
    job.result = work._run(folder, job, lambda progress: None)
    job.state = Job.State.DONE
    job.save()
    return job


def field(page: str, header: str) -> int:
    """The number of a column's row in the form."""
    found = re.search(rf'<strong>{header}</strong>.*?name="to-(\d+)"', page, re.DOTALL)
    assert found, header
    return int(found[1])


def opened(client, name="deals", fact="deals"):
    return client.get(TABLE, {"name": name, "fact": fact}).content.decode()


def sent(client, page, **changes):
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    given = {"seen": seen, "name": "deals", "fact": "deals"}
    given |= {f"to-{field(page, key)}" if key[0].isupper() else key: value for key, value in changes.items()}
    return client.post(TABLE, given, follow=True)


def column(folder, header):
    table = next(one for one in mapping_file.load(folder / "mappings" / "crm.toml").tables if not one.carried)
    return next(one for one in table.columns if one.header == header)


def test_each_column_shows_samples_and_why_it_was_taken_so(imported, signed_in):
    page = opened(signed_in("analyst"))
    assert "<span>10</span><span>20</span>" in page
    assert "“Amount” is a known heading" in page
    assert re.search(r"\d+% · “Closed”", page)
    assert "31/12/2026, day first" in page
    assert "keep beside, without a meaning" in page
    listed = signed_in("analyst").get("/data/mapping/crm/").content.decode()
    assert ">Deals<" in listed
    assert "8 / 9" in listed
    assert 'href="/data/mapping/crm/"' in signed_in("analyst").get("/data/").content.decode()


def test_a_changed_field_is_written_into_the_file_that_people_edit(imported, signed_in):
    path = imported / "mappings" / "crm.toml"
    path.write_text(path.read_text() + "\n# kept by hand\n")
    client = signed_in("analyst")
    answer = sent(client, opened(client), Created="qualified_on", Colour="segment")
    assert "Created: Created on → Qualified on" in answer.content.decode()
    assert (column(imported, "Created").to, column(imported, "Created").format) == ("qualified_on", "%d/%m/%Y")
    assert column(imported, "Colour").to == "segment"
    assert path.read_text().rstrip().endswith("# kept by hand")
    entry = AuditEntry.objects.get(action="mapping changed")
    assert entry.subject == "crm: deals"
    assert len(entry.details["changes"]) == 2


def test_how_dates_numbers_and_words_are_read_can_be_said(imported, signed_in):
    client = signed_in("administrator")
    page = opened(client)
    row = field(page, "Amount")
    sent(client, page, **{f"decimal-{row}": ","})
    assert column(imported, "Amount").decimal == ","
    page = opened(client)
    words = dict(re.findall(r'<label for="((?:word|rest)-\d+-?\d*)"><span class="as-written">(\w+)</span>', page))
    lost = next(name for name, word in words.items() if word == "Lost")
    rest = "rest-" + lost.split("-")[1]
    answer = sent(client, page, **{lost: "open", rest: "?"})
    assert "“Lost” = Open" in answer.content.decode()
    (status,) = (
        c for t in mapping_file.load(imported / "mappings" / "crm.toml").tables for c in t.columns if c.to == "status"
    )
    assert status.values["Lost"] == "open"


def test_two_columns_for_one_field_are_refused_and_nothing_is_kept(imported, signed_in):
    client = signed_in("analyst")
    before = (imported / "mappings" / "crm.toml").read_bytes()
    answer = sent(client, opened(client), Created="closed_on")
    assert answer.status_code == 422
    assert "is already taken from" in answer.content.decode()
    assert (imported / "mappings" / "crm.toml").read_bytes() == before


def test_a_date_that_does_not_parse_is_refused_with_the_cell(imported, signed_in):
    client = signed_in("analyst")
    page = opened(client)
    answer = sent(client, page, Owner="created_at")
    assert answer.status_code == 422
    assert "“Ann” is no date" in answer.content.decode()
    row = field(page, "Closed")
    answer = sent(client, page, **{f"form-{row}": "%m/%d/%Y"})
    assert answer.status_code == 422
    assert "cannot be read as “Closed on”" in answer.content.decode()
    assert column(imported, "Closed").format == "%d/%m/%Y"


def test_an_upload_is_edited_before_it_is_imported_and_tried_again(own_workspace, signed_in):
    client = signed_in("analyst")
    client.post("/data/upload/", {"files": SimpleUploadedFile("deals.csv", DEALS.encode()), "source": "crm"})
    seen = worked(own_workspace)
    page = client.get(f"/data/jobs/{seen.pk}/").content.decode()
    assert "/data/mapping/crm/table/?name=deals&amp;fact=deals" in page
    assert not (own_workspace / "mappings" / "crm.toml").exists()
    page = opened(client)
    sent(client, page, Amount="", Colour="region")
    assert column(own_workspace, "Amount").to == ""
    answer = client.post("/data/mapping/crm/try/")
    tried = worked(own_workspace)
    assert answer.headers["location"] == f"/data/jobs/{tried.pk}/"
    assert tried.result["files"][0]["imported"] == 30
    (page,) = [client.get(f"/data/jobs/{tried.pk}/").content.decode()]
    assert ">Region<" in page
    client.post(f"/data/jobs/{tried.pk}/import/")
    worked(own_workspace)
    place.use(own_workspace)
    with place.workspace().engine() as engine:
        import sqlglot

        got = engine.rows(sqlglot.parse_one("SELECT count(*), count(amount), count(region) FROM deals"))[1]
    assert [tuple(map(int, row)) for row in got] == [(30, 0, 30)]


def test_a_trial_counts_what_would_be_left_out(own_workspace, signed_in):
    client = signed_in("analyst")
    text = DEALS.replace(",50,", ",fifty,").replace(",70,", ",x,")
    client.post("/data/upload/", {"files": SimpleUploadedFile("deals.csv", text.encode()), "source": "crm"})
    job = worked(own_workspace)
    assert (job.result["rows"], job.result["imported"], job.result["rejected"]) == (30, 28, 2)
    page = client.get(f"/data/jobs/{job.pk}/").content.decode()
    assert "What would be left out" in page
    assert "fifty" in page
    bad = re.sub(r",\d+,(?=0)", ",??,", DEALS)
    client.post("/data/upload/", {"files": SimpleUploadedFile("deals.csv", bad.encode()), "source": "other"})
    (own_workspace / "mappings").mkdir(exist_ok=True)
    mapping = (own_workspace / "imports" / "looks" / "crm.toml").read_text().replace('"crm"', '"other"')
    (own_workspace / "mappings" / "other.toml").write_text(mapping)
    job = worked(own_workspace)
    assert "30 of 30 records" in job.result["refused"]
    assert not (own_workspace / "facts").exists() or not list((own_workspace / "facts").glob("*.json"))


def test_a_table_nobody_knew_is_given_a_meaning(own_workspace, signed_in):
    client = signed_in("analyst")
    odd = "Kunci,Merah\n" + "".join(f"K{n},Nama {n}\n" for n in range(20))
    files = [SimpleUploadedFile("deals.csv", DEALS.encode()), SimpleUploadedFile("aneh.csv", odd.encode())]
    client.post("/data/upload/", {"files": files, "source": "crm"})
    worked(own_workspace)
    assert "not recognised" in client.get("/data/mapping/crm/").content.decode()
    assert "Choose what it holds" in opened(client, "aneh", "")
    page = opened(client, "aneh", "products")
    assert "proposed, not saved" in page
    client_said = sent(client, page, Kunci="source_id", Merah="name", name="aneh", fact="products")
    assert "aneh is read as Products" in client_said.content.decode()
    client.post("/data/mapping/crm/try/")
    job = worked(own_workspace)
    assert {one["table"]: one["imported"] for one in job.result["files"]} == {"deals": 30, "products": 20}


def test_a_table_is_left_out_and_read_again(imported, signed_in):
    client = signed_in("analyst")
    page = client.get("/data/mapping/crm/").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    client.post("/data/mapping/crm/leave-out/", {"seen": seen, "name": "deals"})
    mapping = mapping_file.load(imported / "mappings" / "crm.toml")
    assert (mapping.tables, mapping.ignored) == ((), ("deals",))
    page = client.get("/data/mapping/crm/").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    client.post("/data/mapping/crm/leave-out/", {"seen": seen, "name": "deals", "again": "yes"})
    assert mapping_file.load(imported / "mappings" / "crm.toml").ignored == ()


def test_currency_zone_and_stages_of_a_source(imported, signed_in):
    client = signed_in("administrator")

    def given(**fields):
        page = client.get("/data/mapping/crm/").content.decode()
        fields["seen"] = re.search(r'name="seen" value="(\w+)"', page)[1]
        return client.post("/data/mapping/crm/whole/", fields, follow=True).content.decode()

    assert "Currency: EUR → IDR" in given(currency="idr", timezone="Asia/Jakarta")
    assert "no such time zone" in given(currency="IDR", timezone="Mars/Base")
    assert "three letters" in given(currency="Rupiah", timezone="UTC")
    stages = mapping_file.load(imported / "mappings" / "crm.toml").stages
    lost = next(n for n, one in enumerate(stages) if one.name == "Kalah")
    answer = given(**{"stages": "yes", f"position-{lost}": "7", f"outcome-{lost}": "open", f"chance-{lost}": "12.5"})
    assert "Kalah: " in answer
    after = mapping_file.load(imported / "mappings" / "crm.toml")
    assert (after.currency, after.timezone) == ("IDR", "Asia/Jakarta")
    assert [(s.position, s.outcome, s.probability) for s in after.stages if s.name == "Kalah"] == [(7, "open", 12.5)]
    assert "between 0 and 100" in given(**{"stages": "yes", f"chance-{lost}": "120"})
    assert "whole number" in given(**{"stages": "yes", f"position-{lost}": "-1"})


def test_who_comes_second_is_told(imported, signed_in):
    first, second = signed_in("administrator"), signed_in("analyst")
    page = opened(second)
    sent(first, opened(first), Colour="segment")
    answer = sent(second, page, Colour="region").content.decode()
    assert "Somebody else has changed this mapping" in answer
    assert column(imported, "Colour").to == "segment"


def test_a_mapping_that_cannot_be_read_says_its_line(imported, signed_in):
    (imported / "mappings" / "crm.toml").write_text('connection = "crm"\ntimezone = [')
    client = signed_in("analyst")
    assert "crm.toml" in client.get("/data/mapping/crm/").content.decode()
    assert client.get(TABLE, {"name": "deals", "fact": "deals"}).status_code == 404


@pytest.mark.parametrize("path", ["..", "..%2ftolok", "nobody", "CRM", "a%00b", "x" * 70])
def test_a_forged_source_is_not_there(imported, signed_in, path):
    assert signed_in("administrator").get(f"/data/mapping/{path}/").status_code == 404
    assert signed_in("administrator").post(f"/data/mapping/{path}/try/").status_code in (302, 404)
    assert not Job.objects.exists()


@pytest.mark.parametrize("forged", [{"name": "nothing"}, {"name": "deals", "fact": "sales"}, {"fact": "deals"}, {}])
def test_a_forged_table_or_fact_is_not_there_or_asks(imported, signed_in, forged):
    answer = signed_in("analyst").get(TABLE, forged)
    assert answer.status_code == (200 if forged.get("name") == "deals" else 404)


def test_forged_choices_change_nothing(imported, signed_in):
    client = signed_in("analyst")
    before = (imported / "mappings" / "crm.toml").read_bytes()
    page = opened(client)
    row = field(page, "Closed")
    forged = {f"to-{row}": "id", f"form-{row}": "'); DROP TABLE seen; --", "to-99": "amount", "word-0-0": "won"}
    assert sent(client, page, **forged).status_code == 200
    assert (imported / "mappings" / "crm.toml").read_bytes() == before


@pytest.mark.parametrize("who", ["rep", "manager", "director"])
def test_it_is_not_there_for_others(imported, signed_in, who):
    client = signed_in(who)
    for address in ("/data/mapping/crm/", f"{TABLE}?name=deals&fact=deals"):
        assert client.get(address).status_code == 404
    for address in ("try", "whole", "leave-out", "table"):
        assert client.post(f"/data/mapping/crm/{address}/", {"name": "deals"}).status_code == 404


def test_it_is_said_in_indonesian(imported, signed_in):
    client = signed_in("analyst")
    client.cookies["tolok_language"] = "id"
    page = opened(client)
    assert "31/12/2026, hari dahulu" in page
    assert "adalah judul kolom yang dikenal" in page
    assert "Nilai" in page
