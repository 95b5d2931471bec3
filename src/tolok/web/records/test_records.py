"""The page of a record shows what it says to who may see it, and is not there for anybody else."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

import pytest

from tolok.app import place
from tolok.app.access import access_of
from tolok.query.browse import Listing
from tolok.query.question import Viewer
from tolok.web.records.kinds import KINDS
from tolok.web.records.links import address

OWNED = ("accounts", "leads", "orders", "activities", "tickets", "subscriptions")


def ids(fact: str, viewer: Viewer | None = None) -> set[str]:
    listing = Listing(fact, (), (), (), (), (), 100_000, 0, viewer or Viewer())
    return {item.id for item in place.workspace().browse(listing).records}


def told(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>|\s+", " ", page))


@pytest.mark.parametrize("fact", OWNED)
def test_a_record_is_there_for_who_may_see_it_alone(signed_in, people, fact):
    everything, own = ids(fact), ids(fact, access_of(people["rep"]).viewer)
    foreign = sorted(everything - own)
    assert foreign
    rep, director = signed_in("rep"), signed_in("director")
    for one in sorted(own)[:2]:
        assert rep.get(address(fact, one)).status_code == 200
    for one in foreign[:3]:
        assert rep.get(address(fact, one)).status_code == 404
        assert director.get(address(fact, one)).status_code == 200


@pytest.mark.parametrize("fact", [fact for fact in KINDS if fact not in OWNED])
def test_what_nobody_owns_is_for_who_sees_all(signed_in, fact):
    for one in sorted(ids(fact))[:2]:
        assert signed_in("director").get(address(fact, one)).status_code == 200
        if fact != "targets":
            assert signed_in("rep").get(address(fact, one)).status_code == 404


@pytest.mark.parametrize("fact", ["answers", "contacts", "memberships", "stages", "nothing", "deal_states"])
def test_other_rows_have_no_page(signed_in, fact):
    director = signed_in("director")
    for one in ("demo:1", "demo:A-00001", "x", "%00", "../../etc/passwd"):
        assert director.get(f"/records/{fact}/{quote(one)}/").status_code == 404


@pytest.mark.parametrize(
    "forged", ["", "demo:none", "' OR 1=1 --", "demo:A-00001' --", "x" * 3000, "\x00", "é/../é", "1;"]
)
def test_a_forged_id_is_not_there(signed_in, forged):
    assert signed_in("rep").get(f"/records/accounts/{quote(forged, safe='')}/").status_code == 404


def test_deals_and_reps_have_their_own_pages(signed_in, people):
    deal = sorted(ids("deals"))[0]
    answer = signed_in("director").get(f"/records/deals/{deal}/")
    assert answer.headers["Location"] == address("deals", deal)
    rep = people["rep"].rep_id
    assert signed_in("director").get(f"/records/reps/{rep}/").headers["Location"] == address("reps", rep)
    stranger = people["stranger"].rep_id
    assert signed_in("rep").get(f"/records/reps/{stranger}/").status_code == 404


def test_a_customer_shows_what_belongs_to_it_and_where_it_came_from(signed_in, people, company):
    workspace = place.workspace()
    lines = workspace.browse(Listing("orders", ("account_id",), limit=2000)).records
    account = next(one.get("account_id") for one in lines if one.get("account_id"))
    bought = sum(one.get("account_id") == account for one in lines)
    page = signed_in("director").get(address("accounts", account)).content.decode()
    found = workspace.record("accounts", account)
    assert f"<h1>{found.get('name')}" in html.unescape(page)
    assert found.get("city") in told(page)
    counted = int(re.search(r'id="orders".*?class="small muted">([\d.,]+)<', page, re.S).group(1).replace(",", ""))
    assert counted >= min(bought, 2000)
    line = int(re.search(r"accounts\.csv, line (\d+)", told(page)).group(1))
    source_id = found.get("source_id")
    files = [path.read_text().splitlines() for path in (company / "imports" / "files").glob("*.csv")]
    assert any(len(text) >= line and text[line - 1].startswith(f"{source_id},") for text in files)
    own = sorted(ids("accounts", access_of(people["rep"]).viewer))[0]
    plain = told(signed_in("rep").get(address("accounts", own)).content.decode())
    assert "accounts.csv" not in plain, "files are for who brings data in"


def test_a_line_shows_its_document_and_no_line_of_another(signed_in):
    workspace = place.workspace()
    lines = workspace.browse(Listing("orders", ("document", "product_id"), limit=300)).records
    document = next(
        one.get("document") for one in lines if sum(other.get("document") == one.get("document") for other in lines) > 1
    )
    own = [one for one in lines if one.get("document") == document]
    page = signed_in("director").get(address("orders", own[0].id)).content.decode()
    table = page[page.index('id="orders"') :].split("</table>")[0]
    assert table.count("<tr>") == 1 + len(own)
    for one in own[1:]:
        assert address("orders", one.id) in table
    assert address("orders", own[0].id) not in table


@pytest.mark.parametrize("kpi", ["deals_won", "revenue", "calls", "new_leads", "open_pipeline", "new_customers"])
@pytest.mark.parametrize("who", ["director", "manager", "rep"])
def test_every_row_behind_a_figure_leads_to_its_record(signed_in, kpi, who):
    browser = signed_in(who)
    page = browser.get(f"/kpi/{kpi}/rows/?period=year").content.decode()
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    links = re.findall(r'<tr><td[^>]*><a href="([^"]+)"', table)
    if who == "director":
        assert len(links) == table.count("<tr>")
    for link in links[:3]:
        assert browser.get(html.unescape(link)).status_code == 200


def test_it_is_indonesian_for_who_chose_it(signed_in, people):
    people["director"].language = "id"
    people["director"].save()
    page = told(signed_in("director").get(address("accounts", sorted(ids("accounts"))[0])).content.decode())
    assert "Pelanggan" in page
    assert "Asalnya" in page
    assert "Owner" not in page
