"""The text of a KPI's file with what the form says: what was not changed stays as somebody wrote it, comments and all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from tolok.errors import DefinitionError
from tolok.kpis.bodies import BODIES
from tolok.kpis.definition import Definition
from tolok.kpis.load import catalogue, parse
from tolok.kpis.written import lines_text, value_text
from tolok.web.kpis.content import content_of
from tolok.web.kpis.fields import TOP, fields_of

CONDITIONS = ("where", "reached_where", "plus", "minus")
HEAD = (*TOP, "aliases")
Content = Mapping[str, Any]


def read_base(text: str, id_: str) -> Definition | None:
    """The definition that a form was opened with; None for a blank one or a mere choice of a variant."""
    if not text.strip():
        return None
    read = parse(text, id_)
    return read if isinstance(read, Definition) else None


def file_text(content: Content, base_text: str = "", base: Definition | None = None) -> str:
    """The file: the base with everything changed that the content says otherwise."""
    if base is None:
        return _new(content)
    was = content_of(fields_of(base)).content
    try:
        document: Any = tomlkit.parse(base_text)
        for name in HEAD:
            if content.get(name) == was.get(name):
                continue
            if name in content:
                document[name] = _item(content[name])
            else:
                document.remove(name)
        document = _body(document, content, was)
        _variants(document, content.get("variants", {}), was.get("variants", {}))
        _tables(document, "rule", content.get("rule", []), was.get("rule", []))
        _tables(document, "example", content.get("example", []), was.get("example", []))
        _words(document, content.get("id_words", {}), was.get("id_words", {}))
        return _spaced(tomlkit.dumps(document), base_text)
    except TOMLKitError as problem:
        raise DefinitionError(
            f"The file cannot be changed by the form: {problem}", next_step="Change its text instead."
        ) from None


def _spaced(text: str, base_text: str) -> str:
    """The text with the spaces of its base: the library drops one after a date at the end of an inline table."""
    dropped = tomlkit.dumps(tomlkit.parse(base_text)).split("\n")
    kept = base_text.split("\n")
    as_it_was = dict(zip(dropped, kept, strict=True)) if len(dropped) == len(kept) else {}
    return "\n".join(as_it_was.get(line, line) for line in text.split("\n"))


def choice_text(variant: str) -> str:
    """The file that says which variant of a catalogue KPI counts here."""
    return f"variant = {value_text(variant)}\n"


def catalogue_text(id_: str) -> str:
    """The file of a KPI of the catalogue, "" for one that is not in it."""
    from pathlib import Path

    known = catalogue().get(id_)
    return Path(known.file).read_text("utf-8") if known is not None else ""


def _new(content: Content) -> str:
    blocks = [lines_text({name: content[name] for name in HEAD if name in content})]
    blocks += [f"[{kind}]\n{lines_text(content[kind])}" for kind in BODIES if kind in content]
    blocks += [f"[variants.{id_}]\n{lines_text(one)}" for id_, one in content.get("variants", {}).items()]
    blocks += [f"[[rule]]\n{lines_text(one)}" for one in content.get("rule", [])]
    blocks += [f"[[example]]\n{_example(one)}" for one in content.get("example", []) if not isinstance(one, int)]
    if content.get("id_words"):
        blocks.append(f"[in.id]\n{lines_text(content['id_words'])}")
    return "\n\n".join(blocks) + "\n"


def _item(value: Any) -> Any:
    return tomlkit.parse(f"x = {value_text(value)}\n")["x"]


def _table(text: str) -> Table:
    found = tomlkit.parse(f"[x]\n{text}\n\n")["x"]
    assert isinstance(found, Table)
    return found


def _example(content: Content) -> str:
    """An example with a line for each of its rows."""
    head = {name: value for name, value in content.items() if name not in ("rows", "answer")}
    lines = [lines_text(head)]
    for fact, rows in content["rows"].items():
        written = ",\n  ".join(value_text(row) for row in rows)
        lines.append(f"rows.{fact} = [\n  {written},\n]")
    if not content["rows"]:
        lines.append("rows = {}")
    lines.append(f"answer = {value_text(content['answer'])}")
    return "\n".join(lines)


def _body(document: Any, content: Content, was: Content) -> Any:
    """How it is computed, at the place where it stood."""
    old = next((kind for kind in BODIES if kind in was), "")
    new = next((kind for kind in BODIES if kind in content), "")
    if old == new and _same(content.get(new), was.get(old)):
        return document
    table = _table(lines_text(content.get(new, {})))
    if old == new:
        document[new] = table
        return document
    if old in document:
        document.remove(old)
    if not new:
        return document
    text = tomlkit.dumps(document)
    first = min((place for place in (text.find("\n["),) if place >= 0), default=len(text))
    block = f"\n[{new}]\n{lines_text(content[new])}\n"
    return tomlkit.parse(f"{text[:first].rstrip()}\n{block}{text[first:]}")


def _same(one: Any, other: Any, *, asked: bool = False) -> bool:
    """Whether two parts say the same; the values of a condition do so in any order."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(
            _same(one[key], other[key], asked=asked or key in CONDITIONS) for key in one
        )
    if asked and isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return bool(one == other)


def _variants(document: Any, new: Mapping[str, Content], old: Mapping[str, Content]) -> None:
    if _same(new, old) and list(new) == list(old):
        return
    if "variants" not in document:
        document["variants"] = tomlkit.table(is_super_table=True)
    for id_ in old:
        if id_ not in new:
            document["variants"].remove(id_)
    for id_, content in new.items():
        if not _same(old.get(id_), content):
            document["variants"][id_] = _table(lines_text(content))
    if not new:
        document.remove("variants")


def _tables(document: Any, name: str, new: Sequence[Content | int], old: Sequence[Content | int]) -> None:
    """A list of tables; those that stayed the same keep how they are written."""
    if list(new) == list(old):
        return
    written = list(document.get(name, []))
    free = list(enumerate(old))
    found: list[Table] = []
    for content in new:
        same = next((place for place, was in free if was == content), None)
        if same is not None:
            free = [one for one in free if one[0] != same]
            found.append(written[same])
        elif not isinstance(content, int):
            found.append(_table(_example(content) if name == "example" else lines_text(content)))
    if name in document and not found:
        document.remove(name)
    elif found:
        document[name] = AoT(found)


def _words(document: Any, new: Content, old: Content) -> None:
    if new == old:
        return
    if not new:
        document["in"].remove("id")
        if not document["in"]:
            document.remove("in")
        return
    if "in" not in document:
        document["in"] = tomlkit.table(is_super_table=True)
    if "id" not in document["in"]:
        document["in"]["id"] = _table(lines_text(new))
        return
    for name in ("name", "question", "formula", "rules", "variants", "formulas", "aliases"):
        if new.get(name) == old.get(name):
            continue
        if name in new:
            document["in"]["id"][name] = _item(new[name])
        else:
            document["in"]["id"].remove(name)
