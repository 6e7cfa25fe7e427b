"""No test reads what the machine's user has built for themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _no_data_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VARMIO_DATA_DIR", str(tmp_path_factory.mktemp("no_own_data")))
        yield
