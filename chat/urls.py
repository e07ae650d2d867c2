"""Addresses of conversations."""

from django.urls import path

from chat.attachments.urls import urlpatterns as attachments
from chat.conversations.urls import urlpatterns as history
from chat.costs.urls import urlpatterns as costs
from chat.options.urls import urlpatterns as options
from chat.presets.urls import urlpatterns as presets
from chat.structured.urls import urlpatterns as structured
from chat.views import ask, conversation, documents, media, stream

app_name = "chat"

_conversation = "c/<uuid:conversation_id>/"
_answer = f"{_conversation}answers/<uuid:answer_id>/"

urlpatterns = [
    path("", conversation.home, name="home"),
    path("ask/", ask.ask_new, name="ask_new"),
    path(_conversation, conversation.conversation, name="conversation"),
    path(f"{_conversation}ask/", ask.ask, name="ask"),
    path(f"{_conversation}older/", conversation.older, name="older"),
    path(f"{_conversation}newer/", conversation.newer, name="newer"),
    path(f"{_conversation}questions/<uuid:question_id>/again/", ask.ask_again, name="ask_again"),
    path(_answer, conversation.answer, name="answer"),
    path(f"{_answer}stream", stream.stream, name="stream"),
    path(f"{_answer}stop/", ask.stop, name="stop"),
    path(f"{_answer}media/<slug:key>/", media.picture, name="picture"),
    path(f"{_answer}media/<slug:key>/large/", media.picture, {"size": "large"}, name="large_picture"),
    path("docs/<slug:name>.md", documents.document, name="document"),
    *attachments,
    *history,
    *costs,
    *options,
    *presets,
    *structured,
]
