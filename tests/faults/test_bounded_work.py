"""Whatever somebody sends, one request and one answer cost a second of CPU at most, and nobody else waits for it."""

import importlib
import pkgutil
import re
import uuid
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

import accounts
import chat
import imaging
import sharing
from accounts.models import User
from chat import rendering, structured
from chat.models import Answer, Conversation, Question
from chat.rendering import Growing
from chat.rendering.citations import cited_numbers
from chat.structured.json_text import dumps
from tests.cpu_time import at_most
from tests.faults import worst_texts
from tests.faults.worst_texts import ANSWERS, EXPRESSIONS, FIELDS, MARKDOWN, SCHEMAS
from tests.stores import ROOT
from tests.test_permissions import World, address, world  # noqa: F401 - a fixture

MOST = 1.0  # CPU seconds
LONGEST_ADDRESS = 64 * 1024  # characters; the server answers far shorter ones with 414
SOURCES = [SimpleNamespace(number=n, title="T" * 300, url=f"https://s{n}.example/") for n in range(1, 31)]


# --- answers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MARKDOWN)
def test_an_answer_is_rendered_within_a_second(name: str) -> None:
    text = MARKDOWN[name]()
    with at_most(MOST):
        html = rendering.to_html(text, sources=SOURCES, anchor="a")
    assert len(html) < 6_000_000


@pytest.mark.parametrize("name", ["brackets", "many marks", "a quotation that goes on", "two million characters"])
def test_what_an_answer_cites_is_known_within_a_second(name: str) -> None:
    text = MARKDOWN[name]()
    with at_most(MOST):
        cited_numbers(text, sources=SOURCES)


@pytest.mark.parametrize("name", ["pictures", "a quotation that goes on", "groovy", "primes", "lists"])
def test_a_text_that_grows_costs_no_more_than_one_that_is_whole(name: str) -> None:
    growing = Growing(sources=SOURCES)
    text = MARKDOWN[name]()[:120_000]
    with at_most(4 * MOST):
        for at in range(0, len(text), 4_000):
            with at_most(MOST):
                growing.extend(text[at : at + 4_000])
                growing.tail_html()


def test_text_beyond_the_budget_is_there_as_it_was_written() -> None:
    html = rendering.to_html("*one*\n\n" + worst_texts.paragraphs("![") + "\n\nthe *last* words")
    assert "<em>one</em>" in html
    assert "last" in html
    assert html.count("![") == worst_texts.paragraphs("![").count("![")


def test_an_ordinary_answer_of_a_hundred_thousand_characters_is_rendered_whole() -> None:
    words = "Lights [1] *shine* at `night`, see [the list](https://s1.example/).\n\n- one\n- two\n\n"
    part = f"{words}| a | b |\n|-|-|\n| 1 | 2 |\n\n"
    html = rendering.to_html(part * 900, sources=SOURCES)
    assert html.count("<em>shine</em>") == html.count('<table dir="auto">') == 900
    assert 'class="plain"' not in html


def test_tables_that_a_step_brought_are_shown_within_a_twentieth_of_a_second() -> None:
    with at_most(0.2):
        rendering.data_to_html(worst_texts.paragraphs("![", 29_000))


# --- answers in a form --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_checked_within_a_second(name: str) -> None:
    text = dumps(SCHEMAS[name](), indent=None)
    with at_most(MOST):
        structured.check_schema(text)
        structured.preview(text)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_compared_with_its_schema_within_a_second(name: str) -> None:
    schema, text = ANSWERS[name]()
    with at_most(MOST):
        shown = structured.present(text, {"type": "json_schema", "json_schema": {"schema": schema}}, sources=SOURCES)
    assert shown.html


@pytest.mark.parametrize("pattern", EXPRESSIONS)
def test_an_answer_is_compared_with_an_expression_within_a_second(pattern: str) -> None:
    text = ("ab" * EXPRESSIONS[pattern])[: EXPRESSIONS[pattern]] + "\n"
    with at_most(MOST):
        structured.present(text, {"type": "regex", "regex": {"regex": pattern}})


# --- fields of forms ----------------------------------------------------------------------------------------

Posts = tuple[str, str, Mapping[str, Any]]  # who posts, the name of the address, what the other fields hold

