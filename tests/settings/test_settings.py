"""Settings: every one declared with help and example, every mistake named with its line, comments left alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tolok import settings
from tolok.errors import DefinitionError, WorkspaceError
from tolok.settings import NorthStar, Setting, Settings, Source, declared
from tolok.settings.writing import as_text

ALL = declared()


def test_a_workspace_that_says_nothing_has_all_defaults() -> None:
    assert settings.parse("") == settings.defaults() == Settings()


@pytest.mark.parametrize("setting", ALL, ids=[setting.name for setting in ALL])
def test_every_setting_has_help_and_a_legal_example_that_differs(setting: Setting) -> None:
    assert setting.help[0].isupper()
    assert not setting.help.endswith(".")
    assert setting.example != setting.default
    written = as_text({setting.name: setting.example})
    found = getattr(settings.parse(written), setting.name)
    assert found == setting.example
    if setting.legal:
        assert setting.default in setting.legal or isinstance(setting.default, tuple)


@pytest.mark.parametrize(("of", "table"), [(NorthStar, "[north_star]"), (Source, "[[source]]")])
def test_every_key_of_a_table_has_a_legal_example(of: type[NorthStar] | type[Source], table: str) -> None:
    for setting in declared(of):
        if setting.name != "url":
            value = str(setting.example).lower() if isinstance(setting.example, bool) else f'"{setting.example}"'
            lines = {"name": 'name = "a"', "path": 'path = "b"'} if of is Source else {}
            settings.parse("\n".join([table, *{**lines, setting.name: f"{setting.name} = {value}"}.values()]))


def test_a_new_workspace_explains_every_setting(tmp_path: Path) -> None:
    made = settings.create(tmp_path / "shop", currency="IDR", timezone="Asia/Jakarta", fiscal_year_start=None)
    text = (tmp_path / "shop" / "tolok.toml").read_text()
    assert made == settings.load(tmp_path / "shop") == settings.load(tmp_path / "shop" / "tolok.toml")
    assert (made.name, made.currency, made.timezone) == ("shop", "IDR", "Asia/Jakarta")
    for setting in ALL:
        assert setting.help in text
        assert re.search(rf"(?m)^(# )?{setting.name} = ", text)
    assert all((tmp_path / "shop" / name).is_dir() for name in ("mappings", "kpis", "imports", "facts"))
    # Without the leading #, every line is a legal setting too.
    assert settings.parse(re.sub(r"(?m)^# (\w+ = )", r"\1", text.split("# [north_star]")[0]))


def test_never_touches_an_existing_workspace(tmp_path: Path) -> None:
    settings.create(tmp_path / "shop")
    with pytest.raises(WorkspaceError, match="a workspace already"):
        settings.create(tmp_path / "shop", currency="EUR")
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="is a file"):
        settings.create(tmp_path / "file")


def test_a_wrong_choice_makes_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="three capital letters"):
        settings.create(tmp_path / "shop", currency="rupiah")
    with pytest.raises(DefinitionError, match="Did you mean currency"):
        settings.create(tmp_path / "shop", curency="IDR")
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('name = "a"\ncurency = "IDR"', "tolok.toml:2: Unknown setting 'curency'. Did you mean currency?"),
        ('timezone = "Asia/Jakata"', "tolok.toml:1: 'timezone' is not a known time zone: 'Asia/Jakata'. Did you mean"),
        ("fiscal_year_start = 13", "tolok.toml:1: 'fiscal_year_start' must be from 1 to 12: 13."),
        ('threads = "two"', "tolok.toml:1: 'threads' must be a whole number, not 'two'."),
        ("threads = true", "tolok.toml:1: 'threads' must be a whole number, not True."),
        ("snapshots_kept = 0", "'snapshots_kept' must be at least 1: 0."),
        ('calendar = "4-4-4"', "'calendar' cannot be '4-4-4'. Did you mean"),
        ('languages = ["en", "fr"]', "'languages' cannot be 'fr'."),
        ('languages = "en"', "'languages' must be a list of texts, not 'en'."),
        ("closed_on = [1]", "'closed_on' must be a list of texts."),
        ('closed_on = ["31/12/2026"]', "must hold dates as 2026-12-31, which '31/12/2026' is not"),
        ('memory_limit = "lots"', "must be a size such as 2GB or 500MB: 'lots'."),
        ('working_hours = "nine to five"', "must be such as 09:00-17:00"),
        ('name = "a"\n\ncurrency = ', "tolok.toml:3: This is not TOML"),
        ('name = "a"\nname = "b"', "tolok.toml:2: This is not TOML"),
        ("north_star = 3", "tolok.toml:1: 'north_star' must be a table. Write [north_star]"),
        ('[north_star]\n\nkpy = "x"', "tolok.toml:3: Unknown key of north_star 'kpy'. Did you mean kpi?"),
        ("source = 3", "'source' must be a list of tables."),
        ('[[source]]\npath = "x"', "tolok.toml:1: A source needs a name"),
        ('[[source]]\nname = "a"', "tolok.toml:1: Source 'a' needs either a path or a url."),
        (
            '[[source]]\nname = "a"\npath = "x"\n[[source]]\npath = "y"\nname = "a"',
            "tolok.toml:6: Two sources are called 'a'.",
        ),
        (
            '[[source]]\nname = "a"\npath = "x"\n[[source]]\nname = "b"\npath = "y"\nschedule = "often"',
            "tolok.toml:7: 'schedule' must be 'hourly'",
        ),
        ('[[source]]\nname = "a"\npath = "x"\ncomplete = "yes"', "tolok.toml:4: 'complete' must be true or false"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, says: str) -> None:
    with pytest.raises(DefinitionError) as refusal:
        settings.parse(text)
    assert says in str(refusal.value)


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"is no workspace.*tolok init"):
        settings.load(tmp_path)
    (tmp_path / "tolok.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(DefinitionError, match="UTF-8"):
        settings.load(tmp_path)


def test_changes_leave_comments_and_order_alone(tmp_path: Path) -> None:
    file = tmp_path / "tolok.toml"
    file.write_text(
        "# Ours.\ncurrency = 'IDR' # not USD\n# week_start = \"monday\"\n\n"
        "[[source]] # nightly\nname = \"crm\"\npath = '../x'\n"
    )
    settings.save(file, {"week_start": "sunday", "north_star.kpi": "revenue", "threads": 2, "currency": "EUR"})
    text = file.read_text()
    assert '# Ours.\ncurrency = "EUR" # not USD\nweek_start = "sunday"\n' in text
    assert "[[source]] # nightly\nname = \"crm\"\npath = '../x'\n" in text
    found = settings.load(file)
    assert (found.week_start, found.first_weekday, found.north_star.kpi, found.threads) == ("sunday", 6, "revenue", 2)
    assert [source.name for source in found.sources] == ["crm"]


def test_a_wrong_change_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    settings.create(tmp_path)
    before = (tmp_path / "tolok.toml").read_text()
    with pytest.raises(DefinitionError, match="revenue_from"):
        settings.save(tmp_path / "tolok.toml", {"currency": "EUR", "revenue_from": "invoices"})
    assert (tmp_path / "tolok.toml").read_text() == before


def test_sources_are_added_and_replaced_by_name(tmp_path: Path) -> None:
    settings.create(tmp_path)
    file = tmp_path / "tolok.toml"
    settings.add_source(file, Source(name="crm", path="../exports", complete=True))
    settings.add_source(file, Source(name="db", url="${TOLOK_DB_URL}", query="SELECT \"a\" FROM 'b'"))
    found = settings.add_source(file, Source(name="crm", path="../exports/new"))
    assert found.sources == (
        Source(name="crm", path="../exports/new"),
        Source(name="db", url="${TOLOK_DB_URL}", query="SELECT \"a\" FROM 'b'"),
    )
    assert found == settings.load(file)


def test_secrets_come_from_the_environment_and_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLOK_TEST_PASSWORD", "s3cret")
    assert settings.expanded("postgresql://a:${TOLOK_TEST_PASSWORD}@h/d") == "postgresql://a:s3cret@h/d"
    with pytest.raises(WorkspaceError, match="TOLOK_TEST_NOTHING is not set"):
        settings.expanded("${TOLOK_TEST_NOTHING}")
    for text in ("mysql://a:s3cret@h/d", "host=h password=s3cret", "https://h/?api_key=s3cret&x=1", "x://:s3@cret@h"):
        assert "s3" not in settings.redacted(text)
    with pytest.raises(DefinitionError) as refusal:
        settings.parse('engine = "postgresql://a:s3cret@h/d"')
    assert "s3cret" not in str(refusal.value)
