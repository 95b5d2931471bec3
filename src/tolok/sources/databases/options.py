"""Options behind the ? of a database's address: each is honoured, or refused in a sentence; none is passed over."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from typing import Any

from tolok.errors import SourceError, nearest

POSTGRES_PASSED = (
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslcrl",
    "sslnegotiation",
    "channel_binding",
    "application_name",
)
KNOWN = {
    "sqlite": (),
    "postgresql": (*POSTGRES_PASSED, "schema"),
    "mysql": ("ssl_mode", "ssl_ca", "ssl_cert", "ssl_key", "charset"),
}
_OTHER_NAMES = {"sslmode": "ssl_mode", "sslrootcert": "ssl_ca", "sslcert": "ssl_cert", "sslkey": "ssl_key"}
MODES = ("disabled", "preferred", "required", "verify_ca", "verify_identity")
_OTHER_MODES = {"disable": "disabled", "prefer": "preferred", "require": "required", "verify_full": "verify_identity"}

Options = Sequence[tuple[str, str]]


def checked(kind: str, options: Options) -> tuple[tuple[str, str], ...]:
    """The options under Tolok's names for them.

    >>> checked("mysql", [("ssl-mode", "VERIFY_IDENTITY"), ("ssl-ca", "ca.pem")])
    (('ssl_mode', 'verify_identity'), ('ssl_ca', 'ca.pem'))
    """
    found: dict[str, str] = {}
    kept = []
    for written, value in options:
        name = written.casefold().replace("-", "_")
        if kind == "mysql":
            name = _OTHER_NAMES.get(name, name)
        if name not in KNOWN[kind]:
            raise SourceError(
                f"A {kind} address has no option {written!r} that Tolok knows.",
                next_step=nearest(name, KNOWN[kind]) or "Leave it out.",
            )
        if not value:
            raise SourceError(f"The option {written!r} of the database's address is empty.", next_step="Leave it out.")
        if name == "ssl_mode":
            value = _mode(value)
        if name != "schema" and found.setdefault(name, value) != value:
            raise SourceError(f"The database's address says {written!r} twice.", next_step="Say it once.")
        kept.append((name, value))
    return tuple(kept)


def _mode(written: str) -> str:
    value = written.casefold().replace("-", "_")
    value = _OTHER_MODES.get(value, value)
    if value not in MODES:
        raise SourceError(f"MySQL has no ssl_mode {written!r}.", next_step=nearest(value, MODES))
    return value


def mysql_tls(options: Options) -> dict[str, Any]:
    """What the MySQL driver is told about TLS; a certificate without a mode asks for verify_ca, as MySQL's own does."""
    said = dict(options)
    ca, certificate, key = said.get("ssl_ca"), said.get("ssl_cert"), said.get("ssl_key")
    files = ca or certificate or key
    mode = said.get("ssl_mode") or ("verify_ca" if ca else "required" if files else "preferred")
    if files and mode in ("disabled", "preferred"):
        raise SourceError(
            f"Certificates are given, but ssl_mode {mode} does not need them.",
            next_step="Write ssl_mode=verify_identity, or leave the certificates out.",
        )
    if key and not certificate:
        raise SourceError("ssl_key is given without ssl_cert.", next_step="Give both or none.")
    if mode == "preferred":
        return {}
    if mode == "disabled":
        return {"ssl_disabled": True}
    try:
        context = ssl.create_default_context(cafile=ca)
        if certificate:
            context.load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise SourceError(
            "The certificates of the database's address cannot be read.",
            next_step="Check the files of ssl_ca, ssl_cert and ssl_key.",
        ) from error
    context.check_hostname = mode == "verify_identity"
    context.verify_mode = ssl.CERT_NONE if mode == "required" else ssl.CERT_REQUIRED
    return {"ssl": context}
