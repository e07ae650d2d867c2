"""Who answers questions: each provider has a body in which it wants them and a translation of what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from upstream.agent import background as agent_background
from upstream.agent import request as agent_request
from upstream.agent import stream as agent_stream
from upstream.background import Background
from upstream.errors import UpstreamError
from upstream.gateway import errors as gateway_errors
from upstream.gateway import request as gateway_request
from upstream.gateway import stream as gateway_stream
from upstream.requests import AskRequest
from upstream.sonar import background as sonar_background
from upstream.sonar import request as sonar_request
from upstream.sonar import stream as sonar_stream
from upstream.translation import refusals
from upstream.translation.base import Translation


class MakeBody(Protocol):
    """Makes the body that asks for a streamed answer. Raises InvalidRequest where there is nothing to be asked."""

    def __call__(self, request: AskRequest) -> dict[str, Any]: ...


class Failing(Protocol):
    """Puts what goes wrong with a service into words. Each of its functions returns an error of our family."""

    def refusal(self, *, status: int, headers: Mapping[str, str], body: bytes, model: str, key: str) -> UpstreamError:
        """For an HTTP answer other than 2xx."""
        ...

    def stream_error(self, data: bytes, *, model: str, key: str, request_id: str) -> UpstreamError:
        """For an error inside an answer that had begun."""
        ...

    def unreached(self, fault: Exception, *, key: str, request_id: str = "") -> UpstreamError:
        """For a connection that failed."""
        ...

    def unreadable(self, *, status: int, request_id: str = "") -> UpstreamError:
        """For what is no answer at all."""
        ...

    def cut_off(self, failure: UpstreamError) -> str:
        """What readers are told of an answer that broke off because of the failure; empty for the usual sentence."""
        ...


@dataclass(frozen=True, slots=True)
class Provider:
    """How one kind of service is spoken to. One with a `background` takes work that nobody holds a connection for.

    A question is sent again at most `retries` times. Its response begins within the seconds of its `patience`, by
    default those of the client; a stream with a `lull` is never silent for longer than that many seconds.
    """

    body: MakeBody
    translation: Callable[..., Translation]
    background: type[Background] | None = None
    failing: Failing = refusals
    retries: int = 2
    patience: Callable[[AskRequest], float] | None = None
    lull: float = 0.0


PROVIDERS: Mapping[str, Provider] = {
    "sonar": Provider(
        body=sonar_request.sonar_body,
        translation=sonar_stream.SonarTranslation,
        background=sonar_background.SonarBackground,
    ),
    "agent": Provider(
        body=agent_request.agent_body,
        translation=agent_stream.AgentTranslation,
        background=agent_background.AgentBackground,
    ),
    "gateway": Provider(
        body=gateway_request.gateway_body,
        translation=gateway_stream.GatewayTranslation,
        failing=gateway_errors,
        retries=1,
        patience=gateway_request.answer_timeout,
        lull=gateway_request.LULL,
    ),
}


def can_stop(provider: str) -> bool:
    """Whether the provider, once it works on something by itself, can be told to stop."""
    known = PROVIDERS.get(provider)
    return bool(known and known.background and known.background.can_stop)
