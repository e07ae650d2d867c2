"""The editor for a JSON schema: put it in order, or begin with an example.

Whether a schema can be sent is said by the check of all options. These two only read, too; they are posted because a
schema does not fit into an address.
"""

import json
from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from chat import structured
from chat.options.controls import SCHEMA
from chat.options.fields import Field
from chat.questions import forms
from chat.structured import EXAMPLES
from chat.views.open_page import composer_team


@require_POST
@login_required
def format_schema(request: HttpRequest) -> HttpResponse:
    """The schema as it was typed, neatly on lines of its own; as it is where it cannot be read."""
    field = _field(request)
    return _text(request, field, structured.formatted(field.schema))


@require_POST
@login_required
def example(request: HttpRequest, example: str) -> HttpResponse:
    """One of the schemas to begin with, in place of what was typed."""
    if example not in EXAMPLES:
        raise Http404
    return _text(request, _field(request), json.dumps(EXAMPLES[example].schema, indent=2))


def _field(request: HttpRequest) -> Field:
    fields = forms.AskForm(request.POST, team=composer_team(request)).options.fields
    found = next((field for field in fields if field.control == "format"), None)
    if found is None:
        raise Http404
    return found


def _text(request: HttpRequest, field: Field, schema: str) -> HttpResponse:
    """The text box with the schema in it, which the page then treats as if it had been typed."""
    changed = replace(field, typed={**field.typed, field.path + SCHEMA: schema}, errors=())
    response = render(request, "chat/structured/_schema_text.html", {"field": changed})
    return trigger_client_event(response, "input", {"target": f"#{field.id}-schema"}, after="swap")
