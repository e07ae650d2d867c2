"""Spaces with documents on a real server."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.chat.cited import shelf
from tests.serving import Server
from tests.writing import written


@dataclass(frozen=True)
class Shelf:
    """A space with documents, and a conversation in it."""

    server: Server
    space: str
    conversation: str

    @property
    def page(self) -> str:
        """The conversation's address."""
        return f"/c/{self.conversation}/"

    def add(self, name: str, text: str) -> None:
        """Another document, once it was read."""
        written(self.server.store, shelf.__name__, {"to": self.space, "documents": {name: text}})

    def change(self, **wish: Any) -> None:
        """What `shelf.write` does to what is there."""
        written(self.server.store, shelf.__name__, {"change": self.space, "in": self.conversation, **wish})


Shelve = Callable[..., Shelf]


@pytest.fixture
def shelve(shared_server: Server) -> Shelve:
    """Makes a shelf as `shelf.write` is told."""

    def make(**wish: Any) -> Shelf:
        return Shelf(shared_server, **written(shared_server.store, shelf.__name__, wish))

    return make
