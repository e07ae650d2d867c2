"""What is taken out of Parley, and brought in."""

from sharing.models.exports import ExportJob
from sharing.models.imports import ImportedConversation, ImportedPart, ImportLine, ImportRun
from sharing.models.links import ShareLink, WrongGuess
from sharing.models.reports import Report, ReportAnswer, ReportVersion

__all__ = [
    "ExportJob",
    "ImportLine",
    "ImportRun",
    "ImportedConversation",
    "ImportedPart",
    "Report",
    "ReportAnswer",
    "ReportVersion",
    "ShareLink",
    "WrongGuess",
]
