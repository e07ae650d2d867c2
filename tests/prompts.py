"""What an answer's question would be sent with, from what is stored."""

from uuid import UUID

from chat.answers.prompt import PromptPlan, plan_prompt
from chat.answers.sending import load_answer


def prompt_plan_for(answer_id: UUID) -> PromptPlan:
    """The plan for an answer that nobody has at hand."""
    answer, attachments = load_answer(answer_id)
    return plan_prompt(answer, attachments=attachments)
