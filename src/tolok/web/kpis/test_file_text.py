"""The form says everything that a KPI file can say, and leaves alone what nobody changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tolok.kpis.load import catalogue, parse
from tolok.web.kpis.content import content_of
from tolok.web.kpis.fields import fields_of
from tolok.web.kpis.file_text import file_text

KPIS = sorted(catalogue().items())


def text_of(id_: str) -> str:
    return Path(catalogue()[id_].file).read_text("utf-8")


@pytest.mark.parametrize(("id_", "definition"), KPIS)
def test_a_file_that_nobody_changed_stays_as_it_is_to_the_letter(id_, definition):
    written = content_of(fields_of(definition))
    assert written.problems == {}
    assert file_text(written.content, text_of(id_), definition) == text_of(id_)


@pytest.mark.parametrize(("id_", "definition"), KPIS)
def test_a_file_written_anew_from_the_form_says_the_same(id_, definition):
    written = content_of(fields_of(definition))
    again = parse(file_text(written.content), id_)
    kept = tuple(
        one
        for one, said in zip(definition.examples, written.content["example"], strict=True)
        if not isinstance(said, int)
    )
    assert plain(again) == plain(replace(definition, examples=kept))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 'Robert"; [value]\nsum = "x" # \\ \x00 \u2028'),
        ("note", "\"\"\"\n[[rule]]\n'''"),
        ("id_question", "]\n[in.fr]\nname = 'x'"),
    ],
)
def test_a_name_is_a_name_however_much_it_looks_like_a_file(field, value):
    definition = catalogue()["win_rate"]
    fields = fields_of(definition).having(**{field: value})
    again = parse(file_text(content_of(fields).content, text_of("win_rate"), definition), "win_rate")
    said = {"name": again.name, "note": again.note, "id_question": again.words["id"].question}
    assert said[field] == value.strip()
    assert again.body == definition.body
    assert len(again.rules) == len(definition.rules)


def test_a_change_of_one_field_changes_one_line():
    definition = catalogue()["win_rate"]
    before = "# ours\n" + text_of("win_rate")
    after = file_text(content_of(fields_of(definition).having(name="Hit rate")).content, before, definition)
    changed = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    assert changed == [('name = "Win rate"', 'name = "Hit rate"')]


def test_another_way_of_computing_stands_where_the_old_one_stood():
    definition = catalogue()["win_rate"]
    fields = fields_of(definition).plus(
        {"body.kind": ["value"], "body.of.aggregate": ["count"], "unit": ["count"], "variants.0.unit": ["percent"]}
    )
    for prefix in ("variants.0", "variants.1", "variants.2"):
        fields = fields.plus({f"{prefix}.unit": ["percent"]})
    text = file_text(content_of(fields).content, text_of("win_rate"), definition)
    assert text.index("[value]") < text.index("[variants.by_value]")
    assert "[ratio]" not in text
    again = parse(text, "win_rate")
    assert again.body.of.where == definition.body.of.where
    assert again.examples == definition.examples


def test_a_variant_a_rule_and_an_example_can_be_taken_away_and_the_others_stay():
    definition = catalogue()["win_rate"]
    fields = fields_of(definition).without("variants.2").without("rules.0").without("examples.7").without("examples.0")
    text = file_text(content_of(fields).content, text_of("win_rate"), definition)
    again = parse(text, "win_rate")
    assert list(again.variants) == ["by_value", "by_value_90_days"]
    assert again.rules == ()
    assert again.examples == (*definition.examples[1:7], *definition.examples[8:])


def plain(definition):
    return replace(
        definition,
        file="",
        words={key: value for key, value in definition.words.items() if key == "id"},
        variants={key: replace(value) for key, value in definition.variants.items()},
    )
