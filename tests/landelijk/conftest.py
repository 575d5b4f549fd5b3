"""What the tests of many regions share: a store that opens quickly.

Half a second of every connection goes to the signatures of its extensions. The comparison (a file) and the slow tests,
which share in processes of their own, check them.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from pipeline.landelijk import winkel


@pytest.fixture(autouse=True, scope="package")
def zonder_handtekeningen() -> Iterator[None]:
    """Open stores in memory without looking at the signatures of extensions."""

    def connect(pad: str) -> duckdb.DuckDBPyConnection:
        config: dict[str, Any] = {"allow_unsigned_extensions": "true"} if pad == ":memory:" else {}
        return duckdb.connect(pad, config=config)

    with pytest.MonkeyPatch.context() as mp:
        mp.setattr(winkel, "duckdb", SimpleNamespace(**{**vars(duckdb), "connect": connect}))
        yield