KEY = {"key": str(uuid.uuid4())}
ASK = {"text": "And then?", "model": "sonar", **KEY}
JOINED = {"username": "erin", "full_name": "Erin", "password1": "correct horse 1", "password2": "correct horse 1"}

FORMS: Mapping[str, Posts | None] = {
    "TokenForm": ("owner", "api:tokens", {"name": "Laptop", "scopes": "read", "expiry": "30"}),
    "AccountForm": ("anonymous", "accounts:join", JOINED),
    "FirstAccountForm": ("anonymous", "accounts:welcome", JOINED | {"team_name": "Quay"}),
    "ImageReviewForm": ("owner", "accounts:setup_review", {"images": "approved"}),
    "ExportForm": ("owner", "sharing:make_export", {"kind": "team", "ids": "", "format": "json"}),
    "InstructionsForm": ("owner", "accounts:own_instructions", {"text": "Be brief.", "seen": "0"}),
    "InvitationForm": ("owner", "accounts:invite", {"role": "member", "days": "7", "people": ""}),
    "JoinLinkForm": ("owner", "accounts:join_link", {"role": "member", "days": "7", "uses": "5"}),
    "AddressForm": ("owner", "accounts:address", {"address": ""}),
    "OwnLinkForm": ("anonymous", "accounts:join_by_email", {"address": "a@b.example"}),
    "ForgottenForm": ("anonymous", "password_reset", {"email": "a@b.example"}),
    "KeyForm": ("reviewer", "chat:connect", {"key": "pplx-1", "seen": "0", "untested": "1"}),
    "LinkForm": ("author", "sharing:links", {"kind": "snapshot", "ends": "7"}),
    "LanguageForm": ("anonymous", "accounts:language", {"language": ""}),
    "LimitForm": ("owner", "chat:limit_team", {"limit": "5"}),
    "PersonNameForm": ("owner", "accounts:me", {"full_name": "Alice"}),
    "RoleForm": ("owner", "accounts:change_role", {"role": "viewer"}),
    "TimeZoneForm": ("owner", "accounts:time_zone", {"time_zone": "Europe/Berlin"}),
    "TeamForm": ("owner", "accounts:rename", {"name": "Quay"}),
    "_JoiningForm": None,  # what the two kinds of invitations share
    "_OfTeams": None,  # and the two filters of review
    "NewPasswordForm": None,  # passwords, whose cost is bounded by their hasher, in the administration
    "ChosenPasswordForm": None,  # the same, by a link
    "OwnPasswordForm": None,  # and for oneself
    "WebhookForm": (
        "owner",
        "api:add_webhook",
        {"name": "Log", "url": "https://a.example/", "events": "watch.changed"},
    ),
    "WatchForm": ("author", "chat:edit_watch", {"every": "week", "hour": "9", "budget": "2"}),
    "DocumentNameForm": ("owner", "chat:rename_document", {"name": "Report.pdf"}),
    "AttachmentsForm": None,  # bytes, which tests/files look into
    "TeamChoiceForm": ("owner", "chat:team_models", {"models_scope": "some", "tools_scope": "some"}),
    "SiteMarkForm": ("owner", "chat:mark_site", {"mark": "doubtful", "reason": "Old."}),
    "HistoryFilterForm": ("owner", "chat:history", {"filter": "everyone"}),
    "SearchFilterForm": ("owner", "chat:search", {"q": "light"}),
    "TagForm": ("author", "chat:add_tag", {"name": "Lights"}),
    "VerifyForm": ("author", "chat:verify_answer", {"sentence": "Nobody.", "note": "Compared."}),
    "SearchNameForm": ("author", "chat:rename_search", {"name": "Lights"}),
    "SavedSearchForm": ("owner", "chat:save_search", {"name": "Lights", "query": "light"}),
    "RenameForm": ("author", "chat:rename", {"title": "Lights"}),
    "PresetNameForm": ("author", "chat:rename_preset", {"name": "Papers"}),
    "SavePresetForm": ("owner", "chat:keep_preset", {"name": "Sites", "model": "sonar", "with_model": "on"}),
    "SpaceForm": None,  # what the next two share
    "NewSpaceForm": ("owner", "chat:new_space", {"name": "Q3", "people": "chosen"}),
    "SpaceSettingsForm": ("author", "chat:space_settings", {"name": "Q3", "visible_to": "space"}),
    "SpaceRoleForm": ("author", "chat:space_role", {"role": "reader"}),
    "SpaceMemberForm": ("author", "chat:add_to_space", {"member": KEY["key"], "role": "reader"}),
    "SeveralForm": ("author", "chat:ask_several", {"models": "sonar", **KEY}),
    "AgainForm": ("author", "chat:ask_again", ASK),
    "AskForm": ("author", "chat:ask", ASK),
    "DrawForm": ("author", "imaging:draw", {"prompt": "A lighthouse", **KEY}),
    "DecidedFilterForm": ("reviewer", "admin:imaging_review_decided", {"q": ""}),
    "QueueFilterForm": ("reviewer", "admin:imaging_review_many", {"age": ""}),
    "ReportTitleForm": ("owner", "sharing:new_report", {"title": "Tides", "to": "team"}),
    "ReportForm": ("owner", "sharing:edit_report", {"title": "Tides", "text": "High.", "seen": "1"}),
    "VerdictForm": ("reviewer", "admin:imaging_review_many_approve", {"note": "", "why": ""}),
}
READ_BY_ADDRESS = {"DecidedFilterForm", "HistoryFilterForm", "QueueFilterForm", "SearchFilterForm"}


