"""Words that cells are written with: nothing, yes and no, months, units, currencies, won and lost."""

from __future__ import annotations

import unicodedata

BLANKS = " \t\r\n\u00a0\u2007\u2009\u202f\u200b\ufeff"
"""Characters around a value that mean nothing."""

NOTHING: tuple[str, ...] = tuple(
    sorted(
        {
            form
            for word in (
                "null", "n/a", "na", "#n/a", "n.a.", "-", "--", "–", "—", "none", "nil", "nan", "nat", "(blank)",
                "(kosong)", "(vacío)", "(vacías)", "(leer)", "(vide)", "(leeg)", "(none)", "(no value)", "#null!",
                "#ref!", "#value!", "#name?", "#div/0!", "undefined", "<null>", "\\n",
            )
            for form in (word, word.upper(), word.capitalize())
        }
        | {"NaN", "NaT", "\\N"}
    )
)  # fmt: skip
"""Cells that say "there is nothing here"."""

NOT_YET: frozenset[str] = frozenset(
    [
        "not closed", "not yet", "not set", "no date", "tbd", "tba", "n.n.", "не закрыта", "не закрыто", "не закрыт",
        "no cerrado", "não fechado", "nao fechado", "belum ditutup", "belum closing", "belum ada", "belum", "tanpa tanggal",
        "nicht geschlossen", "offen", "open", "pending", "non fermé", "non chiuso", "niet gesloten", "abierto", "aberto",
        "ongoing", "in progress",
    ]
)  # fmt: skip
"""What stands in a column of dates for a day that has not come; in other columns these are words like any."""

TRUE: tuple[str, ...] = (
    "true", "t", "yes", "y", "1", "1.0", "x", "on", "✓", "✔", "ya", "iya", "benar", "betul", "aktif", "active", "sí",
    "si", "verdadero", "sim", "verdadeiro", "oui", "vrai", "ja", "wahr", "waar", "vero", "done", "selesai",
    "completed", "enabled",
)  # fmt: skip
FALSE: tuple[str, ...] = (
    "false", "f", "no", "n", "0", "0.0", "off", "✗", "tidak", "tdk", "bukan", "salah", "nonaktif", "tidak aktif",
    "inactive", "falso", "não", "nao", "non", "faux", "nein", "falsch", "nee", "onwaar", "belum", "disabled",
)  # fmt: skip

_MONTH_WORDS: tuple[str, ...] = (
    "january januari enero janeiro janvier januar gennaio jan ene janv gen jän jänner",
    "february februari pebruari febrero fevereiro février februar febbraio feb peb fev févr fév",
    "march maret marzo março mars märz maart mar mrt mrz mär",
    "april abril avril aprile apr abr avr",
    "may mei mayo maio mai maggio mag",
    "june juni junio junho juin giugno jun giu",
    "july juli julio julho juillet luglio jul juil lug",
    "august agustus agosto août augustus aug ags agt agu agust ago aoû",
    "september septiembre setiembre setembro septembre settembre sep sept set",
    "october oktober octubre outubro octobre ottobre oct okt out ott",
    "november nopember noviembre novembro novembre nov nop",
    "december desember diciembre dezembro décembre dezember dicembre dec des dic dez déc",
)


def plain(text: str) -> str:
    """Lower case without accents.

    >>> plain("Février")
    'fevrier'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).strip()


MONTHS: dict[str, int] = {
    plain(word): number for number, line in enumerate(_MONTH_WORDS, start=1) for word in line.split()
}
"""Month names and their abbreviations, without accents, in eight languages."""

UNITS: dict[str, int] = {
    "k": 10**3, "rb": 10**3, "ribu": 10**3, "thousand": 10**3, "thousands": 10**3, "tsd": 10**3, "mila": 10**3,
    "jt": 10**6, "juta": 10**6, "mn": 10**6, "mm": 10**6, "mio": 10**6, "mln": 10**6, "million": 10**6,
    "millions": 10**6, "millones": 10**6, "milhoes": 10**6, "millionen": 10**6, "miljoen": 10**6, "milioni": 10**6,
    "m": 10**6, "miliar": 10**9, "milyar": 10**9, "mlr": 10**9, "mrd": 10**9, "bn": 10**9, "b": 10**9,
    "billion": 10**9, "billions": 10**9, "milliarden": 10**9, "milliards": 10**9, "triliun": 10**12, "t": 10**12,
}  # fmt: skip
"""Words after a number that multiply it. ``m`` is a million unless the column's mapping says a miliar."""

SYMBOLS: dict[str, str] = {
    "Rp": "IDR", "€": "EUR", "£": "GBP", "R$": "BRL", "¥": "JPY", "₹": "INR", "RM": "MYR", "S$": "SGD", "A$": "AUD",
    "C$": "CAD", "US$": "USD", "$": "USD", "₱": "PHP", "฿": "THB", "₫": "VND", "CHF": "CHF", "zł": "PLN", "kr": "SEK",
    "₩": "KRW", "HK$": "HKD", "NT$": "TWD", "MX$": "MXN", "NZ$": "NZD", "₺": "TRY", "₽": "RUB", "₴": "UAH",
}  # fmt: skip
"""Currency symbols; a bare ``$`` is the workspace's own dollar where it has one."""

