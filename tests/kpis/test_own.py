"""An organisation's own KPI files are written whole, checked with all others, and never over somebody's change."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from tolok.errors import DefinitionError
from tolok.kpis import own
from tolok.kpis.load import catalogue

TEXT = Path(catalogue()["deals_won"].file).read_text("utf-8")
TWICE = """name = "Twice"
question = "Twice as many?"
formula = "two times ours"
unit = "count"
better = "higher"
timing = "lagging"
family = "operational"
function = "sales"
[arithmetic]
expression = "ours * 2"
"""


def test_a_file_is_written_and_says_what_it_said_before(tmp_path):
    assert own.save(tmp_path, "ours", TEXT, seen=own.stamp("")) == ""
    assert own.save(tmp_path, "ours", f"# new\n{TEXT}", seen=own.stamp(TEXT)) == TEXT
    assert [path.name for path in tmp_path.iterdir()] == ["ours.toml"]


@pytest.mark.parametrize("id_", ["../evil", "a/b", "a\\b", "A", "", ".", "a.b", "a\x00", "é", "x" * 81, "a\n"])
def test_an_id_that_is_none_is_never_a_path(tmp_path, id_):
    with pytest.raises(DefinitionError, match="cannot be the id"):
        own.save(tmp_path / "kpis", id_, TEXT, seen=own.stamp(""))
    assert own.file_of(tmp_path, id_) is None
    assert not list(tmp_path.rglob("*"))


def test_what_is_wrong_leaves_the_file_as_it_was(tmp_path):
    own.save(tmp_path, "ours", TEXT, seen=own.stamp(""))
    for wrong in ("", "name = ", TEXT.replace("deals", "dealz"), "#" * 300_000):
        with pytest.raises(DefinitionError):
            own.save(tmp_path, "ours", wrong, seen=own.stamp(TEXT))
    assert own.text_of(tmp_path, "ours") == TEXT


def test_the_second_of_many_at_once_is_told(tmp_path):
    own.save(tmp_path, "ours", TEXT, seen=own.stamp(""))
    told = []

    def change(number: int) -> None:
        try:
            own.save(tmp_path, "ours", f"# {number}\n{TEXT}", seen=own.stamp(TEXT))
        except own.Meanwhile:
            told.append(number)

    threads = [Thread(target=change, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 5


def test_a_kpi_that_another_needs_is_not_removed(tmp_path):
    own.save(tmp_path, "ours", TEXT, seen=own.stamp(""))
    own.save(tmp_path, "twice", TWICE, seen=own.stamp(""))
    definitions = own.checked(tmp_path, "twice", TWICE)
    assert own.uses(definitions, "ours") == ("twice",)
    with pytest.raises(DefinitionError, match="twice names a KPI 'ours'"):
        own.remove(tmp_path, "ours", seen=own.stamp(TEXT))
    own.remove(tmp_path, "twice", seen=own.stamp(TWICE))
    assert own.remove(tmp_path, "ours", seen=own.stamp(TEXT)) == TEXT


def test_a_broken_file_beside_it_does_not_stop_the_mending(tmp_path):
    (tmp_path / "broken.toml").write_text("name =", "utf-8")
    (tmp_path / "latin.toml").write_bytes(b"name = \xff")
    own.save(tmp_path, "ours", TEXT, seen=own.stamp(""))
    found, broken = own.read_each(tmp_path)
    assert set(found) == {"ours"}
    assert set(broken) == {"broken", "latin"}


def test_an_error_says_which_keys_lead_to_it(tmp_path):
    with pytest.raises(DefinitionError) as told:
        own.checked(tmp_path, "ours", TEXT.replace('status = "won"', 'statsu = "won"', 1))
    assert told.value.path[-2:] == ("where", "statsu")
    assert told.value.says.startswith("deals has no column")


def test_the_file_of_the_how_to_is_one(tmp_path):
    from tolok.kpis.load import parse
    from tolok.query.examples import agrees, run

    page = (Path(__file__).parents[2] / "docs" / "how-to" / "kpis.md").read_text("utf-8")
    text = "\n".join(line[4:] for line in page.splitlines() if line.startswith("    ") or not line)
    kpi = parse(text, "red_deals")
    assert agrees(kpi.examples[0], run(kpi, kpi.examples[0], {"red_deals": kpi}))
