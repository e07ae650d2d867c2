"""Addresses of the shared history, of searching it, and of managing a conversation."""

from django.urls import path

from chat.views import history, managing, search

_conversation = "c/<uuid:conversation_id>/"

urlpatterns = [
    path("history/", history.history, name="history"),
    path("search/", search.search, name="search"),
    path(f"{_conversation}menu/", managing.menu, name="menu"),
    path(f"{_conversation}rename/", managing.rename, name="rename"),
    path(f"{_conversation}pin/", managing.pin, name="pin"),
    path(f"{_conversation}unpin/", managing.unpin, name="unpin"),
    path(f"{_conversation}archive/", managing.archive, name="archive"),
    path(f"{_conversation}unarchive/", managing.unarchive, name="unarchive"),
    path(f"{_conversation}delete/", managing.delete, name="delete"),
    path(f"{_conversation}restore/", managing.restore, name="restore"),
    path(f"{_conversation}share/", managing.share, name="share"),
    path(f"{_conversation}unshare/", managing.unshare, name="unshare"),
]