def own_forms() -> dict[str, type[forms.BaseForm]]:
    """Every form of the product by its name."""
    for package in (accounts, chat, imaging, sharing):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"\.(migrations|management)\b", module.name):
                importlib.import_module(module.name)
    found: dict[str, type[forms.BaseForm]] = {}
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    while waiting:
        waiting += waiting.pop().__subclasses__()
        own = (
            one for one in waiting if one.__module__.split(".")[0] in ("accounts", "api", "chat", "imaging", "sharing")
        )
        found |= {one.__name__: one for one in own}
    return found


def test_every_form_has_a_row() -> None:
    assert set(own_forms()) == set(FORMS)


@pytest.fixture
def send(world: World, settings: Settings) -> Callable[..., int]:  # noqa: F811
    """Sends a form by its name with these fields changed, and counts the CPU time. Returns the status."""
    settings.EMAIL_IS_SET = True
    reviewer = User.objects.create_superuser("root")
    people = {**world.people, "reviewer": reviewer}

    def sent(form: str, **changed: Any) -> int:
        row = FORMS[form]
        assert row
        role, name, data = row
        client = Client(headers={"HX-Request": "true"} if form == "AskForm" else None)
        if role in people:
            client.force_login(people[role], backend="django.contrib.auth.backends.ModelBackend")
        where = reverse(name) if name.startswith("admin:") else address(name, world)
        method = client.get if form in READ_BY_ADDRESS else client.post
        with at_most(MOST):
            return method(where, {**data, **changed}).status_code

    return sent


WITH_ROWS = [name for name, row in FORMS.items() if row]


@pytest.mark.django_db
@pytest.mark.parametrize("form", WITH_ROWS)
def test_no_form_takes_longer_than_a_second(form: str, send: Callable[..., int]) -> None:
    fields = own_forms()[form].base_fields
    for text in FIELDS.values():
        longest = LONGEST_ADDRESS // len(fields) * len(text) // len(quote(text)) if form in READ_BY_ADDRESS else None
        assert send(form, **dict.fromkeys(fields, text[:longest])) < 500
    for name, field in fields.items():  # as long as it may be, where everything else is right
        longest = getattr(field, "max_length", None) or 100
        assert send(form, **{name: ('[*"' * longest)[:longest]}) < 500


OPTIONS = [
    ("response_format", {"o.response_format": "json_schema", "o.response_format:schema": text})
    for text in (dumps(make(), indent=None) for make in SCHEMAS.values())
] + [
    ("response_format", {"o.response_format": "regex", "o.response_format:regex": pattern})
    for pattern in ("(a{90}){10}" * 180, "\\W{900}" * 250, "[^a]" * 499, "(" * 2_000)
]


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["check_options", "options", "ask", "keep_preset", "format_schema"])
def test_no_option_takes_longer_than_a_second(where: str, world: World) -> None:  # noqa: F811
    client = Client()
    client.force_login(world.people["author"], backend="django.contrib.auth.backends.ModelBackend")
    names = re.findall(r'name="(o\.[^"]+)"', client.get("/").content.decode())
    assert len(names) > 10
    texts = [dict.fromkeys(names, text[:100_000]) for text in FIELDS.values()]
    for fields in (*texts, *(options for _name, options in OPTIONS)):
        with at_most(MOST):
            response = client.post(address(f"chat:{where}", world), {**ASK, "name": "Sites", **fields})
        assert response.status_code < 500


