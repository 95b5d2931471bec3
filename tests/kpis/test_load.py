"""KPI files are read, and a wrong one is refused with its file, its line and the nearest match."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tolok.errors import DefinitionError
from tolok.kpis.definition import Condition, Definition, Measure, Per, Ratio, Span, Value
from tolok.kpis.load import Choice, catalogue, load_file, load_folder, merged, parse
from tolok.kpis.references import depends_on

HEAD = """\
name = "Won by partners"
question = "How many deals did partners win?"
formula = "won deals with a partner"
unit = "count"
better = "higher"
timing = "lagging"
family = "operational"
function = "sales"
"""
BODY = """
[value]
count = "deals"
where = { status = "won" }
"""


def read(body: str = BODY, *, head: str = HEAD) -> Definition:
    found = parse(head + body, "partner_wins")
    assert isinstance(found, Definition)
    return found


def of(body: str, **changes: str) -> Measure:
    head = HEAD
    for key, value in changes.items():
        head = "\n".join(f'{key} = "{value}"' if line.startswith(f"{key} =") else line for line in head.splitlines())
    value = read(f"\n[value]\n{body}\n", head=head + "\n").body
    assert isinstance(value, Value)
    return value.of


def test_the_file_name_is_the_id_and_the_body_a_measure() -> None:
    definition = read()
    assert definition.id == "partner_wins"
    assert definition.body == Value(Measure("count", "deals", where=(Condition("status", "is", ("won",)),)))


def test_a_body_may_say_of_like_a_ratio() -> None:
    assert read('\n[value]\nof = { count = "deals", where = { status = "won" } }\n').body == read().body


def test_conditions_are_read_in_all_their_forms() -> None:
    measure = of(
        'count = "answers"\nwhere = { kind = ["nps", "csat"], value = { at_least = 7, at_most = 8 }, '
        "comment = { known = true }, survey = { not = 'test' }, scale_max = 10 }"
    )
    assert measure.where == (
        Condition("kind", "is", ("nps", "csat")),
        Condition("value", "at_least", (Decimal(7),)),
        Condition("value", "at_most", (Decimal(8),)),
        Condition("comment", "known", (True,)),
        Condition("survey", "not", ("test",)),
        Condition("scale_max", "is", (Decimal(10),)),
    )


@pytest.mark.parametrize(
    "written",
    [
        'where = { account.industry = "Retail" }',
        'where = { "account.industry" = "Retail" }',
        'where = { account_id.industry = "Retail" }',
        'where = { account = { industry = "Retail" } }',
    ],
)
def test_a_condition_reaches_through_references(written: str) -> None:
    measure = of(f'count = "deals"\n{written}')
    assert measure.where == (Condition("account_id.industry", "is", ("Retail",)),)


def test_durations_windows_members_and_quantiles_are_read() -> None:
    assert of('mean = { days = ["deals.created_on", "closed_on"] }', unit="days").span == Span(
        "created_on", "closed_on", "days"
    )
    trailing = of('distinct = "sales.account_id"\nwindow = { trailing_months = 12 }')
    assert (trailing.window, trailing.window_months, trailing.window_days) == ("trailing", 12, 0)
    members = of('count = "sales"\nper = "account_id"\nhaving = { distinct = "document", at_least = 2 }')
    assert members.per == Per("account_id", "distinct", "document", "at_least", Decimal(2))
    assert of('quantile = "deals.amount"\nq = 0.9', unit="money").q == Decimal("0.9")
    assert of('target = "revenue"', unit="money") == Measure("target", name="revenue")


def test_an_example_keeps_exact_numbers_and_no_answer() -> None:
    text = (
        BODY
        + """
[[example]]
says = "none"
from = 2026-01-01
to = 2026-01-31
rows.deals = [{ status = "won", amount = 0.1, closed_on = 2026-01-05, repeat = 3 }]
answer = "no answer"

