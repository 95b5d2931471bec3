"""Files, folders and archives of tables: what is in them, read as text with exact record numbers."""

from tolok.sources.files.read import read
from tolok.sources.files.reading import Limits, Reading

__all__ = ["Limits", "Reading", "read"]
