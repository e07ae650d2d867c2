"""Sources to cite, and patience: how long an example takes says nothing here."""

from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


class Found(NamedTuple):
    """A source as a renderer wants it."""

    title: str
    url: str
    number: int = 0


SOURCES = [
    Found("Varn harbour light", "https://harbour.example/varn"),
    Found("List of lights", "https://Lights.example/list/"),
    Found('A "title" with <b>signs</b> & more', "https://signs.example/?a=1&b=2"),
]


@pytest.fixture
def sources() -> list[Found]:
    """Three sources."""
    return list(SOURCES)
