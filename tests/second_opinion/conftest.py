"""The portal pointed at the second emulator, by boto3's own variables."""

from collections.abc import Generator
from itertools import count

import pytest

from tests.harness import second_emulator
from tests.harness.second_emulator import SecondAws

_numbers = count(730_000_000_001)


@pytest.fixture(scope="session")
def _second(
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[tuple[SecondAws, dict[str, str]]]:
    with second_emulator.running(tmp_path_factory.mktemp("second")) as second:
        yield second, second_emulator.portal_user(second)


@pytest.fixture
def second(_second: tuple[SecondAws, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> SecondAws:
    emulator, variables = _second
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return emulator


@pytest.fixture
def account_id(second: SecondAws) -> str:
    """An account in which nothing stands yet."""
    return str(next(_numbers))