[[example]]
says = "by rep"
by = "rep"
rows = { deals = [{ owner_id = "ana" }] }
answer = { ana = 1, budi = "no answer" }
"""
    )
    first, second = read(text).examples
    assert first.answer is None
    assert first.rows["deals"][0]["amount"] == Decimal("0.1")
    assert second.answer == {"ana": Decimal(1), "budi": None}


# What stands in the file, on which line it is wrong, and what the message must say.
WRONG = [
    ("[value]\ncuont = 'deals'", 10, "Unknown key 'cuont'", "count"),
    ("[valeu]\ncount = 'deals'", 9, "Unknown key 'valeu'", "value"),
    ("", 1, "does not say how it is computed", "value, ratio"),
    ("[value]\ncount = 'deals'\n[ratio]\nof = { count = 'deals' }", 11, "two ways", ""),
    ("[value]\nwhere = { status = 'won' }", 9, "no aggregate", "count"),
    ("[value]\ncount = 'deals'\nsum = 'deals.amount'", 11, "two aggregates", ""),
    ("[value]\ncount = 'deal'", 10, "no fact 'deal'", "deals"),
    ("[value]\nsum = 'deals.amuont'", 10, "no column 'amuont'", "amount"),
    ("[value]\nsum = 'amount'", 10, "a fact and a column", "sales.amount"),
    ("[value]\nsum = 'deals.name'", 10, "is no number", "amount"),
    ("[value]\ncount = 'deals'\nwhere = { status = 'wonn' }", 11, "never 'wonn'", "won"),
    ("[value]\ncount = 'deals'\nwhere = { stauts = 'won' }", 11, "no column 'stauts'", "status"),
    ("[value]\ncount = 'deals'\nwhere = { account.industri = 'x' }", 11, "account.industri", ""),
    ("[value]\ncount = 'deals'\nwhere = { amount = { at_lest = 5 } }", 11, "Unknown test 'at_lest'", "at_least"),
    ("[value]\ncount = 'deals'\nwhere = { amount = 'five' }", 11, "is a number", ""),
    ("[value]\ncount = 'deals'\nwhere = { name = { above = 5 } }", 11, "numbers or dates", ""),
    ("[value]\ncount = 'deals'\nwhere = { closed_on = '2026-01-01' }", 11, "is a date", "2026-01-31"),
    ("[value]\ncount = 'deals'\nwhere = { amount = { within = 'period' } }", 11, "compare a date", ""),
    ("[value]\ncount = 'deals'\nwhere = { status = { reached = 'won' } }", 11, "Unknown test 'reached'", ""),
    ("[value]\ncount = 'deals'\nwhere = { amount = { top = 2 } }", 11, "'top' needs", ""),
    ("[value]\ncount = 'deals'\nwhere = { status = [] }", 11, "lists no value", ""),
    ("[value]\ncount = 'deals'\nwhere = { status = {} }", 11, "is empty", ""),
    ("[value]\ncount = 'deals'\ndated_by = 'closed'", 11, "no column 'closed'", "closed_on or closed_at"),
    ("[value]\ncount = 'deals'\ndated_by = 'amount'", 11, "is no date", ""),
    ("[value]\ncount = 'deals'\nwindow = 'closing'", 11, "no states that last", "deal_states"),
    ("[value]\ncount = 'deals'\nwindow = 'closin'", 11, "'closin' is not", "closing"),
    ("[value]\ncount = 'deals'\nwindow = 'trailing'", 11, "How long", "trailing_days"),
    ("[value]\ncount = 'deals'\nwindow = { trailing_days = 5, trailing_months = 1 }", 11, "so many days or", ""),
    ("[value]\ncount = 'deals'\nwindow = { trailing_days = -5 }", 11, "whole number", ""),
    ("[value]\ncount = 'deals'\nhaving = { count = 'deals', at_least = 2 }", 11, "needs 'per'", "account_id"),
    ("[value]\ncount = 'deals'\nper = 'acount_id'", 11, "no column 'acount_id'", "account_id"),
    ("[value]\ncount = 'deals'\nper = 'account_id'\nhaving = { at_least = 2 }", 12, "one aggregate", ""),
    ("[value]\ncount = 'deals'\nq = 0.5", 11, "belongs to 'quantile'", ""),
    ("[value]\nquantile = 'deals.amount'", 10, "needs 'q'", ""),
    ("[value]\nquantile = 'deals.amount'\nq = 90", 11, "between 0 and 1", ""),
    ("[value]\nmean = { days = ['deals.created_on'] }", 10, "needs two columns", ""),
    ("[value]\nmean = { days = ['deals.created_at', 'closed_at'] }", 10, "type date", "created_on"),
    ("[value]\nmean = { weeks = ['deals.created_on', 'closed_on'] }", 10, "Unknown key 'weeks'", ""),
    ("[ratio]\nof = { count = 'deals' }", 9, "'over' is missing", ""),
    ("[cohort]\nfact = 'leads'\nentered = 'created_on'\nreached = 'won'", 12, "no column 'won'", "won_on"),
    ("[movement]\nfact = 'sales'\nper = 'account_id'\nanswer = 'lost'", 10, "no states that last", "flow"),
    (
        "[movement]\nfact = 'reps'\nper = 'id'\nanswer = 'lsot / opening'",
        12,
        "no part 'lsot'",
        "lost",
    ),
    ("[arithmetic]\nexpression = 'a ** 2'", 10, "cannot be part", ""),
    ("[arithmetic]\nexpression = '1 + 1'", 10, "names no KPI", ""),
    ("[value]\ncount = 'deals'\n[[rule]]\nsays = 'x'\ntest = 'belw'\nvalue = 1", 13, "'belw' is not", "below"),
    (
        "[value]\ncount = 'deals'\n[[rule]]\nsays = 'x'\ntest = 'falls'\n[[rule]]\nsays = 'y'\nvalu = 1",
        16,
        "Unknown key 'valu'",
        "value",
    ),
    ("[value]\ncount = 'deals'\n[[rule]]\nsays = 'x'\ntest = 'falls'\nvalue = 1", 11, "has no value", ""),
    ("[value]\ncount = 'deals'\n[[example]]\nsays = 'x'\nrows = {}", 11, "has no answer", "no answer"),
    (
        "[value]\ncount = 'deals'\n[[example]]\nsays = 'x'\nanswer = 1\nrows.deals = [{ statu = 'won' }]",
        14,
        "Unknown key 'statu'",
        "status",
    ),
    (
        "[value]\ncount = 'deals'\n[[example]]\nsays = 'x'\nanswer = 1\nrows.deals = [\n  { status = 'wonn' },\n]",
        15,
        "never 'wonn'",
        "won",
    ),
    ("[value]\ncount = 'deals'\n[[example]]\nsays = 'x'\nanswer = 1\nrows.deal = []", 14, "no fact 'deal'", "deals"),
    ("[value]\ncount = 'deals'\n[[example]]\nsays = 'x'\nanswer = 'one'\nrows = {}", 13, "must be a number", ""),
    (
        "[value]\ncount = 'deals'\n[[example]]\nsays = 'x'\nanswer = 1\nfrom = 2026-02-01\nto = 2026-01-01\nrows = {}",
        15,
        "ends before it begins",
        "",
    ),
    ("[value]\ncount = 'deals'\n[variants.b]\nname = 'B'\nformula = 'b'", 11, "does not say how", ""),
    ("[value]\ncount = 'deals'\n[variants.b]\nname = 'B'\nvalue = { cont = 'deals' }", 11, "'formula' is missing", ""),
    (
        "[value]\ncount = 'deals'\n[variants.b]\nname = 'B'\nformula = 'b'\nvalue = { cont = 'deals' }",
        14,
        "Unknown key 'cont'",
        "count",
    ),
    ("[value]\ncount = 'deals'\n[in.id]\nname = 'x'\nquestion = 'x'", 11, "'formula' is missing", ""),
    (
        "[value]\ncount = 'deals'\n[in.id]\nname = 'x'\nquestion = 'x'\nformula = 'x'\nrules = ['a']",
        15,
        "There are 0 rules",
        "",
    ),
]


@pytest.mark.parametrize(("body", "line", "says", "hint"), WRONG, ids=[body[-40:] for body, *_ in WRONG])
def test_a_wrong_file_is_refused_with_file_line_and_hint(body: str, line: int, says: str, hint: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(HEAD + body + "\n", "partner_wins", file="kpis/partner_wins.toml")
    assert says in caught.value.message
    assert hint in caught.value.next_step
    assert caught.value.line == line
    assert caught.value.message.startswith(f"kpis/partner_wins.toml:{line}: ")


@pytest.mark.parametrize(
    ("unit", "body", "says"),
    [
        ("percent", "[value]\ncount = 'deals'", "it counts"),
        ("money", "[value]\ndistinct = 'deals.account_id'", "it counts"),
        ("percent", "[value]\nsum = 'deals.amount'", "a sum is no percent"),
        ("hours", "[value]\nmean = { days = ['deals.created_on', 'closed_on'] }", "computed in days"),
        ("money", "[cohort]\nfact = 'leads'\nentered = 'created_on'\nreached = 'won_on'", "gives a percent"),
        ("percent", "[change]\nof = 'revenue'\nshown_as = 'amount'", "shown as amount"),
        ("money", "[change]\nof = 'revenue'", "shown as percent"),
        ("percent", "[score]\nof = { count = 'answers' }\nplus = { value = 5 }\nminus = { value = 1 }", "a score"),
    ],
)
def test_a_unit_that_cannot_be_is_refused(unit: str, body: str, says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        parse(HEAD.replace('unit = "count"', f'unit = "{unit}"') + body + "\n", "x")


@pytest.mark.parametrize("key", ["name", "question", "formula", "unit", "better", "timing", "family", "function"])
def test_what_every_kpi_must_say_cannot_be_left_out(key: str) -> None:
    head = "\n".join(line for line in HEAD.splitlines() if not line.startswith(key))
    with pytest.raises(DefinitionError, match=key):
        parse(head + BODY, "x")


def test_files_that_are_no_kpi_files_are_refused_in_one_sentence(tmp_path: Path) -> None:
    cases = {
        "latin.toml": HEAD.encode() + 'note = "pelanggan baru – café"\n'.encode("cp1252"),
        "broken.toml": b'name = "x\n',
        "pdf.toml": b"%PDF-1.7\n\x00\x01",
        "double.toml": b'name = "a"\nname = "b"\n',
        "Not-an-id.toml": HEAD.encode() + BODY.encode(),
    }
    for name, content in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DefinitionError) as caught:
            load_file(path)
        assert name in caught.value.message
        assert "\n" not in caught.value.message
        assert caught.value.line > 0
    with pytest.raises(DefinitionError, match=r"latin\.toml:9: The file is not UTF-8"):
        load_file(tmp_path / "latin.toml")
    with pytest.raises(DefinitionError, match="cannot be read"):
        load_file(tmp_path / "nothing.toml")
    with pytest.raises(DefinitionError, match="not TOML"):
        parse("x = " + "[" * 5000, "deep")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "partner_wins.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + BODY).replace("\n", "\r\n").encode())
    assert isinstance(load_file(path), Definition)


def test_an_organisation_adds_its_own_kpi_and_replaces_one(tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "partner_wins.toml").write_text(HEAD + BODY, "utf-8")
    (tmp_path / "deals_won.toml").write_text(HEAD.replace("Won by partners", "Ours") + BODY, "utf-8")
    together = merged(catalogue(), load_folder(tmp_path))
    assert len(together) == len(catalogue()) + 1
    assert together["deals_won"].name == "Ours"
    assert catalogue()["deals_won"].name == "Deals won"


def test_an_organisation_chooses_a_variant_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "win_rate.toml").write_text('variant = "by_value"\n', "utf-8")
    assert load_folder(tmp_path) == {"win_rate": Choice("win_rate", "by_value", str(tmp_path / "win_rate.toml"))}
    together = merged(catalogue(), load_folder(tmp_path))
    assert together["win_rate"].default_variant == "by_value"
    assert together["win_rate"].body == catalogue()["win_rate"].body
    back = merged(together, {"win_rate": Choice("win_rate", "standard", "x")})
    assert back["win_rate"].default_variant == ""


def test_a_choice_of_what_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "win_rate.toml").write_text('variant = "by_valu"\n', "utf-8")
    with pytest.raises(DefinitionError, match=r"no variant 'by_valu'.*by_value"):
        merged(catalogue(), load_folder(tmp_path))
    with pytest.raises(DefinitionError, match=r"no KPI 'win_rat'.*win_rate"):
        merged(catalogue(), {"win_rat": Choice("win_rat", "by_value", "win_rat.toml")})


def test_no_folder_is_no_own_kpi_and_two_files_of_one_id_are_refused(tmp_path: Path) -> None:
    assert load_folder(tmp_path / "kpis") == {}
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "partner_wins.toml").write_text(HEAD + BODY, "utf-8")
    with pytest.raises(DefinitionError, match="already defined"):
        load_folder(tmp_path)


def _own(tmp_path: Path, **bodies: str) -> dict[str, Definition | Choice]:
    for name, body in bodies.items():
        (tmp_path / f"{name}.toml").write_text(HEAD + body, "utf-8")
    return load_folder(tmp_path)


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("[arithmetic]\nexpression = 'cltv / cacc'\n", 10, "a KPI 'cacc'.*cac"),
        ("[arithmetic]\nexpression = 'win_rate.by_valu / cac'\n", 10, "a variant 'by_valu'.*by_value"),
        ("[change]\nof = 'revenu'\nshown_as = 'amount'\n", 10, "a KPI 'revenu'.*revenue"),
        ("[ratio]\nof = { count = 'deals' }\nover = { target = 'deals_wonn' }\n", 11, "'deals_wonn'.*deals_won"),
        (BODY + "[[rule]]\nsays = 'x'\ntest = 'falls'\nlook_at = ['new_lead']\n", 16, "'new_lead'.*new_leads"),
        (BODY + "[[rule]]\nsays = 'x'\ngrows = ['cltvv']\n", 15, "'cltvv'.*cltv"),
    ],
)
def test_a_kpi_that_names_an_unknown_one_is_refused(tmp_path: Path, body: str, line: int, says: str) -> None:
    with pytest.raises(DefinitionError, match=says) as caught:
        merged(catalogue(), _own(tmp_path, ours=body))
    assert caught.value.line == line
    assert caught.value.file.endswith("ours.toml")


def test_formulas_that_lead_back_to_themselves_are_refused(tmp_path: Path) -> None:
    own = _own(
        tmp_path,
        first="[arithmetic]\nexpression = 'second + revenue'\n",
        second="[arithmetic]\nexpression = 'third * 2'\n",
        third="[change]\nof = 'first'\nshown_as = 'amount'\n",
    )
    with pytest.raises(DefinitionError, match="computed from itself: first → second → third → first"):
        merged(catalogue(), own)


def test_a_choice_of_variant_that_makes_a_cycle_is_refused(tmp_path: Path) -> None:
    own = _own(
        tmp_path,
        first=BODY + "[variants.b]\nname = 'B'\nformula = 'b'\narithmetic = { expression = 'second + 1' }\n",
        second="[arithmetic]\nexpression = 'first * 2'\n",
    )
    together = merged(catalogue(), own)
    with pytest.raises(DefinitionError, match="computed from itself"):
        merged(together, {"first": Choice("first", "b", "first.toml")})


def test_what_a_kpi_depends_on_is_told() -> None:
    assert depends_on(catalogue(), "win_rate") == ("win_rate",)
    assert set(depends_on(catalogue(), "ltv_to_cac")) >= {"cltv", "cac", "gross_profit_per_customer", "churn_rate"}


def test_a_ratio_has_two_sides_each_with_its_own_date() -> None:
    body = catalogue()["cac"].body
    assert isinstance(body, Ratio)
    assert (body.of.dated_by, body.over.dated_by) == ("spent_on", "first_sale_on")
