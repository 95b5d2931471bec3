"""The end of a sheet: total rows and footers, which are no records."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tolok.sources.files.shapes import kind

TOTAL_WORD = (
    r"(?:grand\s+totals?|totals?|sums?|jumlah|total\s+keseluruhan|jumlah\s+keseluruhan|total\s+umum|summe|gesamt"
    r"(?:summen?|betrag|ergebnis|)|insgesamt|somme|total\s+g[ée]n[ée]ral|totaux(?:\s+g[ée]n[ée]raux)?|totaal|totalen"
    r"|eindtotaal|eindtotalen|totale|totale\s+generale|totali(?:\s+generali)?|suma|total\s+geral|totais(?:\s+gerais)?|soma"
    r"|totales(?:\s+generales)?|total\s+general|総計|合計|итого|всего|razem|suma\s+ko[ńn]cowa|genel\s+toplam|toplam|totalt)"
)
SUBTOTAL_WORD = (
    r"(?:sub[\s-]?totals?|sub[\s-]?jumlah|zwischensummen?|teilergebnis|sous[\s-]total|subtotaal|subtotale|subtotales"
    r"|subtotais|小計|ara\s+toplam)"
)
COUNT_WORD = (
    r"(?:(?:record\s+)?counts?|records|anzahl|datensatzanzahl|nombre(?:\s+d['’]enregistrements)?|recuento|cantidad"
    r"|contagem|conteggio|aantal|jumlah\s+data|jumlah\s+rekaman|avg|average|durchschnitt|moyenne|promedio|m[ée]dia|rata-rata)"
)
ONLY_TOTAL = re.compile(rf"\W*(?:{TOTAL_WORD}|{SUBTOTAL_WORD})\W*(?:\([^)]*\))?\W*", re.IGNORECASE)
STARTS_TOTAL = re.compile(rf"\W*(?:{TOTAL_WORD}|{SUBTOTAL_WORD})\b.{{0,60}}", re.IGNORECASE)
CURRENCY_CODE = re.compile(r"[A-Z]{3}")
ONLY_COUNT = re.compile(rf"\W*{COUNT_WORD}\W*", re.IGNORECASE)
ONLY_SUBTOTAL = re.compile(rf"\W*{SUBTOTAL_WORD}\b.{{0,60}}", re.IGNORECASE)
FOOTER = re.compile(
    r"\W*(?:copyright|\(c\)|©|confidential|vertrauliche? informationen|informations? confidentielles?"
    r"|informaci[oó]n confidencial|informa[cç][aã]o confidencial|informa[cç][oõ]es confidenciais|informazioni riservate"
    r"|vertrouwelijke informatie|informasi rahasia|erstellt von|g[ée]n[ée]r[ée] par|generado por|gerado por|generato da"
    r"|gegenereerd door|generated\b|exported\b|printed\b|report (?:run|generated)|run date"
    r"|source\s*:|sumber\s*:|catatan\s*:|notes?\s*:|dicetak|diekspor|dibuat (?:oleh|pada)|rahasia|applied filters"
    r"|filtered by|filters?\s*:|page \d|halaman \d|end of (?:report|file)|\d+ (?:rows?|records?|baris)\b|\(\d+ rows?)",
    re.IGNORECASE,
)
LONGEST_ENDING = 60


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row sums up the rows above it: a total word as its first cell, figures or nothing in the others.

    >>> is_total(["Grand Total", "", "1,200"]), is_total(["Total", "Oil company", "5"])
    (True, False)
    >>> is_total(["Totaux généraux (3 enregistrements)", "EUR", "1 200"])
    True
    """
    filled = [cell for cell in cells if cell.strip()]
    if not filled or len(cells) < 2:
        return False
    label, others = filled[0], filled[1:]
    if any(kind(cell) != "number" for cell in others):
        figures = [cell for cell in others if not CURRENCY_CODE.fullmatch(cell.strip())]
        return bool(ONLY_TOTAL.fullmatch(label)) and bool(figures) and all(kind(cell) == "number" for cell in figures)
    if ONLY_TOTAL.fullmatch(label):
        return True
    return STARTS_TOTAL.fullmatch(label) is not None and len(filled) * 2 <= len(cells)


