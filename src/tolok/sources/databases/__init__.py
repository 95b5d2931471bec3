"""Databases as sources: SQLite files, PostgreSQL, MySQL and MariaDB, read as of one moment and never written."""

from tolok.sources.databases.address import is_database, parsed
from tolok.sources.databases.read import read

__all__ = ["is_database", "parsed", "read"]
