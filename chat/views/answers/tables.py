"""Tables of answers as files for spreadsheets."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from chat import access
from chat.conversations import answer_tables
from core import csv
from core.web.private_files import as_private_file

BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8
NOT_KEPT = "private, no-store"


@require_safe
@login_required
def answer_table(request: HttpRequest, conversation_id: UUID, answer_id: UUID, number: int) -> HttpResponse:
    """The table with this number in the answer, counted from 1, as CSV. Raises Http404 where there is none."""
    answer = access.readable_answer(signed_in(request), conversation_id, answer_id)
    rows = answer_tables.table_rows(answer.html, number)
    if not rows:
        raise Http404
    head, *others = rows
    text = "".join([BYTE_ORDER_MARK, *csv.lines([csv.harmless(cell) for cell in head], others)])
    name = answer_tables.file_name(answer.question.conversation.title, number)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name)
    return as_private_file(response, cache_control=NOT_KEPT)