def is_subtotal(cells: Sequence[str]) -> bool:
    """Whether a row within the data sums up a group of rows: "Subtotal" as its first cell, else figures or nothing."""
    label = next((cell for cell in cells if cell.strip()), "")
    filled = sum(1 for cell in cells if cell.strip())
    alone = bool(ONLY_TOTAL.fullmatch(label)) and filled == 2 and len(cells) >= 4  # “TOTAL” and one sum between blanks
    return (alone or bool(ONLY_SUBTOTAL.fullmatch(label))) and is_total(cells)


def is_count(cells: Sequence[str]) -> bool:
    """Whether a row below a subtotal or a total says how many rows there were: "Count" and one number, all else blank."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == 2 and bool(ONLY_COUNT.fullmatch(filled[0])) and kind(filled[1]) == "number"


def is_footer(cells: Sequence[str], *, after_blank: bool) -> bool:
    """Whether a row below the data is a remark: a single cell of words, known as such or set apart by a blank row."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) != 1 or not cells[0].strip():
        return False
    text = filled[0].strip()
    return bool(FOOTER.match(text)) or bool(ONLY_TOTAL.fullmatch(text)) or (after_blank and " " in text)


def ending(rows: Sequence[tuple[Sequence[str], bool]], width: int) -> tuple[int, list[str]]:
    """How many of the last rows are no records, and the notes that say so.

    Each row is its cells and whether a blank row stands above it. A table of one column has no footers, since a
    single cell is a whole record there.
    """
    if width < 2:
        return 0, []
    second = _second_table(rows, width)
    if second:
        place, note = second
        left, notes = ending(rows[:place], width)
        return len(rows) - place + left, [*notes, note]
    padded = [[*cells, *[""] * (width - len(cells))] for cells, _ in rows]
    footers = _remarks([(cells, blank) for cells, (_, blank) in zip(padded, rows, strict=True)])
    totals = 0
    while (position := len(rows) - 1 - footers - totals) >= 0:
        if is_total(padded[position]) or is_count(padded[position]):
            totals += 1
        elif is_footer(padded[position], after_blank=rows[position][1]):
            footers += 1
        else:
            break
    return totals + footers, ending_notes(totals, footers)


def _second_table(rows: Sequence[tuple[Sequence[str], bool]], width: int) -> tuple[int, str] | None:
    """Where another, narrower table with headings of its own begins below a blank row, and the note that says so."""
    wide = max(3, (width + 1) // 2)
    for place, (cells, blank) in enumerate(rows):
        head = [cell.strip() for cell in cells if cell.strip()]
        below = [[cell for cell in row if cell.strip()] for row, _ in rows[place + 1 :]]
        if not place or not blank or not 2 <= len(head) < wide or any(kind(cell) != "text" for cell in head):
            continue
        above = [sum(1 for cell in row if cell.strip()) for row, _ in rows[:place]]
        records = [row for row in below if len(row) >= 2]
        if (
            len(records) >= 2
            and all(len(row) <= len(head) for row in below)
            and all(any(kind(cell) != "text" for cell in row) for row in records)
            and max(above) > len(head)
        ):
            shown = ", ".join(f"“{cell}”" for cell in head[:4])
            return place, f"a second table below with the headings {shown} left out; keep it on a sheet of its own"
    return None


def _remarks(rows: Sequence[tuple[Sequence[str], bool]]) -> int:
    """How many rows the last block of remarks has: single cells of words, set apart by a blank row."""
    start, position = len(rows), len(rows) - 1
    while position >= 0 and sum(1 for cell in rows[position][0] if cell.strip()) == 1 and rows[position][0][0].strip():
        if rows[position][1]:
            start = position
        position -= 1
    block = [row[0][0].strip() for row in rows[start:]]
    spoken = any(" " in text or FOOTER.match(text) for text in block)
    return len(block) if spoken and not any(is_total(row[0]) for row in rows[start:]) else 0


def ending_notes(totals: int, footers: int, subtotals: int = 0, headers: int = 0) -> list[str]:
    notes = []
    if totals:
        notes.append(f"{totals} total {'rows' if totals > 1 else 'row'} at the end left out")
    if footers:
        notes.append(f"{footers} {'lines' if footers > 1 else 'line'} of remarks at the end left out")
    if subtotals:
        notes.append(f"{subtotals} subtotal {'rows' if subtotals > 1 else 'row'} left out")
    if headers:
        notes.append(f"{headers} repeated header {'rows' if headers > 1 else 'row'} left out")
    return notes
