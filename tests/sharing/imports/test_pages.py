"""The pages of imports, asked for as a browser does."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from chat.models import Answer, Conversation
from config.middleware import request_bodies
from sharing.imports.importing import Importing
from sharing.imports.surveying import Surveying
from sharing.models import ImportRun
from tests.sharing.imports import shapes
from tests.sharing.imports.bringing import import_all

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def uploaded(client: Client, data: bytes, **fields: str) -> ImportRun:
    file = BytesIO(data)
    file.name = "my export.json"
    response = client.post(reverse("sharing:upload_import"), {"place": "private", **fields, "file": file})
    assert response.status_code == 302
    return ImportRun.objects.get()


def test_a_file_is_looked_through_then_imported_then_undone(alice: User) -> None:
    client = client_of(alice)
    run = uploaded(client, shapes.as_json(shapes.chatgpt(), {"conversation_id": "x", "current_node": "y"}))
    page = reverse("sharing:import", args=[run.pk])
    assert b"Reading the file" in client.get(page).content
    assert client.get(reverse("sharing:import_progress", args=[run.pk])).status_code == 200
    Surveying(run.pk, holder=None).run()
    assert client.get(reverse("sharing:import_progress", args=[run.pk])).headers["HX-Refresh"] == "true"
    shown = client.get(page).content.decode()
    for words in ("2 conversations found", "From ChatGPT.", "Keepers", "1 system prompt", "has no messages"):
        assert words in shown
    assert not Conversation.objects.exists()

    client.post(reverse("sharing:begin_import", args=[run.pk]))
    Importing(run.pk, holder=None).run()
    conversation = Conversation.objects.get()
    shown = client.get(page).content.decode()
    assert reverse("chat:conversation", args=[conversation.pk]) in shown
    assert "Not imported" in shown
    assert "Not imported" in client.get(f"{page}?outcome=failed").content.decode()

    client.post(reverse("sharing:undo_import", args=[run.pk]))
    assert client.get(reverse("chat:conversation", args=[conversation.pk])).status_code == 404
    client.post(reverse("sharing:bring_import_back", args=[run.pk]))
    assert client.get(reverse("chat:conversation", args=[conversation.pk])).status_code == 200
    client.post(reverse("sharing:remove_import", args=[run.pk]))
    assert not ImportRun.objects.exists()
    assert Conversation.objects.get().deleted_at is None


def test_an_imported_conversation_works_like_any_other(alice: User) -> None:
    import_all(shapes.as_json(shapes.chatgpt()), by=alice)
    client, answer = client_of(alice), Answer.objects.get(text__startswith="**Two**")
    conversation = answer.question.conversation_id
    page = client.get(reverse("chat:conversation", args=[conversation])).content.decode()
    assert "Imported from ChatGPT." in page
    assert "no longer available" not in page
    for name in ("passport", "verify_answer", "answer_check"):
        assert client.get(reverse(f"chat:{name}", args=[conversation, answer.pk])).status_code == 200
    names = {"compare": answer.question_id, "edit_question": answer.question_id}
    for name, id in names.items():
        assert client.get(reverse(f"chat:{name}", args=[conversation, id])).status_code == 200


def test_what_cannot_be_taken_is_said_and_nothing_is_stored(alice: User, vera: User) -> None:
    client = client_of(alice)
    for fields, words in (
        ({"place": "private"}, "No file was received."),
        ({"place": "nowhere", "file": BytesIO(b"[]")}, "Choose where the conversations go."),
        ({"place": "private", "file": BytesIO(b"")}, "This file is empty."),
    ):
        response = client.post(reverse("sharing:upload_import"), fields)
        assert response.status_code == 422
        assert words in response.content.decode()
    for _ in range(3):
        client.post(reverse("sharing:upload_import"), {"place": "private", "file": BytesIO(b"[1]")})
    response = client.post(reverse("sharing:upload_import"), {"place": "private", "file": BytesIO(b"[1]")})
    assert "3 imports that aren’t finished" in response.content.decode()
    assert client_of(vera).get(reverse("sharing:imports")).status_code == 403
    assert ImportRun.objects.count() == 3


def test_only_imports_may_be_as_large_as_a_history() -> None:
    assert request_bodies.takes_files("/import/upload/")
    assert most_at("/import/upload/") > 500 * 1024 * 1024
    assert most_at("/attachments/") == request_bodies.LARGEST_UPLOAD
    assert most_at("/ask/import/upload/") == request_bodies.LARGEST_FORM


def most_at(path: str) -> int:
    return request_bodies._most_at({"path": path, "headers": [(b"content-type", b"multipart/form-data; boundary=a")]})
