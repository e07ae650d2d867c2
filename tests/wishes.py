"""What tests wish for when they ask: Sonar's smallest model and a form of their own, unless they say otherwise."""

import uuid
from typing import Any

from chat.questions.service import ModelChoice, Wish


def wish(text: str, *, key: uuid.UUID | None = None, model: str = "sonar", **fields: Any) -> Wish:
    """What somebody asks for."""
    return Wish(**{"text": text, "model": model, "provider": "sonar", "key": key or uuid.uuid4()} | fields)


def choice(*, key: uuid.UUID | None = None, model: str = "sonar", **fields: Any) -> ModelChoice:
    """Who shall answer once more."""
    return ModelChoice(**{"model": model, "provider": "sonar", "key": key or uuid.uuid4()} | fields)
