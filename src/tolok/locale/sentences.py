"""What the engine says, in another language: its sentences are known by their form, whatever values stand in them.

The engine speaks English and knows nothing of languages, so that a message is written where it is raised, once, and a
job can keep what was said as plain text. ``sentences.po`` holds the forms with ``{}`` for each value; a text is matched
against them at the edge, where a page shows it. ``sentences()`` reads the forms from the code, so that a test finds one
that has no Indonesian.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import zip_longest
from pathlib import Path

from tolok import errors

PACKAGE = Path(__file__).parent.parent
FILE = Path(__file__).with_name("sentences.po")
LAYERS = ("imports", "kpis", "periods", "query", "settings", "sources", "store", "targets", "model", "insights")
"""The layers that speak without knowing of languages."""
READERS = ("imports", "sources")
"""Layers whose remarks on what they read are kept in lists: every plain sentence in them is one."""
ALONE = ("errors.py", "money.py", "workspace.py", "app/work.py", "app/jobs.py", "app/configure.py")
SPEAK = {name for name, thing in vars(errors).items() if isinstance(thing, type) and issubclass(thing, Exception)}
"""Classes whose first words, and next step, are said to a person."""
PARTS = (
    *("proposed", "accepted", "contested", "approved", "withdrawn", "ended"),
    *("a text", "a whole number", "true or false", "a list of texts", "a table", "a list", "nothing"),
    *("setting", "key of {}", "{} … ({} in all)", "'{}' {}: {}."),
    *("resolving", "comparing {}", "deriving", "publishing", "recognising", "waiting {}", "reading {}", "staging {}"),
    *("The row is kept without it.", "a sheet of notes by its name", "{}: {} rows new or changed, snapshot {}{}."),
    *("a data dictionary: it describes the columns of other tables", "not imported, {}"),
    *("row", "rows", "line", "lines", "cell", "cells", "day", "week", "month", "quarter", "year", "won", "lost"),
    *("{} and others", "{} first", "{} count as {}"),
    *("no row meets all conditions", "{} rows carry no amount, so nothing can be told by value"),
    "“{}” is no currency that has an ISO code here.",
    *("a summary of counts, which Tolok computes from the records themselves",),
    *("a PDF document", "a picture ({})", "a program", "a {} archive", "an xz archive", "an RTF document"),
    *("a sound file", "a Word document", "a PowerPoint presentation", "a Visio drawing", "an Android package"),
    *("a PostgreSQL dump", "an ORC file", "an Avro file", "an Arrow file", "a Microsoft Access database"),
)
"""Forms that stand inside others, or are how far a job is."""
LONGEST = 4_000
"""Characters of a text that is looked at; no sentence is longer."""
_SQL = re.compile(r"[A-Z]{3,} ")
_SPLIT = re.compile(r"(?<=[.?!…;]) ")
_PLACE = re.compile(r": ")
_ANOTHER = re.compile(r"[:;] ")
"""A sentence that begins with a value does not begin with a sentence."""
_UNSAID = re.compile(r"[A-Z]{3,}| AS |\bIN \(|\\\\|::|\(\?|[|^$*]|\w\(|_\w+, | ['\"]?\{\}['\"]? THEN |^#")
"""What stands in statements, patterns and files, and in no remark."""
_WORDS = re.compile(r"(?<![\w{])[a-z]+(?![\w}=])")


def said(text: str, language: str) -> str:
    """What the engine said, in a language; as it is where nothing of the form is known.

    >>> said("There is no KPI 'winrate'. Did you mean win_rate?", "id")
    "Tidak ada KPI 'winrate'. Apakah maksud Anda win_rate?"
    """
    if language == "en" or not text or len(text) > LONGEST:
        return text
    return _whole(text) or text


@lru_cache(maxsize=2048)
def _whole(text: str) -> str | None:
    """The translation of a text: of one form, or of several that follow one another."""
    partly = None
    for split in _SPLIT.finditer(text):
        rest, joint = text[split.end() :], ";" if text[split.start() - 1] == ";" else ""
        if (first := _one(text[: split.start()].removesuffix(joint))) is not None:
            after = _whole(rest)
            if after is not None:
                return f"{first}{joint} {after}"
            if joint:
                continue
            partly = partly or f"{first} {rest}"
    found = _one(text) or partly
    if found is not None:
        return found
    for place in _PLACE.finditer(text):  # a file, a table or a column before what is said of it
        if said := _whole(text[place.end() :]):
            return f"{text[: place.start()]}: {said}"
    return None


def _one(text: str) -> str | None:
    plain, forms = _known()
    if text in plain:
        return plain[text]
    for parts, other in forms:
        values = _values(text, parts)
        if values is not None:
            said = [_value(value) for value in values]
            return "".join(part + value for part, value in zip_longest(other, said, fillvalue=""))
    return None


def _values(text: str, parts: list[str]) -> list[str] | None:
    """What stands between the parts of a form, each as short as can be; None where the text is not of that form.

    >>> _values("There is no KPI 'x'.", ["There is no KPI ", "."])
    ["'x'"]
    """
    first, *between, last = parts
    if not text.startswith(first) or not text.endswith(last):
        return None
    found, at, end = [], len(first), len(text) - len(last)
    for part in between:
        to = text.find(part, at + 1, end)
        if to < 0:
            return None
        found.append(text[at:to])
        at = to + len(part)
    if not first and any(_ANOTHER.search(value) for value in found):
        return None
    return [*found, text[at:end]] if at < end else None


def _value(text: str) -> str:
    """What stands in a sentence: often a name, sometimes another sentence, whose full stop was taken off."""
    found = _whole(text) or (_whole(f"{text}.") or "").rstrip(".") or text
    known = _one(text[:1].lower() + text[1:]) if found == text and text[:1].isupper() else None
    return known[:1].upper() + known[1:] if known else found


@cache
def _known() -> tuple[dict[str, str], list[tuple[list[str], list[str]]]]:
    """Sentences without values, and the parts of forms with them: those with most words of their own first."""
    plain, forms = {}, []
    for english, other in translations().items():
        parts = english.split("{}")
        if len(parts) == 1:
            plain[english] = other
        else:
            forms.append((parts, other.split("{}")))
    forms.sort(key=lambda form: -sum(map(len, form[0])))
    return plain, forms


@cache
def translations() -> dict[str, str]:
    """The Indonesian of each form."""
    from babel.messages.pofile import read_po

    with FILE.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale="id", abort_invalid=True) if m.id and m.string}


def sentences() -> dict[str, str]:
    """Every form that the code says, and where."""
    found = dict.fromkeys(PARTS, "locale/sentences.py")
    for path in _sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        readers = path.relative_to(PACKAGE).parts[0] in READERS
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] if readers else []
        remarks = [remark for function in functions for remark in _remarks(function)]
        for line, text in (*_of(tree), *remarks):
            if " " in text and re.search(r"[A-Za-z]{2}", text) and not _SQL.match(text):
                found.setdefault(text, f"{path.relative_to(PACKAGE)}:{line}")
    return found


def missing() -> dict[str, str]:
    """The forms without Indonesian, and where each is said."""
    known = translations()
    return {text: where for text, where in sentences().items() if text not in known}


def _sources() -> Iterator[Path]:
    for layer in LAYERS:
        yield from sorted((PACKAGE / layer).rglob("*.py"))
    for name in ALONE:
        yield PACKAGE / name


def _of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.FunctionDef) and node.name == "nearest":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    yield from ((inner.lineno, text) for text in _texts(inner.value))
        elif isinstance(node, ast.Return) and node.value is not None:
            yield from ((node.lineno, text) for text in _texts(node.value) if text.startswith(("must ", "is not ")))
        elif isinstance(node, ast.Lambda):
            yield from ((node.lineno, text) for text in _texts(node.body) if text.startswith("must "))
        elif isinstance(node, ast.Assign):
            for value in _given_to_words(node):
                yield from ((node.lineno, text) for text in _texts(value))


def _remarks(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The plain sentences in a function of the readers, joined as the code joins them; sets and tables hold headings."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Constant):
            continue  # a docstring
        if isinstance(inner, ast.Set | ast.Dict | ast.FunctionDef):
            continue
        if isinstance(inner, ast.Constant | ast.JoinedStr | ast.IfExp | ast.BinOp):
            for text in _texts(inner):
                if len(_WORDS.findall(text)) > 2 and not _UNSAID.search(text):
                    yield inner.lineno, text.replace("{text}", "{}")
        else:
            yield from _remarks(inner)


def _given_to_words(node: ast.Assign) -> Iterator[ast.expr]:
    """What is kept under a name that is said later, alone or beside other things."""
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=False))
        else:
            pairs = [(target, node.value)]
        for name, value in pairs:
            if _name(name) in ("error", "said", "sentence"):
                yield value


def _of_call(node: ast.Call) -> Iterator[tuple[int, str]]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    given = [word.value for word in node.keywords if word.arg in ("next_step", "says", "error", "message")]
    if name in SPEAK:
        given += node.args[:1]
    elif name == "_matches":
        given += node.args[1:]
    elif name in (
        "Unreachable",
        "_absent",
        "Finding",
        "refuse",
        "_refuse",
        "in_our_words",
        "_in_our_words",
        "tell",
    ) or (name == "append" and _name(getattr(node.func, "value", None)) == "notes"):
        given += node.args
    for value in given:
        yield from ((node.lineno, text) for text in _texts(value))


def _name(node: ast.expr | None) -> str:
    return str(getattr(node, "attr", getattr(node, "id", "")))


def _texts(node: ast.expr) -> Iterator[str]:
    """The forms that an expression may come to, as far as the code says them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        for left in list(_texts(node.left)) or ["{}"]:
            for right in list(_texts(node.right)) or ["{}"]:
                yield left + right
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _texts(value)
