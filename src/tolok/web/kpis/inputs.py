"""One field of the builder: its label, what stands in it, what may be chosen, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tolok.web.kpis.fields import Fields
from tolok.web.kpis.offers import Offers, Options


@dataclass(frozen=True)
class Input:
    """A field. ``shows`` is whether a change of it changes what else is asked; ``listed`` are values to pick while typing."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"  # text, area, number, whole, date, select, checks, said
    options: Options = ()
    empty: str | None = None  # what no choice is called, None where one must be made
    chosen: tuple[str, ...] = ()
    rest: str = ""  # of checks: what is chosen and not listed, one a line
    help: str = ""
    problems: tuple[str, ...] = ()
    shows: bool = False
    wide: bool = False
    listed: tuple[str, ...] = ()
    bare: bool = False  # the label is for readers of screens alone

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")

    @property
    def described(self) -> str:
        """The ids of what describes it."""
        ids = ([f"{self.id}-help"] if self.help else []) + ([f"{self.id}-error"] if self.problems else [])
        return " ".join(ids)

    @property
    def option_tags(self) -> SafeString:
        """The choices as a browser reads them; a page has thousands of them, so no template walks over them."""
        parts = [] if self.empty is None else [f'<option value="">{escape(self.empty)}</option>']
        for group, options in self.options:
            inner = "".join(
                f'<option value="{escape(value)}"{" selected" if value == self.value else ""}>{escape(word)}</option>'
                for value, word in options
            )
            parts.append(f'<optgroup label="{escape(group)}">{inner}</optgroup>' if group else inner)
        return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above

    @property
    def checks(self) -> tuple[tuple[str, str, bool], ...]:
        return tuple((value, word, value in self.chosen) for _, group in self.options for value, word in group)


@dataclass
class Asking:
    """What the parts of the form are made from: the fields as they stand, their problems, and the choices."""

    fields: Fields
    offers: Offers
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def text(self, name: str, label: Any, **more: Any) -> Input:
        return self._input(name, label, **more)

    def select(self, name: str, label: Any, options: Options | Mapping[str, Any], **more: Any) -> Input:
        """A choice; what stands in the field and is not offered is offered as it is written."""
        groups = as_options(options)
        value = more.pop("value", None) or self.fields.get(name)
        known = {one for _, group in groups for one, _ in group}
        if value and value not in known:
            groups = (*groups, ("", ((value, value),)))
        if not value and more.get("empty") is None and groups:
            value = next((one for _, group in groups for one, _ in group), "")
        return self._input(name, label, kind="select", options=groups, value=value, **more)

    def _input(self, name: str, label: Any, **more: Any) -> Input:
        self.asked.add(name)
        more.setdefault("value", self.fields.get(name))
        return Input(name, str(label), problems=tuple(self.problems.get(name, ())), **more)

    def left_over(self) -> tuple[str, ...]:
        """What is wrong with no field that is shown."""
        return tuple(says for name, told in self.problems.items() if name not in self.asked for says in told)


def as_options(options: Options | Mapping[str, Any]) -> Options:
    if isinstance(options, Mapping):
        return (("", tuple((value, str(word)) for value, word in options.items())),)
    return options


def plain_options(values: Iterable[str]) -> Options:
    return (("", tuple((value, value) for value in values)),)
