"""What people attach to questions: uploaded at once, bound to the question when it is asked, forgotten when it is not.

Rows hold names and hashes; the bytes are in the store (`files`) and nowhere else.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from copy import copy
from datetime import timedelta
from typing import BinaryIO
from uuid import UUID, uuid5

from django.db.models import Q
from django.db.models.base import ModelState
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from chat.attachments import texts
from chat.catalog import document_ways
from chat.catalog.offers import Offer
from chat.models import Attachment, Question
from core.ids import new_id
from core.web.formats import number
from files import FileRefused, judge, limits

logger = logging.getLogger(__name__)

MOST_WAITING = 50  # uploads that one person can have without having asked
store = texts.store
WAITS_FOR = timedelta(days=1)  # until an upload that nobody asked about is forgotten


class AlreadySent(Exception):
    """An upload went with another question meanwhile."""


def question_key(key: UUID, text: str) -> UUID:
    """What makes one question of a form with this key that is sent several times with the same text."""
    return uuid5(key, text)


def keep_upload(*, source: BinaryIO, name: str, team: Team, by: User, smaller: bool = False) -> Attachment:
    """Judge an upload and keep it. With `smaller`, a picture becomes a smaller copy of itself.

    Raises files.FileRefused with a sentence. Takes seconds for large pictures.
    """
    if Attachment.objects.filter(owner=by, question=None).count() >= MOST_WAITING:
        raise FileRefused(
            _("You have %(most)s uploads that haven’t been sent. Send or remove some of them first.")
            % {"most": MOST_WAITING}
        )
    attachment = judged_attachment(source=source, name=name, team=team, by=by, smaller=smaller)
    attachment.save(force_insert=True)
    return attachment


def judged_attachment(*, source: BinaryIO, name: str, team: Team, by: User, smaller: bool = False) -> Attachment:
    """The row of a file that was judged and whose bytes are kept; it is not stored yet, and belongs to no question.

    Raises files.FileRefused with a sentence. Takes seconds for large pictures.
    """
    judged = judge(source, name=name, smaller=smaller)
    text = None if judged.picture else texts.read_upload(judged)
    sha256 = store.keep(judged)
    if text is not None:
        store.put_text(sha256, text.to_bytes())
    return Attachment(
        team=team,
        owner=by,
        kind=judged.format.kind,
        name=judged.name,
        media_type=judged.format.media_type,
        sha256=sha256,
        original_sha256=judged.original_sha256,
        size=judged.size,
        width=judged.width,
        height=judged.height,
        pages=text.count if text and text.is_numbered else 0,
        characters=text.characters if text else None,
        text_problem=text.problem if text else "",
    )


def remove_upload(*, attachment: Attachment, by: User) -> bool:
    """Forget an upload that has gone with no question yet; False when it has meanwhile. Its bytes go with the next
    tidying up, unless somebody else attached the same."""
    removed, _rows = Attachment.objects.filter(pk=attachment.pk, owner=by, question=None).delete()
    return bool(removed)


def attach_uploads(*, question: Question, attachments: Sequence[Attachment]) -> None:
    """Bind uploads to the question, in this order. To be called in the transaction that stores the question.

    Raises AlreadySent when one of them is bound already: two forms may be sent at once.
    """
    for position, attachment in enumerate(attachments):
        bound = Attachment.objects.filter(pk=attachment.pk, question=None, owner=question.author_id).update(
            question=question, team=question.conversation.team_id, position=position
        )
        if not bound:
            raise AlreadySent


def copies_of(attachments: Iterable[Attachment], *, question: Question | None = None) -> list[Attachment]:
    """Stores rows for the same files once more, of this question or of none yet. The bytes are shared."""
    copies = []
    for one in attachments:
        made = copy(one)
        made.pk, made.question, made._state = new_id(), question, ModelState()
        copies.append(made)
    return Attachment.objects.bulk_create(copies)


def sendable_uploads(*, by: User, ids: Sequence[UUID], key: UUID | None) -> list[Attachment]:
    """Those of the uploads that this person can send, in the given order: their own, which went with no question yet
    or with the very question of this key, whose form is sent once more."""
    sent = Q(question=None) if key is None else Q(question=None) | Q(question__author=by, question__key=key)
    found = {attachment.pk: attachment for attachment in Attachment.objects.filter(sent, owner=by, pk__in=ids)}
    return [found[one] for one in ids if one in found]


def attachments_problem(attachments: Sequence[Attachment]) -> str:
    """Why these cannot go together with one question; empty when they can."""
    if len(attachments) > limits.MOST_ATTACHMENTS:
        return _("A question can have up to %(most)s attachments; you have %(count)s. Remove some of them.") % {
            "most": limits.MOST_ATTACHMENTS,
            "count": len(attachments),
        }
    together = sum(attachment.size for attachment in attachments)
    if together > limits.MOST_TOGETHER_BYTES:
        return _("These attachments total %(size)s MB. Up to %(most)s MB can be sent at once.") % {
            "size": number(together / limits.MEGABYTE, places=0),
            "most": limits.MOST_TOGETHER_BYTES // limits.MEGABYTE,
        }
    return ""


def kinds(attachments: Collection[Attachment]) -> tuple[bool, bool]:
    """Whether there are pictures among them, and whether there are documents."""
    found = {attachment.kind for attachment in attachments}
    return Attachment.Kind.IMAGE in found, Attachment.Kind.FILE in found


def refused_by(offer: Offer, attachments: Collection[Attachment]) -> str:
    """Why this model does not take what is attached; empty when it does."""
    with_images, with_files = kinds(attachments)
    refused = (offer.refuses_image if with_images else "") or (offer.refuses_file if with_files else "")
    return refused or nothing_to_send(offer, attachments)


def nothing_to_send(offer: Offer, attachments: Collection[Attachment]) -> str:
    """Why a document cannot go along with this model: neither as a file nor as text."""
    for one in attachments:
        if one.is_without_text and not document_ways.takes_file(one.media_type, provider=offer.provider):
            return _("%(name)s has no text to send, and this model doesn’t accept files of this type. Remove it.") % {
                "name": one.name
            }
    heavy = sum(one.size for one in attachments if one.is_without_text)
    most = document_ways.most_bytes(provider=offer.provider)
    if heavy > most:
        return _("These documents total %(size)s MB. This model accepts up to %(most)s MB at once.") % {
            "size": number(heavy / limits.MEGABYTE, places=0),
            "most": most // limits.MEGABYTE,
        }
    return ""


def tidy_uploads() -> int:
    """Forget uploads that nobody asked about, and remove bytes that nothing refers to. Returns how many files went."""
    before = timezone.now() - WAITS_FOR
    Attachment.objects.filter(question=None, created_at__lt=before).delete()
    return store.sweep(before=before, kept=attachments_in_use)


def attachments_in_use(hashes: Collection[str]) -> set[str]:
    """Those of the hashes under which somebody's attachment is to be kept."""
    return set(Attachment.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
