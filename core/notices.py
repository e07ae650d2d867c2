"""How what stands above is heard by what lies below, without being imported from there.

A package offers places in which others may say something, such as the links below an answer. Whoever has something to
say registers when its app is ready; the page asks everybody who registered.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class Providers(Generic[P, T]):
    """Functions that each give something, or nothing, for the same question."""

    _registered: list[Callable[P, T | None]] = field(default_factory=list)

    def register(self, provider: Callable[P, T | None]) -> None:
        """Ask this one too, after those that are there. The same one twice counts once."""
        if provider not in self._registered:
            self._registered.append(provider)

    def ask(self, *args: P.args, **kwargs: P.kwargs) -> list[T]:
        """What they give, in the order in which they registered."""
        return [found for provider in self._registered if (found := provider(*args, **kwargs)) is not None]


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a page: where it leads, what it says, and the name of its icon."""

    address: str
    label: str
    icon: str


question_links: Providers[[object], Link] = Providers()
"""Links below an answer that take its question further; asked with the question's id."""
