"""The last look at a question before it leaves: what the upstream would refuse is not sent, whoever asked."""

from upstream.catalog.rules import refusals
from upstream.errors import InvalidRequest
from upstream.requests import AskRequest, Document, Picture


def validate_request(request: AskRequest, *, stream: bool) -> None:
    """Raise InvalidRequest with the reasons when the upstream would refuse this request."""
    parts = [part for turn in request.turns for part in turn.parts]
    refused = refusals(
        request.model,
        request.options,
        provider=request.provider,
        with_images=any(isinstance(part, Picture) for part in parts),
        with_files=any(isinstance(part, Document) for part in parts),
        stream=stream,
    )
    if refused:
        raise InvalidRequest(" ".join(refusal.sentence for refusal in refused))
