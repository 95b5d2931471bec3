"""What the values of a mapping file mean, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from tolok.errors import DefinitionError, nearest
from tolok.model import FACTS
from tolok.sources.mapping import BESIDE, ColumnMapping, Mapping, Parse, StageMapping, Synonym, TableMapping

_TOP = {"connection", "timezone", "currency", "ignored", "table", "stage", "synonym"}
_TABLE = {
    *("name", "fact", "system", "complete", "carried", "constants", "filter"),
    *("unpivot", "unpivot_to", "dimensions", "columns"),
}
_COLUMN = {"header", "to", "parse", "format", "decimal", "values", "by", "unit", "joined", "assumption"}
_STAGE = {"pipeline", "name", "position", "outcome", "probability"}
_SYNONYM = {"fact", "written", "means", "confirmed", "refused"}


class Reader:
    """Reads plain TOML values into a mapping and says where something is wrong."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = text.splitlines()

    def fail(self, message: str, word: str, known: Iterable[str] = ()) -> DefinitionError:
        line = next(
            (n for n, text in enumerate(self.lines, 1) if word and word in text and not text.lstrip().startswith("#")),
            0,
        )
        hint = nearest(word, known) if known else ""
        return DefinitionError(message, file=self.file, line=line, next_step=hint)

    def keys(self, what: str, data: Any, allowed: set[str]) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise self.fail(f"{what} must be a table of keys and values.", "")
        for key in data:
            if key not in allowed:
                raise self.fail(f"{what} has no key “{key}”.", key, allowed)
        return data

    def text(self, data: dict[str, Any], key: str, default: str = "") -> str:
        value = data.get(key, default)
        if not isinstance(value, str):
            raise self.fail(f"“{key}” must be text in quotes.", key)
        return value

    def flag(self, data: dict[str, Any], key: str) -> bool:
        value = data.get(key, False)
        if not isinstance(value, bool):
            raise self.fail(f"“{key}” must be true or false.", key)
        return value

    def texts(self, data: dict[str, Any], key: str) -> tuple[str, ...]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(f"“{key}” must be a list of texts.", key)
        return tuple(value)

    def words(self, data: dict[str, Any], key: str) -> dict[str, str]:
        value = data.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise self.fail(f"“{key}” must map texts to texts.", key)
        return dict(value)

    def mapping(self, data: dict[str, Any]) -> Mapping:
        top = self.keys("The mapping", data, _TOP)
        for key in ("table", "stage", "synonym"):
            if not isinstance(top.get(key, []), list):
                raise self.fail(f"Write [[{key}]] with two brackets: there may be several.", key)
        return Mapping(
            connection=self.text(top, "connection"),
            timezone=self.text(top, "timezone", "UTC"),
            currency=self.text(top, "currency"),
            tables=tuple(self.table(item) for item in top.get("table", [])),
            stages=tuple(self.stage(item) for item in top.get("stage", [])),
            synonyms=tuple(self.synonym(item) for item in top.get("synonym", [])),
            ignored=self.texts(top, "ignored"),
        )

    def table(self, item: Any) -> TableMapping:
        data = self.keys("A table", item, _TABLE)
        fact = self.text(data, "fact")
        if fact not in FACTS or FACTS[fact].derived_from:
            raise self.fail(
                f"“{fact}” is no fact that can be imported.", fact, [n for n, f in FACTS.items() if not f.derived_from]
            )
        columns = data.get("columns", [])
        if not isinstance(columns, list):
            raise self.fail("“columns” must be a list.", "columns")
        targets = FACTS[fact].column_names
        constants = self.words(data, "constants")
        for name in constants:
            if name not in targets:
                raise self.fail(f"The fact {fact} has no column “{name}”.", name, targets)
        sides = self.texts(data, "unpivot_to") or ("", "")
        if len(sides) != 2:
            raise self.fail("“unpivot_to” names two columns: one for the heading, one for the cell.", "unpivot_to")
        filters = data.get("filter", {})
        if not isinstance(filters, dict):
            raise self.fail("“filter” must map a heading to a list of words.", "filter")
        return TableMapping(
            table=self.text(data, "name"),
            fact=fact,
            columns=tuple(self.column(column, fact) for column in columns),
            constants=constants,
            filter={header: self.texts(filters, header) for header in filters},
            unpivot=self.texts(data, "unpivot"),
            unpivot_to=(sides[0], sides[1]),
            system=self.text(data, "system"),
            complete=self.flag(data, "complete"),
            dimensions=self.texts(data, "dimensions"),
            carried=self.flag(data, "carried"),
        )

    def column(self, item: Any, fact: str) -> ColumnMapping:
        data = self.keys("A column", item, _COLUMN)
        header, to = self.text(data, "header"), self.text(data, "to")
        if not header:
            raise self.fail("A column needs the header that it stands for.", "header")
        own = FACTS[fact]
        state = fact == "deal_events" and to.startswith("new:")
        name = to.removeprefix("new:") if state else to
        if name not in ("", "-", *BESIDE) and (FACTS["deals"] if state else own).column(name) is None:
            raise self.fail(f"The fact {fact} has no column “{to}”.", to, own.column_names)
        parse = self.text(data, "parse", "text")
        if parse not in get_args(Parse):
            raise self.fail(f"“{parse}” is no way to read a column.", parse, get_args(Parse))
        decimal = self.text(data, "decimal", ".")
        if decimal not in (".", ","):
            raise self.fail('“decimal” is "." or ",".', "decimal")
        by = self.text(data, "by")
        if by not in ("", "id", "name"):
            raise self.fail('“by” is "id" or "name".', by, ("id", "name"))
        return ColumnMapping(
            header=header,
            to=to,
            parse=parse,  # type: ignore[arg-type]
            format=self.text(data, "format"),
            decimal=decimal,
            values=self.words(data, "values"),
            by=by,  # type: ignore[arg-type]
            unit=self.text(data, "unit"),
            joined=self.texts(data, "joined"),
            assumption=self.text(data, "assumption"),
        )

    def stage(self, item: Any) -> StageMapping:
        data = self.keys("A stage", item, _STAGE)
        outcome = self.text(data, "outcome", "open")
        if outcome not in ("open", "won", "lost"):
            raise self.fail(f"“{outcome}” is no outcome of a stage.", outcome, ("open", "won", "lost"))
        position, chance = data.get("position", 0), data.get("probability")
        if not isinstance(position, int) or isinstance(position, bool):
            raise self.fail("“position” must be a whole number.", "position")
        if chance is not None and (
            isinstance(chance, bool) or not isinstance(chance, int | float) or not 0 <= chance <= 100
        ):
            raise self.fail("“probability” must be a number from 0 to 100.", "probability")
        return StageMapping(
            self.text(data, "pipeline"),
            self.text(data, "name"),
            position,
            outcome,  # type: ignore[arg-type]
            None if chance is None else float(chance),
        )

    def synonym(self, item: Any) -> Synonym:
        data = self.keys("A synonym", item, _SYNONYM)
        fact = self.text(data, "fact")
        if fact not in FACTS:
            raise self.fail(f"“{fact}” is no fact.", fact, FACTS)
        confirmed, refused = self.flag(data, "confirmed"), self.flag(data, "refused")
        if confirmed and refused:
            raise self.fail("A synonym is either confirmed or refused.", "refused")
        return Synonym(fact, self.text(data, "written"), self.text(data, "means"), confirmed, refused)
