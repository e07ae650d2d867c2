"""Several models are asked the same question at once: each gives an ordinary answer of it."""

from collections.abc import Callable, Sequence

from django.db import transaction

from accounts.models import User
from chat.models import Answer, Question
from chat.questions.service import Handover, ModelChoice, ask_another_model


def ask_several_models(
    choices: Sequence[ModelChoice], *, question: Question, by: User, begin: Callable[[], Handover]
) -> list[tuple[Answer, Handover]]:
    """Add an answer of each model to the question, or of none; `begin` gives what each is handed over with.

    The same form sent again gives back the answers that are there. Raises ActionRefused, with nothing stored, if one of
    the models may not answer it or all together might cost more than is left of a limit.
    """
    with transaction.atomic():
        handovers = [begin() for _ in choices]
        return [
            (ask_another_model(choice, question=question, by=by, handover=handover), handover)
            for choice, handover in zip(choices, handovers, strict=True)
        ]
