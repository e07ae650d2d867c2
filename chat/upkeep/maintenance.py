"""What is done now and then so that the database does not keep what nobody needs any more."""

import logging
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from chat import search
from chat.answers import cost
from chat.attachments import service as attachments
from chat.conversations import service as conversations
from chat.conversations import tags
from chat.documents import service as documents
from chat.models import Answer, LogEntry
from chat.presets import service as presets
from chat.search.saved import purge_searches
from chat.sources.copies import upkeep as page_copies
from chat.sources.passports.digests import keep_digests
from chat.sources.verified.reminders import note_reminders
from chat.spaces import service as spaces
from chat.watches.service import purge_watches
from core import notices
from files import proxy

logger = logging.getLogger(__name__)

LOG_KEPT_FOR = timedelta(hours=1)  # after the end of its answer, whose text, sources and figures are stored by then
TEXTS_AT_ONCE = 50  # whose words are made anew in one statement, which takes a fraction of a second
AT_ONCE = 200  # answers whose log goes in one transaction: whoever writes meanwhile waits for milliseconds only


def tidy_chat() -> None:
    """Thin the logs, remove what was deleted long ago, settle what is still reserved, remind people of what
    they verified, forget sessions that ran out."""
    thinned, purged = thin_logs(), conversations.purge_conversations()
    tags.forget_unused_tags()
    spaces.purge_spaces()
    presets.purge_presets()
    documents.purge_documents()
    purge_searches()
    purge_watches()
    notices.tidying.ask()
    note_reminders()
    cost.settle_leftovers()
    proxy.shared_pictures().prune_soon()
    page_copies.prune_copies()
    files = attachments.tidy_uploads() + documents.tidy_files() + page_copies.sweep_texts()
    SessionStore.clear_expired()
    if thinned or purged or files:
        logger.info("Tidied up: the logs of %d answers, %d deleted conversations, %d files.", thinned, purged, files)


def renew_search() -> int:
    """Index some texts anew that an earlier version indexed in its way; returns how many, 0 when all are."""
    return search.renew(connection, most=TEXTS_AT_ONCE)


def note_facts() -> int:
    """Find what is known of some texts that were written; returns how many, 0 when none waits."""
    return search.note_facts(connection, most=TEXTS_AT_ONCE)


def thin_logs() -> int:
    """Remove the logs of answers that ended a while ago, but for their hashes; returns how many answers that were.

    An answer that has ended is told from what is stored with it, whatever number a viewer asks from.
    """
    thinned = 0
    ended = Answer.objects.exclude(state__in=Answer.LIVE).filter(ended_at__lt=timezone.now() - LOG_KEPT_FOR)
    while ids := list(
        LogEntry.objects.filter(answer__in=ended).order_by().values_list("answer_id", flat=True).distinct()[:AT_ONCE]
    ):
        keep_digests(ids)
        LogEntry.objects.filter(answer_id__in=ids).delete()
        thinned += len(ids)
    return thinned
