"""Options that several commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from tolok.errors import QuestionError

workspace = click.option(
    "-w", "--workspace", "folder", type=click.Path(path_type=Path), required=True, help="The workspace folder."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


class Day(click.ParamType[date]):
    """A calendar date as people write it for machines: 2026-03-31."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise QuestionError(
                f"{value!r} is not a date.", next_step="Write it as year-month-day: 2026-03-31."
            ) from None


DAY = Day()
