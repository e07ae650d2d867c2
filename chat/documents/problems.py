"""What people are told about a document whose text is not there, or not all of it."""

from enum import StrEnum

from django.utils.translation import gettext as _

from core.web.formats import number
from files import limits
from files.text import Problem


class ReadingProblem(StrEnum):
    """Why a document could not be read that has nothing to do with what it is."""

    MISSING = "missing"  # its bytes are not in the store any more
    INTERRUPTED = "interrupted"  # whoever read it was stopped, again and again
    NO_WORDS = "no_words"  # it has text, but nothing in it that could be looked for


WITHOUT_TEXT = frozenset({Problem.ENCRYPTED, Problem.DAMAGED, Problem.BOMB, Problem.NO_TEXT, Problem.UNREADABLE})
"""With these nothing of a document can be read; with the others what was read can be used."""

RETRIED = frozenset(
    {ReadingProblem.MISSING, ReadingProblem.INTERRUPTED, Problem.TOO_SLOW, Problem.TOO_HEAVY, Problem.DAMAGED}
)
"""Where another try may go better."""


def sentence_for(problem: str, *, pages: int = 0) -> str:
    """The problem in a sentence that says what to do; empty when there is none. `pages` is how many there are."""
    sentences: dict[str, str] = {
        Problem.ENCRYPTED: _("This document is password-protected. Save a copy without a password and upload that."),
        Problem.DAMAGED: _(
            "No text can be read from this document: it is damaged or unusual. Save it again with the program that "
            "made it, or as PDF, and upload that as a new version."
        ),
        Problem.BOMB: _("This document would unpack to far more than any document should, so it wasn’t opened."),
        Problem.NO_TEXT: _(
            "This document has no text, only images, so it can’t be searched. Run text recognition (OCR) on it and "
            "upload the result as a new version."
        ),
        Problem.MOSTLY_IMAGES: _(
            "More than half of this document’s pages are images without text, which can’t be searched. Run text "
            "recognition (OCR) on it and upload the result as a new version."
        ),
        Problem.UNREADABLE: _(
            "Parley can’t read text from this kind of document. Save it as DOCX or PDF and upload that."
        ),
        Problem.TOO_SLOW: _(
            "Reading this document took too long, so only part of its text was read. Upload it in several parts."
        ),
        Problem.TOO_HEAVY: _(
            "Reading this document needs too much memory, so only part of its text was read. Upload it in several "
            "parts."
        ),
        Problem.PAGES: _(
            "This document has %(count)s pages. Only the first %(most)s are read. Upload it in several parts."
        )
        % {"count": number(pages), "most": number(limits.MOST_PAGES)},
        Problem.LENGTH: _("This document is very long, so only its beginning was read. Upload it in several parts."),
        ReadingProblem.MISSING: _("The file is no longer there. Upload it again as a new version."),
        ReadingProblem.INTERRUPTED: _("Parley was stopped several times while reading this document. Read it again."),
        ReadingProblem.NO_WORDS: _("This document has no words that could be searched."),
    }
    return sentences.get(problem, "")
