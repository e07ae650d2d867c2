"""Addresses of conversations."""

from django.urls import path

from chat.urls_attachments import urlpatterns as attachments
from chat.urls_costs import urlpatterns as costs
from chat.urls_history import urlpatterns as history
from chat.urls_options import urlpatterns as options
from chat.urls_presets import urlpatterns as presets
from chat.urls_structured import urlpatterns as structured
from chat.views import asking, documents, media, pages, streams

app_name = "chat"

_conversation = "c/<uuid:conversation_id>/"
_answer = f"{_conversation}answers/<uuid:answer_id>/"

urlpatterns = [
    path("", pages.home, name="home"),
    path("ask/", asking.ask_new, name="ask_new"),
    path(_conversation, pages.conversation, name="conversation"),
    path(f"{_conversation}ask/", asking.ask, name="ask"),
    path(f"{_conversation}older/", pages.older, name="older"),
    path(f"{_conversation}newer/", pages.newer, name="newer"),
    path(f"{_conversation}questions/<uuid:question_id>/again/", asking.ask_again, name="ask_again"),
    path(_answer, pages.answer, name="answer"),
    path(f"{_answer}stream", streams.stream, name="stream"),
    path(f"{_answer}stop/", asking.stop, name="stop"),
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
