"""Headings written short: ``OPP_AMT_USD``, ``Sls Rep``, ``nm_pelanggan``, spelled out as the vocabulary has them."""

from __future__ import annotations

from functools import cache
from itertools import product

from tolok.sources.values.words import CODES

SHORT: dict[str, tuple[str, ...]] = {
    "opp": ("opportunity",), "opps": ("opportunity",), "oppty": ("opportunity",), "opty": ("opportunity",),
    "opportunities": ("opportunity",), "cust": ("customer",), "cst": ("customer",), "acct": ("account",),
    "acc": ("account",), "org": ("organization",), "co": ("company",), "comp": ("company",), "prod": ("product",),
    "prd": ("product",), "itm": ("item",), "stg": ("stage",), "sts": ("status",), "stat": ("status",), "amt": ("amount",),
    "amnt": ("amount",), "val": ("value",), "rev": ("revenue",), "dt": ("date",), "dte": ("date",), "tm": ("time",),
    "ts": ("timestamp",), "nm": ("name", "nama"), "cd": ("code",), "kd": ("kode",), "num": ("number", "numero"),
    "nbr": ("number",), "nr": ("number", "nummer"), "no": ("number",), "sls": ("sales",), "slsmn": ("salesman",),
    "salesp": ("salesperson",), "mgr": ("manager",), "emp": ("employee",), "rgn": ("region",), "reg": ("region",),
    "terr": ("territory",), "ctry": ("country",), "cntry": ("country",), "cty": ("city",), "desc": ("description",),
    "descr": ("description",), "prob": ("probability",), "pct": ("percent",), "exp": ("expected",), "cls": ("close",),
    "clsd": ("closed",), "crt": ("created",), "crtd": ("created",), "cre": ("created",), "upd": ("updated",),
    "inv": ("invoice",), "invc": ("invoice",), "ord": ("order",), "cat": ("category",), "ctg": ("category",),
    "qty": ("quantity",), "qnty": ("quantity",), "prc": ("price",), "src": ("source",), "cmpgn": ("campaign",),
    "camp": ("campaign",), "chnl": ("channel",), "curr": ("currency",), "cur": ("currency",), "ccy": ("currency",),
    "typ": ("type", "typ"), "tgl": ("tanggal",), "thn": ("tahun",), "bln": ("bulan",), "jml": ("jumlah",),
    "hrg": ("harga",), "brg": ("barang",), "plg": ("pelanggan",), "plgn": ("pelanggan",), "cab": ("cabang",),
    "wil": ("wilayah",), "ket": ("keterangan",), "fch": ("fecha",), "fec": ("fecha",), "imp": ("importe",),
    "vlr": ("valor",), "cli": ("cliente", "client"), "vend": ("vendedor", "vendeur"), "kd nr": ("kundennummer",),
    "dat": ("datum",), "betr": ("betrag",), "bez": ("bezeichnung",), "opgericht": ("aangemaakt",),
}  # fmt: skip
"""Short words, each with what it may stand for."""

_CURRENCY_WORDS = {code.casefold() for code in CODES} | {
    "rp",
    "rupiah",
    "euro",
    "euros",
    "dollar",
    "dollars",
    "real",
    "reais",
}
_MOST = 12


@cache
def spelled_out(text: str) -> tuple[str, ...]:
    """Other ways to read a heading in plain words, without the ways in which it is written already.

    >>> spelled_out("opp amt usd"), spelled_out("nm pelanggan")
    (('opp amt', 'opportunity amount usd', 'opportunity amount'), ('name pelanggan', 'nama pelanggan'))
    """
    tokens = text.split()
    found: dict[str, None] = {}
    if len(tokens) > 1 and tokens[-1] in _CURRENCY_WORDS:
        found[" ".join(tokens[:-1])] = None
    elif len(tokens) > 1 and tokens[0] in _CURRENCY_WORDS:
        found[" ".join(tokens[1:])] = None
    choices = [SHORT.get(token, (token,)) for token in tokens]
    if len(tokens) <= 6 and any(token in SHORT for token in tokens):
        for words in list(product(*choices))[:_MOST]:
            long = " ".join(words)
            found[long] = None
            if len(tokens) > 1 and tokens[-1] in _CURRENCY_WORDS:
                found[long.rsplit(" ", 1)[0]] = None
    found.pop(text, None)
    return tuple(found)
