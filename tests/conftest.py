"""For all tests: nobody's own cache is read or written, and Ctrl-C reaches what is started."""

import signal

import pytest

from celeryls.project.cache import VARIABLE


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    patch = pytest.MonkeyPatch()
    patch.setenv(VARIABLE, str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="session", autouse=True)
def _interrupts_arrive() -> None:
    """A shell's background job ignores Ctrl-C, and so would every process that it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
