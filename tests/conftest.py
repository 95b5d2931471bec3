"""What every test may ask for: the shared data sets, and servers that the tests start themselves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REQUIRE_ALL = os.environ.get("TOLOK_REQUIRE_ALL") == "1"


def missing(what: str) -> None:
    """Skip on a stranger's machine; fail where everything must be there."""
    if REQUIRE_ALL:
        pytest.fail(f"{what} is required here (TOLOK_REQUIRE_ALL=1)")
    pytest.skip(f"{what} is not here")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the shared data sets, from TOLOK_TEST_DATA."""
    folder = os.environ.get("TOLOK_TEST_DATA")
    if not folder or not Path(folder).is_dir():
        missing("TOLOK_TEST_DATA (the folder of shared data sets)")
    return Path(str(folder))
