"""The models that the Agent API has today, with their prices (docs/agent.md, "Models"). Asking costs nothing."""

from datetime import UTC, datetime

from upstream import http
from upstream.catalog.agent_models import AgentModels, models_in
from upstream.connections import SendRequest
from upstream.translation import refusals
from upstream.translation.payloads import parse_json

_TIME = 15.0  # seconds


async def fetch_models(exchange: SendRequest, url: str) -> AgentModels:
    """The list at the address. Raises UpstreamError, also for what is no list of models."""
    response = await exchange("GET", url, model="", read_timeout=_TIME)
    try:
        http.is_stream(response)  # a web page is no list
        found = models_in(parse_json(await http.read_body(response)), heard=datetime.now(UTC).date())
    except http.FAULTS as fault:
        raise refusals.unreached(fault, key="") from fault
    finally:
        await http.close_response(response)
    if found is None:
        raise refusals.unreadable(status=response.status_code)
    return found
