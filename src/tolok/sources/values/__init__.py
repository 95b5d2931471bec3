"""How values are written: dates, numbers, yes and no, ids, and the SQL that reads them."""

from __future__ import annotations

from tolok.sources.values.spellings import propose_synonyms
from tolok.sources.values.typed import TypedExpression, expression, source_of

__all__ = ["TypedExpression", "expression", "propose_synonyms", "source_of"]
