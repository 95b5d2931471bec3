"""The same deals as other editions of the data keep them: a flag for won alone, keys of a warehouse, converted amounts."""

from __future__ import annotations

from tests.disguise.conftest import Judge
from tests.disguise.maven import Deal, figures

HEADER = ["Deal ID", "Owner", "Account", "Created", "Closed", "Amount"]


def plain(d: Deal) -> list[object]:
    return [d.id, d.rep, d.account, d.created, d.closed, d.amount]


def test_won_alone_says_lost_of_what_was_closed_otherwise(judge: Judge) -> None:
    closed = [d for d in judge.rows if d.status != "open"]
    path = judge.write("deals.csv", [*HEADER, "is_won"], [[*plain(d), int(d.status == "won")] for d in closed])
    result = judge.take(path)
    judge.check(figures(closed), opened=False)
    assert any("that is not won counts as lost" in told for told in result.assumptions)


def test_won_alone_leaves_deals_without_a_day_of_closing_open(judge: Judge) -> None:
    rows = [[*plain(d), "Yes" if d.status == "won" else "No"] for d in judge.rows]
    judge.same(judge.write("deals.csv", [*HEADER, "Won"], rows))


def test_won_alone_says_nothing_where_days_may_be_expected_ones(judge: Judge) -> None:
    rows = [[d.id, d.rep, d.account, d.created, d.closed or "2018-09-30", d.amount, int(d.status == "won")]
            for d in judge.rows]  # fmt: skip
    judge.take(judge.write("deals.csv", [*HEADER, "is_won"], rows))
    assert judge.facts("SELECT count(*) FROM deals WHERE status = 'lost'") == [(0,)]


def test_stages_by_key_are_named_by_their_own_table(judge: Judge) -> None:
    names = sorted({d.stage for d in judge.rows})
    stages = judge.write("dim_stage.csv", ["stage_id", "stage_name"], [[n, name] for n, name in enumerate(names, 1)])
    rows = [[*plain(d), names.index(d.stage) + 1] for d in judge.rows]
    deals = judge.write("fact_deals.csv", [*HEADER, "stage_id"], rows)
    judge.same(stages, deals)


def test_amounts_that_the_source_converted_are_taken_for_those_in_other_currencies(judge: Judge) -> None:
    header = ["Opportunity ID", "Opportunity Owner", "Stage", "Created Date", "Close Date", "Amount Currency", "Amount",
              "Amount (converted) Currency", "Amount (converted)"]  # fmt: skip
    rows = [[d.id, d.rep, d.stage, d.created, d.closed, "IDR", (d.amount or 0) * 15_000, "USD", d.amount]
            for d in judge.rows]  # fmt: skip
    judge.same(judge.write("report.csv", header, rows))


def test_an_owner_named_with_its_table_is_the_owner(judge: Judge) -> None:
    header = ["ID record", "Nome trattativa", "Fase della trattativa", "Data di chiusura", "Proprietario della trattativa",
              "Importo", "Data di creazione"]  # fmt: skip
    said = {"won": "Chiuso vinto", "lost": "Chiuso perso", "open": "Appuntamento"}
    rows = [[d.id, d.id, said[d.status], d.closed, d.rep, d.amount, d.created] for d in judge.rows]
    judge.same(judge.write("trattative.csv", header, rows))


def test_not_closed_is_no_day_in_a_column_of_days_and_a_word_elsewhere(judge: Judge) -> None:
    header = ["ID", "Lead title", "Sale", "Responsible", "Created at", "Closed at", "Lead status", "Pipeline", "Note"]
    said = {"won": "Closed - won", "lost": "Closed - lost", "open": "Not closed"}
    rows = [[d.id, d.product, d.amount, d.rep, d.created, d.closed or "not closed", said[d.status], "Main", "not closed"]
            for d in sorted(judge.rows, key=lambda d: d.status != "open")]  # fmt: skip
    judge.same(judge.write("kommo_export_leads.csv", header, rows))
    assert judge.facts("SELECT count(*) FROM deals WHERE extra->>'Note' = 'not closed'") == [(len(judge.rows),)]


def test_names_that_differ_in_case_and_blanks_are_proposed_for_the_spelling_most_rows_have(judge: Judge) -> None:
    rows = [
        [d.id, (d.rep.upper(), f"{d.rep} ".replace(" ", "  "))[n // 7 % 2] if n % 7 == 0 else d.rep, d.stage, d.created,
         d.closed, d.amount]
        for n, d in enumerate(judge.rows)
    ]  # fmt: skip
    result = judge.take(judge.write("deals.csv", ["Deal ID", "Owner", "Stage", "Created", "Closed", "Amount"], rows))
    assert result.rejected == 0
    names = {d.rep for d in judge.rows}
    assert result.mapping is not None
    proposed = result.mapping.synonyms
    assert proposed
    assert {one.means for one in proposed} <= names
    written = {name for (name,) in judge.facts("SELECT name FROM reps")}
    assert written == {one.written for one in proposed} | names
