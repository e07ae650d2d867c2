"""Addresses of what people attach to questions."""

from django.urls import path

from chat.views import attachments

urlpatterns = [
    path("attachments/", attachments.upload, name="upload"),
    path("attachments/waiting/", attachments.waiting, name="waiting_attachments"),
    path("attachments/<uuid:attachment_id>/", attachments.attachment, name="attachment"),
    path("attachments/<uuid:attachment_id>/thumbnail", attachments.thumbnail, name="attachment_thumbnail"),
    path("attachments/<uuid:attachment_id>/remove/", attachments.remove, name="remove_attachment"),
]
