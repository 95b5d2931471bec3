"""What a person changed in how a table is read, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tolok.sources.mapping import ColumnMapping, TableMapping
from tolok.web.data.mapping_rows import REST, field_words, form_words
from tolok.web.kpis import words


def told(before: TableMapping | None, after: TableMapping) -> list[str]:
    """One phrase for each change: Closed: Expected close → Closed on."""
    if before is None:
        return [_("%(table)s is read as %(fact)s") % {"table": after.table, "fact": words.fact(after.fact)}]
    found = []
    was = {(column.header, column.to): column for column in before.columns}
    now = {(column.header, column.to): column for column in after.columns}
    gone = [column for key, column in was.items() if key not in now]
    for key, column in now.items():
        old = was.get(key)
        if old is None:
            other = next((one for one in gone if one.header == column.header), None)
            then = field_words(before.fact, other.to if other else "")
            found.append(f"{column.header}: {then} → {field_words(after.fact, column.to)}")
        elif old != column:
            found += [f"{column.header}: {change}" for change in _of_column(old, column)]
    kept = {column.header for key, column in now.items() if key not in was}
    found += [
        _("%(column)s: no longer %(field)s") % {"column": one.header, "field": field_words(before.fact, one.to)}
        for one in gone
        if one.header not in kept and one.parse != "instant"
    ]
    if before.constants.get("currency", "") != after.constants.get("currency", ""):
        pair = [one.constants.get("currency", "") or _("that of the source") for one in (before, after)]
        found.append(f"{_('Currency')}: {pair[0]} → {pair[1]}")
    return found


def _of_column(old: ColumnMapping, new: ColumnMapping) -> list[str]:
    found = []
    if (old.format or "iso") != (new.format or "iso"):
        found.append(f"{form_words(old.format or 'iso')} → {form_words(new.format or 'iso')}")
    if old.decimal != new.decimal:
        found.append(_("the decimal sign is “%(sign)s”") % {"sign": new.decimal})
    if old.by != new.by:
        found.append(_("by its name") if new.by == "name" else _("by its number"))
    for word in dict.fromkeys((*old.values, *new.values)):
        if old.values.get(word) != new.values.get(word):
            meant = new.values.get(word)
            called = _("not said") if meant is None else words.value(meant) if meant else _("says nothing")
            found.append(f"“{_('every other word') if word == REST else word}” = {called}")
    return found
