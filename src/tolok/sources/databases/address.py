"""The address of a database: which kind it is, where it lies, and how it may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from tolok.errors import SourceError
from tolok.sources.databases.options import checked

Kind = Literal["sqlite", "postgresql", "mysql"]
SCHEMES: dict[str, Kind] = {
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
}
_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Address:
    """Where a database is. The password is never part of how it is shown."""

    kind: Kind
    name: str  # of the database; of SQLite the file's
    path: Path | None = None
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    options: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"Address({self.shown!r})"

    @property
    def shown(self) -> str:
        """The address without its password."""
        if self.path is not None:
            return self.path.name
        at = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        return f"{self.kind}://{at}{self.host}{port}/{self.name}"


def is_database(path: Path) -> bool:
    """Whether a file is a SQLite database, by how it begins.

    >>> is_database(Path("nothing-here.csv"))
    False
    """
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def parsed(place: str | Path) -> Address:
    """An address from a URL or from a SQLite file; refused in a sentence that names no password.

    >>> parsed("postgresql://ana:s3cret@db.example:5433/sales").shown
    'postgresql://ana@db.example:5433/sales'
    """
    if isinstance(place, Path) or "://" not in place:
        path = Path(place)
        return Address("sqlite", path.stem, path=path)
    scheme = place.split("://", 1)[0].split("+")[0].casefold()
    kind = SCHEMES.get(scheme)
    if kind is None:
        raise SourceError(
            f"Tolok reads no {scheme or 'nameless'} database.",
            next_step="Give sqlite:///file.db, postgresql://user@host/name or mysql://user@host/name.",
        )
    if kind != "sqlite" and place.split("?")[0].count("@") > 1:
        raise SourceError(
            "The database's address holds more than one @.",
            next_step="In a password write @ as %40, / as %2F, : as %3A and ? as %3F.",
        )
    try:
        parts = urlsplit(place)
        port = parts.port or 0
    except ValueError:
        raise SourceError(
            "The database's address cannot be read.",
            next_step="Write it as postgresql://user:password@host:5432/name, with % codes for / : @ in a password.",
        ) from None
    if kind == "sqlite":
        path = Path(unquote(parts.path.removeprefix("/")))  # sqlite:///here.db, sqlite:////var/there.db
        return Address("sqlite", path.stem, path=path)
    name = unquote(parts.path.strip("/"))
    if not parts.hostname or not name:
        raise SourceError(
            "The database's address names no host or no database.",
            next_step=f"Write it as {kind}://user:password@host/name.",
        )
    options = tuple(parse_qsl(parts.query, keep_blank_values=True))
    if any(key.casefold() in ("user", "password", "passwd", "pwd") for key, _ in options):
        raise SourceError(
            "User and password stand before the host in a database's address.",
            next_step=f"Write it as {kind}://user:password@host/name.",
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Address(kind, name, None, parts.hostname, port, user, password, checked(kind, options))
