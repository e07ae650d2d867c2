"""What the shared history is made of."""

from chat.models.answers import Answer, LogEntry, Source
from chat.models.attachments import Attachment
from chat.models.conversations import Conversation, Question
from chat.models.presets import Preset
from chat.models.services import Lane, Withdrawal

__all__ = [
    "Answer",
    "Attachment",
    "Conversation",
    "Lane",
    "LogEntry",
    "Preset",
    "Question",
    "Source",
    "Withdrawal",
]