CODES: frozenset[str] = frozenset(
    [
        "AED",
        "ARS",
        "AUD",
        "BDT",
        "BGN",
        "BHD",
        "BND",
        "BOB",
        "BRL",
        "CAD",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CRC",
        "CZK",
        "DKK",
        "DOP",
        "EGP",
        "EUR",
        "GBP",
        "GTQ",
        "HKD",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "IRR",
        "ISK",
        "JOD",
        "JPY",
        "KES",
        "KHR",
        "KRW",
        "KWD",
        "KZT",
        "LAK",
        "LKR",
        "MAD",
        "MMK",
        "MOP",
        "MXN",
        "MYR",
        "NGN",
        "NOK",
        "NPR",
        "NZD",
        "OMR",
        "PAB",
        "PEN",
        "PGK",
        "PHP",
        "PKR",
        "PLN",
        "PYG",
        "QAR",
        "RON",
        "RSD",
        "RUB",
        "SAR",
        "SEK",
        "SGD",
        "THB",
        "TND",
        "TRY",
        "TWD",
        "TZS",
        "UAH",
        "UGX",
        "USD",
        "UYU",
        "VES",
        "VND",
        "XAF",
        "XOF",
        "ZAR",
    ]
)

WON: tuple[str, ...] = (
    "won", "win", "closed won", "closedwon", "close won", "menang", "berhasil", "deal", "sukses", "ganada", "ganado",
    "cerrada ganada", "cierre ganado", "cerrado ganado", "ganha", "ganho", "fechada ganha", "fechado ganho", "vencida",
    "gewonnen", "abgeschlossen gewonnen", "gagne", "gagnee", "ferme gagne", "fermee gagnee", "conclu gagne", "vinto",
    "vinta", "chiuso vinto", "chiusa vinta", "gesloten gewonnen", "erfolgreich", "success", "successful", "converted",
    "closing menang", "tutup menang", "kontrak ditandatangani", "signed", "contract signed",
    "order received", "auftrag erhalten", "vendida", "vendido", "vendu", "vendue", "verkauft", "venduto", "venduta",
    "verkocht", "terjual", "successful deal", "sold", "w", "negocio fechado", "venda ganha", "venda realizada", "conclue",
    "conclu", "lograda", "logrado", "logrado con exito", "venta ganada", "chiusa conquistata", "geschlossen und gewonnen",
    "conquistata", "conquistato", "ditutup menang", "сделка успешна", "успешно реализовано", "успешная сделка", "выиграна",
    "выиграно", "продажа", "成約", "受注", "成立", "赢单", "成交", "wygrana", "wygrane", "wygrany", "kazanıldı", "vunnen",
    "vundet", "thắng", "thành công", "successo", "exitoso", "exitosa", "exito", "concretizado", "concretizada",
)  # fmt: skip
LOST: tuple[str, ...] = (
    "lost", "lose", "closed lost", "closedlost", "close lost", "kalah", "gagal", "batal", "perdida", "perdido",
    "cerrada perdida", "cierre perdido", "cerrado perdido", "fechada perdida", "fechado perdido", "verloren",
    "abgeschlossen verloren", "perdu", "perdue", "ferme perdu", "fermee perdue", "conclu perdu", "perso", "persa",
    "chiuso perso", "chiusa persa", "gesloten verloren", "closed lost to competition", "abandoned", "cancelled",
    "canceled", "dead", "rejected", "ditolak", "tutup kalah", "no decision", "disqualified", "dropped", "declined",
    "tidak jadi", "tidak berhasil", "out sold", "closed out sold", "fallido", "gescheitert", "abgelehnt", "afgewezen",
    "descartada", "descartado", "failed", "failed deal", "tidak lanjut", "batal beli", "l", "venta perdida", "venda perdida",
    "ditutup kalah", "geschlossen und verloren", "сделка провалена", "закрыто и не реализовано", "проиграна", "провалена",
    "провал", "отказ", "失注", "不成立", "输单", "丢单", "przegrana", "przegrane", "przegrany", "kaybedildi", "förlorad", "tabt",
    "thua", "thất bại", "abandonada", "abandonado", "cancelada", "cancelado", "annullata", "annulee", "abgesagt", "absage",
)  # fmt: skip
OPEN: tuple[str, ...] = (
    "open", "terbuka", "berjalan", "proses", "in progress", "abierta", "abierto", "aberta", "aberto", "em aberto",
    "em andamento", "offen", "ouvert", "ouverte", "en cours", "aperto", "aperta", "lopend", "pending", "active",
    "aktif", "new", "baru", "on hold", "in behandeling", "en curso", "prospek", "follow up", "ongoing", "on progress",
    "on going", "masih proses", "sedang proses", "pausada", "pausado", "in corso", "laufend", "o", "в работе", "новая",
    "進行中", "进行中", "w toku", "otwarte", "devam ediyor", "öppen", "pagaende", "đang xử lý", "suspended",
)  # fmt: skip
