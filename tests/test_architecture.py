"""The code keeps its own habits: small named modules with docstrings, layers, documented commands, no machine's paths."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from itertools import combinations
from pathlib import Path

import click
import pytest

from tolok.cli import COMMANDS, tolok

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(
    path
    for path in (ROOT / "src").rglob("*.py")
    if not path.name.startswith(("test_", "conftest")) and path.parent.name != "migrations"
)
LONGEST = 500
LONGER: dict[str, str] = {}
"""Modules over the length, by path under src, each with the reason why it is one concept nevertheless."""

VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "stuff", "tools"}
SELF = Path(__file__).name


def under_src(module: Path) -> str:
    return module.relative_to(ROOT / "src").as_posix()


def committed() -> list[Path]:
    """The files under version control, or all of the project's where there is no repository (an unpacked release)."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    return [path for part in ("src", "tests", "docs", "benchmarks") for path in (ROOT / part).rglob("*.*")]


def test_there_is_code_to_look_at() -> None:
    assert len(MODULES) > 100
    assert len(committed()) > len(MODULES)


@pytest.mark.parametrize("module", MODULES, ids=under_src)
def test_a_module_says_what_it_is_in_its_first_line(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    if not tree.body:
        assert module.name == "__init__.py", f"{module.name} is empty"
        return
    first = (ast.get_docstring(tree) or "").split("\n")[0]
    assert len(first.split()) >= 2, f"{under_src(module)} does not say what it is"


def test_no_module_grows_beyond_one_concept() -> None:
    long = {under_src(module) for module in MODULES if len(module.read_text(encoding="utf-8").splitlines()) > LONGEST}
    assert long - set(LONGER) == set(), "split them by concept, or give a reason in LONGER"
    assert set(LONGER) - long == set(), "no longer long: take them off the list"
    assert all(len(reason.split()) > 3 for reason in LONGER.values())


def test_modules_are_named_by_nouns_of_the_field() -> None:
    assert [under_src(module) for module in MODULES if {module.stem, *module.parent.parts} & VAGUE] == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    homes = re.compile(r"(?<![\w.])/(?:home|Users|root|work|mnt)/[A-Za-z0-9_.-]+/|[A-Z]:\\\\?Users\\")
    found = []
    for path in committed():
        if path.name == SELF:
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in homes.finditer(text)]
    assert found == []


def test_nothing_is_left_to_do_in_the_code() -> None:
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
    found = [
        f"{under_src(module)}:{number}"
        for module in MODULES
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), 1)
        if unfinished.search(line)
    ]
    assert found == []


def layers() -> list[list[str]]:
    """The layers of the contract, from the highest to the lowest; siblings stand together."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(one for one in settings["tool"]["importlinter"]["contracts"] if one["id"] == "layers")
    assert contract["exhaustive"] is True
    return [[name.strip().strip("()") for name in re.split(r"[|:]", layer)] for layer in contract["layers"]]


def imported(module: Path) -> set[str]:
    """The top-level parts of Tolok that a module imports anywhere in it, also inside functions and for types."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            if node.module == "tolok":
                names = [f"tolok.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("tolok.")}
    return found


def test_a_layer_imports_only_layers_below_it() -> None:
    """The same contract as import-linter's, by reading the imports themselves."""
    height = {name: -place for place, layer in enumerate(layers()) for name in layer}
    for module in MODULES:
        part = module.relative_to(ROOT / "src" / "tolok").parts[0].removesuffix(".py")
        if part == "__init__":
            continue
        for other in imported(module) - {part}:
            assert height[other] < height[part], f"{under_src(module)} imports tolok.{other}"


def test_the_order_of_the_design_is_kept() -> None:
    """What the contract may never be loosened to."""
    height = {name: -place for place, layer in enumerate(layers()) for name in layer}
    order = ["errors", "settings", "money", "model", "store", "query", "workspace", "demo", "cli"]
    assert all(height[low] < height[high] for low, high in combinations(order, 2))
    for siblings in (("money", "periods"), ("sources", "store", "kpis"), ("imports", "query")):
        assert len({height[name] for name in siblings}) == 1


@pytest.mark.parametrize("engine", ["duckdb", "psycopg", "pymysql"])
def test_only_what_stores_or_reads_data_knows_an_engine(engine: str) -> None:
    """Definitions, answers and the command line are the same on every engine."""
    pattern = re.compile(rf"^\s*(?:import|from) {engine}\b", re.MULTILINE)
    parts = {
        module.relative_to(ROOT / "src" / "tolok").parts[0]
        for module in MODULES
        if pattern.search(module.read_text(encoding="utf-8"))
    }
    assert parts <= {"store", "sources", "imports", "demo"}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_its_options_are_explained(name: str) -> None:
    command = tolok.get_command(click.Context(tolok), name)
    assert command is not None
    assert command.help
    unexplained = [
        option.opts[0]
        for option in command.params
        if isinstance(option, click.Option) and not option.help and not isinstance(option.type, click.Choice)
    ]
    assert unexplained == []


def test_the_names_of_the_library_are_the_promised_ones() -> None:
    import tolok as library

    assert set(library.__all__) == {"Answer", "Filter", "Question", "Row", "TolokError", "Viewer", "Workspace", "open"}
    assert all(getattr(library, name) for name in library.__all__)
