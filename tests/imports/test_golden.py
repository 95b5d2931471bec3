"""The shared data sets, imported as they are, give the figures that were published about them."""

from __future__ import annotations

from decimal import Decimal

import pytest

pytestmark = pytest.mark.data


def test_maven_gives_the_published_truth(shop, data):
    result = shop.take(data / "maven_crm")
    assert (result.rejected, result.rows, result.imported) == (0, 8927, 8927)
    assert dict(shop.ask("SELECT status, count(*) FROM deals GROUP BY 1")) == {"won": 4238, "lost": 2473, "open": 2089}
    assert dict(shop.ask("SELECT s.name, count(*) FROM deals d JOIN stages s ON s.id = d.stage_id GROUP BY 1")) == {
        "Won": 4238,
        "Lost": 2473,
        "Engaging": 1589,
        "Prospecting": 500,
    }
    assert shop.one("SELECT sum(amount) FROM deals WHERE status = 'won'") == Decimal("10005534")
    assert round(shop.one("SELECT avg(closed_on - created_on) FROM deals WHERE status = 'won'"), 2) == 51.78
    assert shop.one(
        "SELECT sum(amount) FROM sales s JOIN reps r ON r.id = s.owner_id WHERE r.name = 'Darcel Schlecht'"
    ) == Decimal("1153214")
    assert shop.one("SELECT count(*) FROM deals WHERE account_id IS NULL AND status = 'open'") == 1425
    assert shop.one("SELECT count(*) FROM accounts") == 85
    assert shop.one("SELECT count(*) FROM reps WHERE quota_carrying IS DISTINCT FROM false") == 35
    assert (
        shop.one(
            "SELECT count(*) FROM reps WHERE quota_carrying IS DISTINCT FROM false AND id NOT IN (SELECT owner_id FROM deals)"
        )
        == 5
    )
    assert shop.one("SELECT count(DISTINCT manager_id) FROM reps") == 6
    assert sorted(row[0] for row in shop.ask("SELECT DISTINCT region FROM reps WHERE region IS NOT NULL")) == [
        "Central",
        "East",
        "West",
    ]
    assert shop.one("SELECT count(*) FROM memberships m JOIN teams t ON t.id = m.team_id") == 35


def test_a_product_spelled_otherwise_stays_itself_and_is_proposed_as_a_synonym(shop, data):
    result = shop.take(data / "maven_crm")
    assert (
        shop.one("SELECT count(*) FROM deals d JOIN products p ON p.id = d.product_id WHERE p.name = 'GTXPro'") == 1480
    )
    proposed = [(s.fact, s.written, s.means, s.confirmed) for s in result.mapping.synonyms]
    assert ("products", "GTXPro", "GTX Pro", False) in proposed


def test_a_confirmed_synonym_merges_what_was_written_otherwise(shop, data):
    shop.take(data / "maven_crm")
    mapping = shop.folder / "mappings" / "maven_crm.toml"
    text = mapping.read_text()
    assert text.count("confirmed = false") == 1
    mapping.write_text(text.replace("confirmed = false", "confirmed = true"))
    shop.take(data / "maven_crm")
    assert shop.ask("SELECT count(*) FROM products WHERE name = 'GTXPro'") == [(0,)]
    assert (
        shop.one("SELECT count(*) FROM deals d JOIN products p ON p.id = d.product_id WHERE p.name = 'GTX Pro'") == 1480
    )


def test_what_deals_were_on_each_day_is_what_their_dates_prove(shop, data):
    shop.take(data / "maven_crm")
    on = "DATE '2017-06-30'"
    expected = shop.one(
        f"SELECT count(*) FROM deals WHERE created_on <= {on} AND (closed_on IS NULL OR closed_on > {on})"
    )
    held = f"from_on <= {on} AND (to_on IS NULL OR to_on > {on})"
    assert shop.one(f"SELECT count(*) FROM deal_states WHERE status = 'open' AND {held}") == expected
    assert (
        shop.one("SELECT count(*) FROM deal_states WHERE status = 'open' AND to_on IS NULL AND stage_id IS NOT NULL")
        == 2089
    )
    assert (
        shop.one("SELECT count(*) FROM (SELECT deal_id, from_on FROM deal_states GROUP BY ALL HAVING count(*) > 1)")
        == 0
    )
    assert str(shop.one("SELECT max(from_on) FROM deal_states")) == "2017-12-31"


def test_online_retail_keeps_every_line_and_every_cent(shop, data):
    shop.take(data / "online_retail")
    assert shop.ask("SELECT count(*), sum(amount) FROM orders") == [(541_909, Decimal("9747747.9340"))]
    assert shop.one("SELECT count(*) FROM orders WHERE account_id IS NULL") == 135_080
    assert shop.one("SELECT sum(amount) < 0 AND max(quantity) < 0 FROM orders WHERE kind = 'return'")
    assert shop.one("SELECT count(*) FROM orders WHERE kind = 'adjustment'") == 3
    assert shop.take(data / "online_retail").changed == 0


def test_olist_leads_know_what_became_of_them(shop, data):
    shop.take(data / "olist_funnel")
    assert shop.ask("SELECT count(*), count(won_on), count(deal_id) FROM leads") == [(8000, 842, 842)]
    assert shop.one("SELECT count(*) FROM deals WHERE status = 'won'") == 842
    assert shop.one("SELECT count(*) FROM leads WHERE status = 'converted'") == 842


def test_salesforce_history_becomes_events(shop, data):
    shop.take(data / "salesforce_demo")
    assert shop.one("SELECT count(*) FROM deals") == 36
    told = "origin = 'history' AND field = 'stage_id'"
    assert shop.one(f"SELECT count(DISTINCT deal_id) FROM deal_events WHERE {told}") == 36
    assert shop.one(f"SELECT count(*) FROM deal_events e WHERE {told} AND new NOT IN (SELECT id FROM stages)") == 0
    assert shop.one("SELECT count(*) FROM deal_states WHERE known <> 'history'") == 0
    assert shop.take(data / "salesforce_demo").changed == 0
