"""A KPI as a value: what it asks, the closed vocabulary it is computed with, its words, rules and examples.

The vocabulary is closed on purpose: SQL is generated from it, so every KPI can be drilled to its rows, rolled up, run
on another engine, checked, and built by a person who writes no code. What does not fit belongs into a derived fact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Unit = Literal["money", "count", "percent", "days", "hours", "ratio", "score"]
Aggregate = Literal[
    "count",  # rows of a fact:                       { count = "deals" }
    "sum",  # a column, or days/hours between two:  { sum = "sales.amount" }
    "mean",
    "median",
    "quantile",  # with q:                               { quantile = "tickets.…", q = 0.9 }
    "minimum",
    "maximum",
    "distinct",  # different values of a column:         { distinct = "sales.account_id" }
    "observed",  # observations, combined as their series declares (sum, mean, last): { observed = "web_visits" }
    "target",  # the target of a KPI for the period:   { target = "revenue" }
]
Window = Literal[
    "period",  # rows dated within the period
    "trailing",  # within `days` or `months` that end with the period
    "to_date",  # everything up to the period's end
    "opening",  # a state that lasts, as it was just before the period's first day
    "closing",  # … as it was at the end of the period's last day
    "average",  # the mean of opening and closing
]
Test = Literal["is", "not", "at_least", "at_most", "above", "below", "known", "within", "before", "top", "reached"]


@dataclass(frozen=True)
class Condition:
    """One condition on a column of the fact, or on a path such as ``account.industry`` or ``extra.Colour``.

    In a file: ``status = "won"``, ``kind = ["call", "visit"]``, ``value = { at_least = 9 }``,
    ``email = { known = true }``,
    ``first_sale_on = { within = "period" }`` (a date in the row's own period), ``{ before = "period" }`` (earlier),
    ``value = { top = 2 }`` (the two best answers of the row's own scale).
    ``reached`` is what a cohort asks of its second date; it is not written in files. Without ``not``, an unknown
    value meets no condition except ``known = false``; ``not`` lets unknown values pass.
    """

    column: str
    test: Test
    values: tuple[str | Decimal | bool, ...]


@dataclass(frozen=True)
class Span:
    """Time between two columns of one fact: ``{ days = ["created_on", "closed_on"] }``; ``hours`` takes instants."""

    start: str
    end: str
    unit: Literal["days", "hours"]


@dataclass(frozen=True)
class Per:
    """Aggregate each account, deal or rep first.

    In a file: ``per = "account_id", having = { distinct = "document", at_least = 2 }``. With ``having`` only members
    whose own figure meets the condition are counted; an aggregate other than ``count`` is taken over the members'
    own sums.
    """

    column: str
    having_aggregate: Literal["", "count", "sum", "distinct"] = ""
    having_column: str = ""
    having_test: Test = "at_least"
    having_value: Decimal = Decimal(0)


@dataclass(frozen=True)
class Measure:
    """One aggregate over one fact, with its conditions, date and window.

    Examples, as written in a KPI file::

        { count = "deals", where = { status = "won" } }
        { sum = "sales.amount" }
        { median = { days = ["deals.created_on", "deals.closed_on"] }, where = { status = "won" } }
        { sum = "deal_states.amount", where = { status = "open" }, window = "closing" }
        { count = "sales", per = "account_id", having = { distinct = "document", at_least = 2 } }
        { distinct = "sales.account_id", window = { trailing_days = 365 } }
        { target = "revenue" }

    ``dated_by`` is a column of the same fact; without it the KPI's, or the fact's first real date, counts.
    ``same`` names columns that must be equal over all rows taken, else there is no answer (never mix two scales).
    ``each`` names a column of a sum's conditions: rows of every value listed there must add up to something, else there
    is no answer (lost deals whose amounts were set to zero say nothing about a win rate by value).
    """

    aggregate: Aggregate
    fact: str = ""
    column: str = ""
    span: Span | None = None
    q: Decimal | None = None
    where: tuple[Condition, ...] = ()
    dated_by: str = ""
    window: Window = "period"
    window_days: int = 0
    window_months: int = 0
    per: Per | None = None
    same: tuple[str, ...] = ()
    each: str = ""
    name: str = ""  # series of `observed`, KPI of `target`
    rates: Literal["", "now", "then"] = ""  # in no file: the side of a growth at constant exchange rates


@dataclass(frozen=True)
class Value:
    """One measure: revenue, deals won, open pipeline (a measure with a closing window)."""

    of: Measure


@dataclass(frozen=True)
class Ratio:
    """One measure over another, each with its own fact and date; a percent is multiplied by 100.

    ``of`` nothing over something is 0; over nothing there is no answer.
    """

    of: Measure
    over: Measure


@dataclass(frozen=True)
class Cohort:
    """Of what entered in the period, the share that reached a date within so many days.

    Cohorts whose days have not all passed when the data ends are marked as partial ("unripe").
    ``within_days`` of 0 means "ever so far".
    """

    fact: str
    entered: str  # date column
    reached: str  # date column
    within_days: int = 0
    where: tuple[Condition, ...] = ()
    reached_where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Movement:
    """Opening, new, expansion, contraction, lost and closing of one population, and an expression over these parts.

    ``basis`` "stock" follows a fact with an interval (subscriptions, reps): its amount on the day before the period
    against its last day. ``basis`` "flow" compares what each member did in the period before with this period (buyers).
    ``amount`` is a column, or "" to count members as 1. ``per`` is the member.
    Parts: opening, new, expansion, contraction, lost, closing; ``average`` is (opening + closing) ÷ 2.
    """

    fact: str
    per: str
    answer: str
    basis: Literal["stock", "flow"] = "stock"
    amount: str = ""
    where: tuple[Condition, ...] = ()
    dated_by: str = ""  # flow only


@dataclass(frozen=True)
class Change:
    """Growth of another KPI against the previous period or the same period last year, fairly compared.

    With ``rates = "constant"`` amounts of both periods are converted at the rates of the later one's last day, so that
    what the exchange rates did is no growth; else each row at its own date's.
    """

    of: str
    against: Literal["previous", "last_year"] = "previous"
    shown_as: Literal["percent", "amount"] = "percent"
    rates: Literal["own", "constant"] = "own"


@dataclass(frozen=True)
class Members:
    """Another KPI asked of each member of a dimension, and the mean of their figures, or the share of them within a limit.

    In a file: ``of = "quota_attainment", per = "rep"``, and ``share = { at_least = 100 }`` for the share. Every member
    counts once, however large; one whose figure rests on no row, and what belongs to no member, do not take part.
    """

    of: str
    per: str  # a dimension
    share_test: Test | Literal[""] = ""  # "" is the mean
    share_value: Decimal = Decimal(0)


@dataclass(frozen=True)
class Formula:
    """Arithmetic over other KPIs in the same period: ``expression = "ltv / cac"``; + − * / ( ) and numbers.

    A KPI's variant is written with a dot: ``win_rate.by_value``. Dividing by zero or by no answer gives no answer.
    """

    expression: str


@dataclass(frozen=True)
class Score:
    """Share of good answers less share of bad ones, times 100: NPS and its kin."""

    of: Measure  # count of answers
    plus: tuple[Condition, ...]
    minus: tuple[Condition, ...]


Body = Value | Ratio | Cohort | Movement | Change | Members | Formula | Score


@dataclass(frozen=True)
class Variant:
    """Another authority's way of computing the same name; always printed beside its number."""

    id: str
    name: str
    formula: str
    body: Body
    note: str = ""
    unit: Unit | None = None
    dated_by: str = ""


@dataclass(frozen=True)
class Rule:
    """A healthy line, and what to look at beyond it.

    ``test`` and ``value`` judge this KPI ("below" 15), or ``grows`` names KPIs that must all grow ("green zone").
    """

    says: str
    level: Literal["good", "watch", "bad"] = "watch"
    test: Literal["below", "above", "at_least", "at_most", "falls", "rises", "grows"] = "below"
    value: Decimal | None = None
    grows: tuple[str, ...] = ()
    look_at: tuple[str, ...] = ()


@dataclass(frozen=True)
class Example:
    """Rows of facts and the value they must give: test, documentation and tooltip at once.

    ``rows`` maps a fact to rows (``repeat = 45`` repeats a row). ``answer`` is a number, None for "no answer",
    or one value per member of ``by``. Money facts may be given in ``sales`` directly.
    """

    says: str
    rows: dict[str, tuple[dict[str, object], ...]]
    answer: Decimal | dict[str, Decimal | None] | None
    variant: str = ""
    start: date | None = None
    end: date | None = None
    by: str = ""
    within: Decimal = Decimal("0.005")


@dataclass(frozen=True)
class Words:
    """The texts of a KPI in one language."""

    name: str
    question: str
    formula: str
    rules: tuple[str, ...] = ()
    variants: dict[str, str] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)  # of the variants
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Definition:
    """One KPI. ``id`` is the file's name; ``file`` says where it was read from."""

    id: str
    name: str
    question: str
    formula: str
    unit: Unit
    better: Literal["higher", "lower"]
    timing: Literal["leading", "lagging"]
    family: Literal["financial", "operational", "customer"]
    function: Literal["management", "marketing", "sales", "support", "service", "finance", "people"]
    body: Body
    dated_by: str = ""
    variants: dict[str, Variant] = field(default_factory=dict)
    default_variant: str = ""
    rules: tuple[Rule, ...] = ()
    examples: tuple[Example, ...] = ()
    words: dict[str, Words] = field(default_factory=dict)  # by language: "id"
    aliases: tuple[str, ...] = ()
    industry: str = ""  # "" is conventional; else retail, property, software, manufacturing, hospitality, …
    note: str = ""
    source: str = ""  # the authority or standard behind the formula
    file: str = ""

    def words_in(self, language: str) -> Words:
        """The texts in a language, English where there is no translation."""
        return self.words.get(language) or Words(
            self.name,
            self.question,
            self.formula,
            tuple(rule.says for rule in self.rules),
            {variant.id: variant.name for variant in self.variants.values()},
            {variant.id: variant.formula for variant in self.variants.values()},
            self.aliases,
        )
