"""What people are told about a document whose text is not there, or not all of it."""

from django.utils.translation import gettext as _

from core.web.formats import number
from files import limits
from files.text.document_text import Problem


def sentence_about(problem: str, *, count: int = 0) -> str:
    """The problem in a sentence that says what to do; empty when there is none. `count` is the number of pages."""
    most = {"most": number(limits.MOST_PAGES), "count": number(count)}
    sentences = {
        Problem.ENCRYPTED: _("This document is protected by a password. Save a copy without it, and attach that."),
        Problem.DAMAGED: _(
            "No text can be read from this document: it is damaged, or unusual. Save it again with the program that "
            "made it, or as PDF."
        ),
        Problem.BOMB: _("This document would unpack to far more than any document holds, so it was not opened."),
        Problem.NO_TEXT: _(
            "There is no text in this document, only images. Models that read files may still see it; for others, run "
            "text recognition (OCR) on it first."
        ),
        Problem.MOSTLY_IMAGES: _(
            "More than half of this document’s pages are images without text, of which only models that read files see "
            "anything. For others, run text recognition (OCR) on it first."
        ),
        Problem.UNREADABLE: _(
            "Parley cannot read text from this kind of document. Models that read files may; for others, save it as "
            "DOCX or PDF."
        ),
        Problem.TOO_SLOW: _(
            "Reading this document took too long, so only part of its text is there. Attach the part that matters."
        ),
        Problem.TOO_HEAVY: _(
            "This document needs too much memory to be read, so not all of its text is there. Attach the part that "
            "matters."
        ),
        Problem.PAGES: _(
            "This document has %(count)s pages. Only the first %(most)s are read: attach the part that matters."
        )
        % most,
        Problem.LENGTH: _("This document is very long, and only its beginning is read. Attach the part that matters."),
    }
    return sentences[Problem(problem)] if problem in sentences else ""
