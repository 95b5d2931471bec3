"""Interface text in Indonesian: every page keeps its own ``id.po``; together they become the catalogue that Django reads.

English is what the code says. ``python -m tolok.locale`` compiles, ``--missing`` lists what has no Indonesian yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from tolok import temporary

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

PACKAGE = Path(__file__).parent.parent
LANGUAGE = "id"
Key = tuple[str, str]
"""A text's context ("" for none) and its English."""

_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


@cache
def compiled() -> Path:
    """A folder in Django's layout with the catalogue compiled from all ``id.po`` files of the package."""
    from babel.messages.mofile import write_mo

    folder = temporary.folder("locale")
    place = folder / LANGUAGE / "LC_MESSAGES"
    place.mkdir(parents=True)
    out = BytesIO()
    write_mo(out, _together())
    (place / "django.mo").write_bytes(out.getvalue())
    return folder


def files() -> list[Path]:
    """Every file of Indonesian interface text."""
    return sorted(PACKAGE.rglob(f"{LANGUAGE}.po"))


def _messages_of(path: Path) -> Iterator[Message]:
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        for message in read_po(file, locale=LANGUAGE, abort_invalid=True):
            if message.id and message.string:
                yield message


def _together() -> Catalog:
    """All texts in one catalogue; of two for one thing, the first."""
    from babel.messages.catalog import Catalog

    whole = Catalog(locale=LANGUAGE, charset="utf-8")
    whole.mime_headers = [("Plural-Forms", "nplurals=1; plural=0;")]  # Indonesian has no plural
    for path in files():
        for message in _messages_of(path):
            if whole.get(message.id, message.context) is None:
                whole.add(message.id, message.string, context=message.context)
    return whole


def conflicts() -> list[str]:
    """What is said in two ways, where; one of them needs a context (pgettext, {% translate … context %})."""
    said: dict[object, tuple[object, Path]] = {}
    found = []
    for path in files():
        for message in _messages_of(path):
            first = said.setdefault((message.context, message.id), (message.string, path))
            if first[0] != message.string:
                found.append(
                    f"{message.id!r}: {first[0]!r} in {first[1].parent.name}, {message.string!r} in {path.parent.name}"
                )
    return found


def translated() -> set[Key]:
    """What has an Indonesian text."""
    return {(m.context or "", m.id if isinstance(m.id, str) else m.id[0]) for m in _together() if m.id and m.string}


def used() -> dict[Key, str]:
    """What the code and the templates say, and where each was first seen."""
    found: dict[Key, str] = {}
    for path in _sources():
        text = path.read_text(encoding="utf-8")
        for line, key in _messages(path, text):
            found.setdefault(key, f"{path.relative_to(PACKAGE)}:{line}")
    return found


def missing() -> dict[Key, str]:
    """What is said somewhere and has no Indonesian, with the place."""
    known = translated()
    return {key: where for key, where in used().items() if key not in known}


def _sources() -> Iterator[Path]:
    for layer in ("app", "web", "reports", "api"):
        for ending in ("*.py", "*.html", "*.txt"):
            yield from sorted(path for path in (PACKAGE / layer).rglob(ending) if not path.name.startswith("test_"))


def _messages(path: Path, text: str) -> Iterator[tuple[int, Key]]:
    from babel.messages.extract import extract

    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        text = re.sub(r"\bu(?=['\"])", "", templatize(text, origin=str(path)))
    for line, message, _, context in extract(
        "python",
        BytesIO(text.encode()),
        keywords=_KEYWORDS,
        options={"encoding": "utf-8"},
    ):
        plain = message if isinstance(message, str) else message[0]
        if plain:
            yield line, (context or "", plain)


def written(keys: dict[Key, str]) -> str:
    """Entries without a translation, in the form of an ``id.po``, to be filled in."""
    out = StringIO()
    for (context, text), where in sorted(keys.items(), key=lambda item: item[1]):
        out.write(f"#: {where}\n")
        if context:
            out.write(f'msgctxt "{context}"\n')
        quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        out.write(f'msgid "{quoted}"\nmsgstr ""\n\n')
    return out.getvalue()
