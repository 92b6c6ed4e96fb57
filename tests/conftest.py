"""For all tests: nobody's own cache is read or written."""

import pytest

from celeryls.project.cache import VARIABLE


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    patch = pytest.MonkeyPatch()
    patch.setenv(VARIABLE, str(tmp_path_factory.mktemp("cache")))