# --- what stands in addresses -------------------------------------------------------------------------------

PARAMETERS: Mapping[str, str] = {
    "a": "chat:compare",
    "after": "chat:conversation",
    "answer": "sharing:links",
    "around": "chat:conversation",
    "before": "imaging:images",
    "change": "imaging:images",
    "choose": "imaging:images",
    "deleted": "chat:history",
    "filter": "chat:history",
    "hit": "chat:space_document",
    "id": "chat:waiting_attachments",
    "image": "imaging:compare",
    "in": "chat:move",
    "month": "chat:costs",
    "name": "chat:whole_documents",
    "next": "login",
    "others": "imaging:tile",
    "outcome": "sharing:import",
    "page": "chat:search",
    "passage": "chat:space_document",
    "preset": "chat:home",
    "q": "chat:search",
    "question": "imaging:images",
    "removed": "chat:space_documents",
    "screen": "chat:space_document",
    "seen": "imaging:tile",
    "since": "sharing:report_version",
    "site": "chat:sites",
    "space": "chat:home",
    "state": "chat:answer_check",
    "shown": "chat:conversation_tags",
    "token": "stream_probe",
    "version": "chat:space_document",
    "visibility": "chat:home",
    "watched": "chat:document_states",
    "whole": "chat:whole_documents",
    "within": "chat:search",
}
FILTERS = [(name, "imaging:images") for name in ("q", "state", "whose")]  # which the list reads all together
FILTERS += [("q", "chat:space_documents"), ("q", "chat:space_document"), ("page", "chat:space_document")]
FILTERS += [("q", "chat:page_copy"), ("passage", "chat:page_copy")]
FILTERS += [("was", "chat:search"), ("attached", "chat:search"), ("q", "chat:search_suggestions")]
FILTERS += [("answer", "sharing:add_to_report"), ("q", "sharing:reports"), ("page", "sharing:report")]
FILTERS += [("page", "sharing:report_versions")]
FILTERS += [("around", "chat:answer_check"), ("page", "sharing:shared"), ("before", "sharing:team")]
FILTERS += [(name, "chat:sources") for name in ("in", "page", "q", "show", "site", "sort")]
_PARAMETER = re.compile(r"""request\.GET(?:\.get|\.getlist)?[(\[]\s*"(\w+)\"""")


def test_every_parameter_of_an_address_has_a_row() -> None:
    packages = ("accounts", "api", "chat", "config", "imaging", "sharing")
    modules = [path.read_text() for package in packages for path in (ROOT / package).rglob("*.py")]
    assert {found for text in modules for found in _PARAMETER.findall(text)} <= set(PARAMETERS)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "where"), [*PARAMETERS.items(), *FILTERS])
def test_no_parameter_takes_longer_than_a_second(name: str, where: str, world: World) -> None:  # noqa: F811
    client = Client()
    client.force_login(world.people["owner"], backend="django.contrib.auth.backends.ModelBackend")
    for text in (FIELDS["figures"], FIELDS["brackets"], FIELDS["phrases"], FIELDS["marks on marks"]):
        with at_most(MOST):
            assert client.get(address(where, world), {name: text[:60_000]}).status_code < 500


@pytest.mark.django_db
def test_no_look_for_what_was_answered_takes_longer_than_a_second(world: World) -> None:  # noqa: F811
    owner, team = world.people["owner"], world.conversation.team
    texts = [text[:4_000] for text in FIELDS.values()]
    conversation = Conversation.objects.create(team=team, owner=owner, title="light")
    asked = [
        Question(conversation=conversation, author=owner, position=number, text=text, key=uuid.uuid4())
        for number, text in enumerate(texts * 20)
        if "\0" not in text
    ]
    Question.objects.bulk_create(asked)
    Answer.objects.bulk_create(
        Answer(question=one, asked_by=owner, state="finished", text="So.", key=uuid.uuid4(), model="sonar")
        for one in asked
    )
    client = Client()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    for text in (*texts, *(text[:500] for text in FIELDS.values()), *FIELDS.values()):
        with at_most(0.5):
            assert client.post(reverse("chat:known_answers"), {"text": text}).status_code in (200, 204)
