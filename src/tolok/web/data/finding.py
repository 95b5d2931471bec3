"""A finding in the words of people: facts and columns by the names that pages give them, figures as the reader writes them."""

from __future__ import annotations

import re
from decimal import Decimal

from tolok.locale import sentences
from tolok.model import FACTS
from tolok.money import format_value
from tolok.query.check import Finding
from tolok.web.kpis import words
from tolok.web.look.tags import language

_LACKING = re.compile(r"(?<= have no )[a-z ]+(?=;)")
_WRONG_WAY = re.compile(r"\(([a-z ]+) before ([a-z ]+)\)")
_FIGURE = re.compile(r"(?<![\w'.,-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w'])")


def told(finding: Finding) -> str:
    """What a finding says, in the language of the page."""
    text = finding.says
    if finding.fact in FACTS:
        plain = finding.fact.replace("_", " ")
        text = re.sub(rf"(?<=\d ){plain}\b|^{plain}\b|(?<=there are no ){plain}\b", _fact(finding.fact), text)
        text = _LACKING.sub(lambda found: _column(found.group()), text)
        text = _WRONG_WAY.sub(lambda found: f"({_column(found[1])} before {_column(found[2])})", text)
    if not finding.names:
        text = _FIGURE.sub(lambda found: _figure(found.group()), text)
    return sentences.said(text, language())


def _fact(name: str) -> str:
    return words.fact(name).lower()


def _column(plain: str) -> str:
    """A column as pages call it, in quotes: it is a name, whatever it reads like."""
    return f"“{words.column(plain.replace(' ', '_'))}”"


def _figure(text: str) -> str:
    """A figure without its cents, with the marks of the reader's language."""
    return format_value(round(Decimal(text.replace(",", ""))), "count", "", language(), full=True)
