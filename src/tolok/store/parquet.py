"""Write rows as a Parquet file."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tolok.store.connection import Limits, connect
from tolok.store.quoting import literal


def write(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """One Parquet row per dict; numbers, booleans and text keep their types."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as lines:
        for row in rows:
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
        lines.flush()
        connection = connect(None, Limits())
        try:
            source = f"read_json({literal(lines.name)}, format = 'newline_delimited', sample_size = -1)"
            connection.execute(f"COPY (SELECT * FROM {source}) TO {literal(str(path))} (FORMAT parquet)")
        finally:
            connection.close()
