"""Uploads and questions about them, as people make them."""

import io
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from chat.access.places import ALONE, TEAM
from chat.attachments import service as attachment_service
from chat.models import Attachment, Question
from chat.questions import service as questions
from tests import wishes
from tests.files.samples import drawn, encoded


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def picture(**options: Any) -> bytes:
    return encoded(drawn(**options), "PNG")


def sent(client: Client, *files: tuple[str, bytes], **data: str) -> Any:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("chat:upload"), {"file": uploads, **data})


def uploaded(user: User, name: str = "light.png", content: bytes = b"") -> Attachment:
    team = Membership.objects.filter(user=user).earliest("id").team
    return attachment_service.keep_upload(source=io.BytesIO(content or picture()), name=name, team=team, by=user)


def asks(client: Client, *attachments: Attachment | uuid.UUID | str, where: str = "", **data: Any) -> Any:
    ids = [str(getattr(one, "pk", one)) for one in attachments]
    form = {"text": "What is this?", "model": "sonar", "key": str(uuid.uuid4()), "attachment": ids, **data}
    return client.post(where or reverse("chat:ask_new"), form)


def asked(user: User, *attachments: Attachment, private: bool = False) -> Question:
    answer = questions.ask_in_new_conversation(
        wishes.wish("What is this?", attachments=attachments, place=ALONE if private else TEAM),
        team=attachments[0].team,
        by=user,
    )
    return answer.question
