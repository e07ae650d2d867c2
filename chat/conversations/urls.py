"""Addresses of the shared history, of searching it, and of managing a conversation."""

from django.urls import path

from chat.views import conversation_actions, history, search

_conversation = "c/<uuid:conversation_id>/"

urlpatterns = [
    path("history/", history.history, name="history"),
    path("search/", search.search, name="search"),
    path(f"{_conversation}menu/", conversation_actions.menu, name="menu"),
    path(f"{_conversation}rename/", conversation_actions.rename, name="rename"),
    path(f"{_conversation}pin/", conversation_actions.pin, name="pin"),
    path(f"{_conversation}unpin/", conversation_actions.unpin, name="unpin"),
    path(f"{_conversation}archive/", conversation_actions.archive, name="archive"),
    path(f"{_conversation}unarchive/", conversation_actions.unarchive, name="unarchive"),
    path(f"{_conversation}delete/", conversation_actions.delete, name="delete"),
    path(f"{_conversation}restore/", conversation_actions.restore, name="restore"),
    path(f"{_conversation}share/", conversation_actions.share, name="share"),
    path(f"{_conversation}unshare/", conversation_actions.unshare, name="unshare"),
]
