"""What several files of this folder look at. Add here: what they share; how it is made stands in the first of them."""

from __future__ import annotations

import pytest

from tests.dbt.test_dbt_project import Bouw, maak_bouw


@pytest.fixture(scope="session")
def bouw_van_dbt(tmp_path_factory: pytest.TempPathFactory) -> Bouw:
    """A whole build by dbt of a few youths, with its unit tests."""
    return maak_bouw(tmp_path_factory.mktemp("dbt"))
