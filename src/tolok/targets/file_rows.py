"""Targets out of a table: one per row, or one per period where the periods are the headings, as plans are written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tolok.errors import QuestionError
from tolok.targets.proposal import Known, Problem, Written, proposed
from tolok.targets.sentence import say
from tolok.targets.target import Target
from tolok.targets.term import Term, read_term

MOST_ROWS = 20_000
HEADINGS: dict[str, tuple[str, ...]] = {
    "kpi": ("kpi", "metric", "measure", "indicator", "indikator", "metrik", "ukuran"),
    "value": ("value", "target", "quota", "goal", "amount", "nilai", "kuota", "jumlah", "target value"),
    "start": ("start", "from", "from_on", "begin", "start date", "dari", "mulai", "awal", "tanggal mulai"),
    "end": ("end", "to", "to_on", "until", "end date", "sampai", "selesai", "akhir", "tanggal selesai"),
    "period": ("period", "month", "quarter", "year", "periode", "bulan", "kuartal", "tahun", "date", "tanggal"),
    "currency": ("currency", "mata uang"),
    "why": ("why", "note", "comment", "reason", "catatan", "alasan", "keterangan"),
    "rep": ("rep", "sales rep", "salesperson", "owner", "rep_id", "sales", "tenaga penjual", "wiraniaga", "nama sales"),
    "team": ("team", "team_id", "sales team", "tim"),
    "account": ("account", "customer", "account_id", "pelanggan", "akun"),
    "product": ("product", "product_id", "produk", "barang"),
    "category": ("category", "product category", "kategori", "kategori produk"),
    "region": ("region", "area", "territory", "wilayah", "daerah"),
    "channel": ("channel", "saluran", "kanal"),
    "segment": ("segment", "segmen"),
}
"""What a column of a plan may be called."""

_SCOPES = ("rep", "team", "account", "product", "category", "region", "channel", "segment")


@dataclass(frozen=True)
class Rejected:
    """A row that is no target: its line in the file, its column, and why."""

    line: int
    problem: Problem


@dataclass(frozen=True)
class FromFile:
    """What a file of targets holds."""

    targets: tuple[Target, ...]
    rejected: tuple[Rejected, ...]


def from_rows(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    known: Known,
    *,
    kpi: str = "revenue",
    author: str = "",
    at: datetime | None = None,
) -> FromFile:
    """The proposed targets of a table; ``kpi`` is whose they are where no column says it.

    Refused where no column holds values. A row that cannot be read is rejected with its line, and the others are taken.
    """
    columns = _columns(headings)
    wide = _periods(headings, columns, known) if "value" not in columns else {}
    if "value" not in columns and not wide:
        raise QuestionError(
            "The file has no column of target values.",
            next_step="Call one “target”, or head columns by their period, such as 2027-01.",
        )
    if len(rows) > MOST_ROWS:
        raise QuestionError(f"The file has {len(rows):,} rows; {MOST_ROWS:,} are the most.", next_step="Split it.")
    targets: dict[tuple[object, ...], tuple[int, Target]] = {}
    rejected: list[Rejected] = []
    for line, row in enumerate(rows, start=2):
        cells = [str(cell or "").strip() for cell in row]
        if not any(cells):
            continue
        for written in _written(cells, columns, wide, kpi):
            outcome = proposed(written, known, author=author, at=at)
            rejected += [Rejected(line, problem) for problem in outcome.problems]
            if outcome.target is None:
                continue
            before = targets.get(outcome.target.slot)
            if before is not None and before[1].value != outcome.target.value:
                said = say("Line {n} gives it another value.", "Baris {n} memberi nilai lain.", n=before[0])
                rejected.append(Rejected(line, Problem("value", said)))
            else:
                targets[outcome.target.slot] = (line, outcome.target)
    return FromFile(tuple(target for _, target in targets.values()), tuple(rejected))


def _columns(headings: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        plain = re.sub(r"\s+", " ", heading.strip().lower())
        for name, known in HEADINGS.items():
            if plain in known and name not in found:
                found[name] = place
    return found


def _periods(headings: Sequence[str], columns: Mapping[str, int], known: Known) -> dict[int, Term]:
    """The columns that are headed by a period."""
    found = {}
    for place, heading in enumerate(headings):
        if place in columns.values():
            continue
        plain = heading.strip()
        if re.fullmatch(r"\d{4}-\d\d-\d\d.*", plain):  # a spreadsheet's date: its month is meant
            plain = plain[:7]
        term = read_term(plain, date(known.today.year, 1, 1), known.calendar)
        if term is not None and term.grain in ("month", "quarter", "year"):
            found[place] = term
    return found


def _written(cells: Sequence[str], columns: Mapping[str, int], wide: Mapping[int, Term], kpi: str) -> list[Written]:
    def cell(name: str) -> str:
        place = columns.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    period = cell("period")
    if re.fullmatch(r"\d{4}-\d\d-01.*", period):  # the first day of a month stands for the month
        period = period[:7]
    written = Written(
        kpi=cell("kpi") or kpi,
        value=cell("value"),
        start=cell("start"),
        end=cell("end"),
        period="" if cell("start") and cell("end") else period,
        currency=cell("currency"),
        scope={name: cell(name) for name in _SCOPES if cell(name)},
        why=cell("why"),
    )
    if not wide:
        return [written]
    return [
        replace(written, value=cells[place], start=str(term.start), end=str(term.end), period="")
        for place, term in wide.items()
        if place < len(cells) and cells[place]
    ]
