"""The pages of exports: what is chosen, what comes at once, and what is made in the background."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from chat.models import Answer, Conversation, Space
from sharing.models import ExportJob
from tests.questions import eventually
from tests.serving import Server

MAKE = "/export/make/"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.django_db
def test_a_conversation_is_exported_from_its_menu(told: Answer, alice: User, vera: User) -> None:
    conversation = told.question.conversation
    for user in (alice, vera):
        client = browser(user)
        address = f"{reverse('sharing:export')}?conversation={conversation.pk}"
        assert address in client.get(reverse("chat:conversation", args=[conversation.pk])).content.decode()

        page = client.get(address)
        assert "Lights" in page.content.decode()
        assert 'value="archive"' not in page.content.decode()
        made = client.post(MAKE, {"kind": "conversations", "ids": conversation.pk.hex, "format": "markdown"})

        assert made.status_code == 200
        assert made["Content-Disposition"] == 'attachment; filename="Lights.md"'
        assert made["Cache-Control"] == "no-store"
        assert "**42**" in body(made).decode()


@pytest.mark.django_db
def test_what_is_selected_in_the_history_is_exported_together(
    converse: Callable[..., Conversation], alice: User
) -> None:
    chosen = [converse((f"{name}?", "Yes."), title=name) for name in ("One", "Two", "Three")][:2]

    page = browser(alice).post(reverse("sharing:export_selected"), {"id": [one.pk for one in chosen]})
    ids = page.context["ids"]
    made = body(browser(alice).post(MAKE, {"kind": "conversations", "ids": ids, "format": "html"})).decode()

    assert "2 conversations" in page.content.decode()
    assert "One" in made
    assert "Two" in made
    assert "Three" not in made
    nothing = browser(alice).post(reverse("sharing:export_selected"))
    assert nothing["Location"] == reverse("chat:history")


@pytest.mark.django_db
def test_all_that_the_history_lists_and_single_answers_can_be_chosen(
    converse: Callable[..., Conversation], told: Answer, alice: User
) -> None:
    converse(("Tides?", "Yes."), title="Tides")
    client = browser(alice)

    listed = client.post(f"{reverse('sharing:export_selected')}?filter=mine", {"all": "1"})
    one = client.get(reverse("sharing:export"), {"answer": told.pk})
    made = client.post(MAKE, {"kind": "answers", "ids": told.pk.hex, "format": "ris"})

    assert listed.context["title"] == "2 conversations"
    assert one.context["title"] == "How many lamps? And *how* bright?"
    assert one.context["questions"] == 1
    assert "UR  - https://one.example/a" in body(made).decode()


@pytest.mark.django_db
def test_an_answers_details_lead_to_its_export_also_for_viewers(told: Answer, alice: User, vera: User) -> None:
    for user in (alice, vera):
        page = browser(user).get(reverse("chat:conversation", args=[told.question.conversation_id])).content.decode()
        details = page.split('class="menu-list details"')[1].split("</dl>")[0]
        address = f"{reverse('sharing:export')}?answer={told.pk}"
        assert f'<a href="{address}">This answer as a file</a>' in details
        chosen = browser(user).get(address).content.decode()
        assert "1 answer" in chosen
        assert f"?around=1#answer-{told.pk}" in chosen  # where “Cancel” leads


@pytest.mark.django_db
def test_the_page_of_a_space_and_of_the_team_lead_to_their_exports(
    told: Answer, harbour: Team, alice: User, vera: User
) -> None:
    space = Space.objects.create(team=harbour, owner=alice, name="Quarter")

    for user in (alice, vera):
        of_space = browser(user).get(reverse("chat:space", args=[space.pk])).content.decode()
        assert f"{reverse('sharing:export')}?space={space.pk}" in of_space
        assert f'href="{reverse("sharing:export")}"' in browser(user).get(reverse("accounts:team")).content.decode()
    assert 'value="archive"' in browser(vera).get(reverse("sharing:export")).content.decode()


@pytest.mark.django_db
def test_a_large_one_waits_on_the_page_of_exports(converse: Callable[..., Conversation], alice: User) -> None:
    conversation = converse(*((f"Question {number}?", "Yes.") for number in range(31)))
    client = browser(alice)

    made = client.post(MAKE, {"kind": "conversations", "ids": conversation.pk.hex, "format": "pdf"})

    assert made["Location"] == reverse("sharing:exports")
    job = ExportJob.objects.get()
    assert job.questions == 31
    page = client.get(reverse("sharing:exports")).content.decode()
    assert "every 2s" in page
    assert client.get(reverse("sharing:export_file", args=[job.pk])).status_code == 404
    client.post(reverse("sharing:stop_export", args=[job.pk]))
    assert "Stopped" in client.get(reverse("sharing:exports")).content.decode()
    assert client.get(reverse("sharing:export_rows")).status_code == 286
    client.post(reverse("sharing:remove_export", args=[job.pk]))
    assert not ExportJob.objects.exists()


@pytest.mark.django_db
def test_an_archive_is_made_in_the_background_and_of_a_team_alone(told: Answer, alice: User) -> None:
    client = browser(alice)
    conversation = told.question.conversation

    whole = client.post(MAKE, {"kind": "team", "ids": "", "format": "archive"})
    part = client.post(MAKE, {"kind": "conversations", "ids": conversation.pk.hex, "format": "archive"})

    assert whole["Location"] == reverse("sharing:exports")
    assert part.status_code == 422
    for _ in range(2):
        client.post(MAKE, {"kind": "team", "ids": "", "format": "archive"})
    assert client.post(MAKE, {"kind": "team", "ids": "", "format": "archive"}).status_code == 409


@pytest.mark.django_db
def test_a_stranger_learns_nothing(told: Answer, charlie: User, harbour: Team, alice: User) -> None:
    space = Space.objects.create(team=harbour, owner=alice, name="Quarter")
    client = browser(charlie)
    named = {"conversation": told.question.conversation.pk, "answer": told.pk, "space": space.pk}

    for name, pk in named.items():
        assert client.get(reverse("sharing:export"), {name: pk}).status_code == 404
        assert client.get(reverse("sharing:export"), {name: "0" * 32}).status_code == 404
    for kind, pk in (("conversations", named["conversation"]), ("answers", told.pk), ("space", space.pk)):
        assert client.post(MAKE, {"kind": kind, "ids": str(pk), "format": "json"}).status_code == 404


@pytest.mark.django_db
def test_nonsense_is_refused_in_words(told: Answer, alice: User) -> None:
    client = browser(alice)
    conversation = told.question.conversation.pk

    assert client.post(MAKE, {"kind": "conversations", "ids": conversation, "format": "exe"}).status_code == 422
    assert client.post(MAKE, {"kind": "what", "ids": "x", "format": "pdf"}).status_code == 404


def test_a_server_writes_in_the_background_and_hands_out_the_file(shared_server: Server) -> None:
    client = shared_server.client("alice")
    client.post("/export/make/", data={"kind": "team", "ids": "", "format": "archive", "pictures": "on"})

    file = eventually(lambda: ready_file(client))

    assert file[:2] == b"PK"


def ready_file(client: Any) -> bytes:
    page = client.get("/exports/").text
    return client.get(page.split('/file"')[0].rpartition('"')[2] + "/file").content if '/file"' in page else b""
