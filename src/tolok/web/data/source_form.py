"""The form of a source: a folder or file of the server, or a database; what it says is checked before it is kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.errors import TolokError
from tolok.imports.connection import cleaned
from tolok.imports.refresh import variable
from tolok.settings import Settings, Source
from tolok.settings.secrets import is_kept
from tolok.sources.databases import is_database, parsed
from tolok.sources.databases.statement import reading_only
from tolok.web.look.tags import said

EVERY = (
    ("", gettext_lazy("Only when somebody asks")),
    ("every 15 minutes", gettext_lazy("Every 15 minutes")),
    ("hourly", gettext_lazy("Every hour")),
    ("every 6 hours", gettext_lazy("Every 6 hours")),
    ("daily", gettext_lazy("Every day")),
    ("weekly", gettext_lazy("Every week")),
)
USUAL = "06:00"


class SourceForm(forms.Form):
    """One source. A password goes in and never comes out."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, help_text=gettext_lazy("Small letters, digits and underscores: crm")
    )
    path = forms.CharField(label=gettext_lazy("Folder or file on the server"), required=False, max_length=1000)
    url = forms.CharField(
        label=gettext_lazy("Or the address of a database"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("postgresql://user@host:5432/name or mysql://user@host/name, without the password"),
    )
    password = forms.CharField(
        label=gettext_lazy("Password of the database"),
        required=False,
        max_length=300,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    query = forms.CharField(
        label=gettext_lazy("Table, or query"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy("Of a database: the name of one table or one SELECT; empty for all its tables"),
    )
    schedule = forms.ChoiceField(label=gettext_lazy("Refresh"), required=False, choices=EVERY)
    at = forms.TimeField(
        label=gettext_lazy("At, for every day"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    complete = forms.BooleanField(label=gettext_lazy("What is no longer in it was deleted"), required=False)

    def __init__(self, settings: Settings, folder: Path, before: Source | None, *args: Any, **kwargs: Any) -> None:
        self.settings, self.folder, self.before = settings, folder, before
        if before is not None:
            every, _space, at = (
                before.schedule.partition(" ") if before.schedule[:5] == "daily" else (before.schedule, "", "")
            )
            kwargs["initial"] = {
                "name": before.name,
                "path": before.path,
                "url": without_password(before.url),
                "query": before.query,
                "schedule": every,
                "at": at or USUAL,
                "complete": before.complete,
            }
        super().__init__(*args, **kwargs)
        if before is not None:
            del self.fields["name"]
            if before.schedule and before.schedule[:5] != "daily" and before.schedule not in dict(EVERY):
                self.fields["schedule"].choices = [*EVERY, (before.schedule, before.schedule)]  # type: ignore[attr-defined]
            if self.has_password:
                self.fields["password"].help_text = _("One is kept; leave this empty to keep it.")

    @property
    def has_password(self) -> bool:
        return self.before is not None and (
            is_kept(self.folder, variable(self.before.name)) or bool(urlsplit(self.before.url).password)
        )

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip().casefold()
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or cleaned(name) != name:
            raise forms.ValidationError(_("Give a name of small letters, digits and underscores, such as crm."))
        if any(source.name.casefold() == name for source in self.settings.sources):
            raise forms.ValidationError(_("There is a source of this name already."))
        return name

    def clean_path(self) -> str:
        wanted = str(self.cleaned_data["path"]).strip()
        if not wanted or (self.before is not None and wanted == self.before.path):
            return wanted
        allowed = [Path(one).resolve() for one in self.settings.import_folders]
        if not allowed:
            raise forms.ValidationError(_("The server's settings name no folder to import from (import_folders)."))
        try:
            found = (self.folder / wanted).resolve(strict=True) if "${" not in wanted else None
        except (OSError, ValueError, RuntimeError):
            found = None
        if found is None or not any(found.is_relative_to(one) for one in allowed):
            folders = ", ".join(self.settings.import_folders)
            raise forms.ValidationError(_("There is nothing at that path below %(folders)s.") % {"folders": folders})
        return str(found)

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        if not url or (self.before is not None and url == without_password(self.before.url)):
            return url
        if "${" in url:
            raise forms.ValidationError(_("Write the address itself; what ${…} stands for is set on the server."))
        try:
            address = parsed(url) if "://" in url else None
        except TolokError as error:
            raise forms.ValidationError(said(str(error))) from None
        if address is None:
            raise forms.ValidationError(_("Write the address as postgresql://user@host:5432/name."))
        if address.kind == "sqlite":
            raise forms.ValidationError(_("Give a SQLite database as the path of its file."))
        if address.password:
            raise forms.ValidationError(_("Leave the password out of the address; it has a field of its own."))
        return url

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.errors:
            return given
        if bool(given.get("path")) == bool(given.get("url")):
            raise forms.ValidationError(_("Give either a path or the address of a database."))
        query = str(given.get("query", "")).strip()
        if query:
            self._query(given, query)
        url, password = given["url"], given["password"]
        moved = self.before is None or url != without_password(self.before.url)
        if url and moved and self.has_password and not password:
            self.add_error("password", _("The address is another one: enter the password for it again."))
        elif password and not url:
            self.add_error("password", _("Only a database has a password."))
        elif password and not urlsplit(url).username:
            self.add_error("url", _("Name the user in the address: postgresql://user@host/name."))
        if given.get("schedule") == "daily":
            given["schedule"] = f"daily {given['at']:%H:%M}" if given.get("at") else f"daily {USUAL}"
        return given

    def _query(self, given: dict[str, Any], query: str) -> None:
        kind = parsed(given["url"]).kind if given["url"] else "sqlite"
        if given["path"] and not is_database((self.folder / given["path"]).resolve()):
            self.add_error("query", _("Only a database has a table or a query to choose."))
        elif re.search(r"\s", query):
            try:
                reading_only(query, kind)
            except TolokError as error:
                self.add_error("query", said(str(error)))

    def source(self) -> tuple[Source, str | None]:
        """The source as it is to be written, and the password to keep: None to leave it, "" to forget it."""
        given = self.cleaned_data
        before = self.before or Source(name=given["name"])
        url, password = given["url"], given["password"]
        if url and url == without_password(before.url) and not password:
            url = before.url
        elif url and (password or self.has_password):
            url = _with_variable(url, variable(before.name))
        written = Source(
            name=before.name,
            path=given["path"],
            url=url,
            query=" ".join(given["query"].split()) if not _has_text(given["query"]) else given["query"].strip(),
            map=before.map,
            schedule=given["schedule"],
            complete=given["complete"],
        )
        return written, quote(password, safe="") if password else (None if url else "")


def without_password(url: str) -> str:
    """An address for a form, without what stands for its password.

    >>> without_password("postgresql://ana:${TOLOK_CRM_PASSWORD}@db/sales")
    'postgresql://ana@db/sales'
    """
    return re.sub(r"(?<=://)([^\s/:@]*):([^\s@]*)@", r"\1@", url)


def _with_variable(url: str, name: str) -> str:
    scheme, _mark, rest = url.partition("://")
    user, _at, host = rest.rpartition("@")
    return f"{scheme}://{quote(unquote(user), safe='')}:${{{name}}}@{host}"


def _has_text(query: str) -> bool:
    """Whether line breaks in a query may matter: in what is quoted or said as a comment."""
    return "'" in query or '"' in query or "--" in query or "`" in query
