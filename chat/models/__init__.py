"""What the shared history is made of."""

from chat.models.answer_passages import AnswerPassage, DocumentsChoice
from chat.models.answers import Answer, LogEntry, Source
from chat.models.attachments import Attachment
from chat.models.checks import CheckedMark, CheckedSource, CheckingChoice, CitationCheck, OpinionRequest
from chat.models.connection import KeyChange
from chat.models.conversations import Conversation, Question
from chat.models.documents import Document, DocumentVersion, Passage
from chat.models.favourites import FavouriteModel
from chat.models.ledger import LedgerNews, LedgerProgress, LedgerSource, SiteMark, SourceUse
from chat.models.log_digests import LogDigest
from chat.models.page_copies import PageCopy
from chat.models.page_names import PageName
from chat.models.presets import Preset
from chat.models.read_marks import ReadMark
from chat.models.saved_searches import SavedSearch
from chat.models.services import Lane, Withdrawal
from chat.models.spaces import Space, SpaceInstructions, SpaceMember
from chat.models.tags import Tag, Tagging
from chat.models.verifications import Verification, Verifications
from chat.models.watches import Watch, WatchFollower, WatchRun

__all__ = [
    "Answer",
    "AnswerPassage",
    "Attachment",
    "CheckedMark",
    "CheckedSource",
    "CheckingChoice",
    "CitationCheck",
    "Conversation",
    "Document",
    "DocumentVersion",
    "DocumentsChoice",
    "FavouriteModel",
    "KeyChange",
    "Lane",
    "LedgerNews",
    "LedgerProgress",
    "LedgerSource",
    "LogDigest",
    "LogEntry",
    "OpinionRequest",
    "PageCopy",
    "PageName",
    "Passage",
    "Preset",
    "Question",
    "ReadMark",
    "SavedSearch",
    "SiteMark",
    "Source",
    "SourceUse",
    "Space",
    "SpaceInstructions",
    "SpaceMember",
    "Tag",
    "Tagging",
    "Verification",
    "Verifications",
    "Watch",
    "WatchFollower",
    "WatchRun",
    "Withdrawal",
]
