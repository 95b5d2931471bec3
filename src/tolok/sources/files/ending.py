"""The end of a sheet: total rows and footers, which are no records."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tolok.sources.files.shapes import kind

TOTAL_WORD = (
    r"(?:grand\s+totals?|totals?|sums?|jumlah|total\s+keseluruhan|jumlah\s+keseluruhan|total\s+umum|summe|gesamt"
    r"(?:summe|betrag|ergebnis)?|somme|total\s+g[ée]n[ée]ral|totaal|eindtotaal|totale|totale\s+generale|suma|total\s+geral|soma)"
)
SUBTOTAL_WORD = r"(?:sub[\s-]?totals?|sub[\s-]?jumlah|zwischensumme|sous[\s-]total|subtotaal|subtotale)"
ONLY_TOTAL = re.compile(rf"\W*(?:{TOTAL_WORD}|{SUBTOTAL_WORD})\W*(?:\([^)]*\))?\W*", re.IGNORECASE)
STARTS_TOTAL = re.compile(rf"\W*(?:{TOTAL_WORD}|{SUBTOTAL_WORD})\b.{{0,60}}", re.IGNORECASE)
ONLY_SUBTOTAL = re.compile(rf"\W*{SUBTOTAL_WORD}\b.{{0,60}}", re.IGNORECASE)
FOOTER = re.compile(
    r"\W*(?:copyright|\(c\)|©|confidential|generated\b|exported\b|printed\b|report (?:run|generated)|run date|source\s*:"
    r"|sumber\s*:|catatan\s*:|notes?\s*:|dicetak|diekspor|dibuat (?:oleh|pada)|rahasia|applied filters|filtered by|filters?\s*:"
    r"|page \d|halaman \d|end of (?:report|file)|\d+ (?:rows?|records?|baris)\b|\(\d+ rows?)",
    re.IGNORECASE,
)
LONGEST_ENDING = 60


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row sums up the rows above it: a total word as its first cell, figures or nothing in the others.

    >>> is_total(["Grand Total", "", "1,200"]), is_total(["Total", "Oil company", "5"])
    (True, False)
    """
    filled = [cell for cell in cells if cell.strip()]
    if not filled or len(cells) < 2:
        return False
    label, others = filled[0], filled[1:]
    if any(kind(cell) != "number" for cell in others):
        return False
    if ONLY_TOTAL.fullmatch(label):
        return True
    return STARTS_TOTAL.fullmatch(label) is not None and len(filled) * 2 <= len(cells)


def is_subtotal(cells: Sequence[str]) -> bool:
    """Whether a row within the data sums up a group of rows: "Subtotal" as its first cell, else figures or nothing."""
    label = next((cell for cell in cells if cell.strip()), "")
    return bool(ONLY_SUBTOTAL.fullmatch(label)) and is_total(cells)


def is_footer(cells: Sequence[str], *, after_blank: bool) -> bool:
    """Whether a row below the data is a remark: a single cell of words, known as such or set apart by a blank row."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) != 1 or not cells[0].strip():
        return False
    text = filled[0].strip()
    return bool(FOOTER.match(text)) or bool(ONLY_TOTAL.fullmatch(text)) or (after_blank and " " in text)


def ending(rows: Sequence[tuple[Sequence[str], bool]], width: int) -> tuple[int, list[str]]:
    """How many of the last rows are no records, and the notes that say so.

    Each row is its cells and whether a blank row stands above it. A table of one or two columns has no footers
    but those set apart, since one filled cell is half a record there.
    """
    left_out, totals, footers = 0, 0, 0
    for position in range(len(rows) - 1, -1, -1):
        cells, after_blank = rows[position]
        apart = after_blank or any(blank for _, blank in rows[position : len(rows) - left_out])
        padded = [*cells, *[""] * (width - len(cells))]
        if width > 1 and is_total(padded):
            totals += 1
        elif width > 1 and is_footer(padded, after_blank=apart or _any_blank_above(rows, position)):
            footers += 1
        else:
            break
        left_out += 1
    return left_out, ending_notes(totals, footers)


def _any_blank_above(rows: Sequence[tuple[Sequence[str], bool]], position: int) -> bool:
    """Whether a remark belongs to a block of single cells that a blank row sets apart."""
    while position >= 0:
        cells, after_blank = rows[position]
        if sum(1 for cell in cells if cell.strip()) != 1:
            return False
        if after_blank:
            return True
        position -= 1
    return False


def ending_notes(totals: int, footers: int, subtotals: int = 0) -> list[str]:
    notes = []
    if totals:
        notes.append(f"{totals} total row{'s' if totals > 1 else ''} at the end left out")
    if footers:
        notes.append(f"{footers} line{'s' if footers > 1 else ''} of remarks at the end left out")
    if subtotals:
        notes.append(f"{subtotals} subtotal row{'s' if subtotals > 1 else ''} left out")
    return notes
