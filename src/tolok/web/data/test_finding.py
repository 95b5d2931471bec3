"""Findings are told with the words and figures of the reader's language."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from tolok.query.check import Finding
from tolok.web.data.finding import told


@pytest.mark.parametrize(
    ("fact", "says", "english", "indonesian"),
    [
        (
            "tickets",
            "14 of 3,584 tickets have no solved on; these KPIs cannot count them",
            "14 of 3,584 requests have no “Solved on”; these",
            "14 dari 3.584 permintaan layanan tidak memiliki “Tanggal selesai”;",
        ),
        (
            "deals",
            "1,200 deals end before they begin (closed on before created on)",
            "1,200 deals end before they begin (“Closed on” before “Created on”)",
            "1.200 peluang ",
        ),
        (
            "orders",
            "won deals add up to 467,725,899,179.34, orders to 656,184,215,664.06 IDR; revenue_from in tolok.toml says"
            " which of them is revenue",
            "467,725,899,179, orders to 656,184,215,664 IDR",
            "467.725.899.179, pesanan 656.184.215.664 IDR",
        ),
        ("products", "'Kopi 1,000 g' and 'kopi 1,000 g' look like one product", "'Kopi 1,000 g'", "'Kopi 1,000 g'"),
    ],
)
def test_words_and_figures_are_the_readers(fact, says, english, indonesian):
    names = ("Kopi 1,000 g", "kopi 1,000 g") if "look like" in says else ()
    finding = Finding("watch", fact, 14, 3584, says, names=names)
    with override("en"):
        assert english in told(finding)
    with override("id"):
        assert indonesian in told(finding)
