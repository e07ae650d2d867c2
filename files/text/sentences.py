"""What people are told about a document whose text is not there, or not all of it."""

from django.utils.translation import gettext as _

from core.web.formats import number
from files import limits
from files.text.document_text import Problem


def sentence_about(problem: str, *, count: int = 0) -> str:
    """The problem in a sentence that says what to do; empty when there is none. `count` is the number of pages."""
    most = {"most": number(limits.MOST_PAGES), "count": number(count)}
    sentences = {
        Problem.ENCRYPTED: _("This document is password-protected. Save a copy without a password and attach that."),
        Problem.DAMAGED: _(
            "No text can be read from this document: it is damaged or unusual. Save it again with the program "
            "that made it, or as PDF."
        ),
        Problem.BOMB: _("This document would unpack to far more than any document should, so it wasn’t opened."),
        Problem.NO_TEXT: _(
            "This document has no text, only images. Models that read files may still see it. For other models, "
            "run text recognition (OCR) on it first."
        ),
        Problem.MOSTLY_IMAGES: _(
            "More than half of this document’s pages are images without text, which only models that read files "
            "can see. For other models, run text recognition (OCR) on it first."
        ),
        Problem.UNREADABLE: _(
            "Parley can’t read text from this kind of document. Models that read files may be able to. For other "
            "models, save it as DOCX or PDF."
        ),
        Problem.TOO_SLOW: _(
            "Reading this document took too long, so only part of its text was read. Attach just the part that matters."
        ),
        Problem.TOO_HEAVY: _(
            "Reading this document needs too much memory, so only part of its text was read. Attach just the part "
            "that matters."
        ),
        Problem.PAGES: _(
            "This document has %(count)s pages. Only the first %(most)s are read. Attach just the part that matters."
        )
        % most,
        Problem.LENGTH: _(
            "This document is very long, so only its beginning is read. Attach just the part that matters."
        ),
    }
    return sentences[Problem(problem)] if problem in sentences else ""
