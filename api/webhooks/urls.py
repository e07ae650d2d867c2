"""The addresses of the pages about webhooks."""

from django.urls import path

from api.webhooks import views

_webhook = "team/webhooks/<uuid:webhook_id>/"

urlpatterns = [
    path("team/webhooks/", views.webhooks, name="webhooks"),
    path("team/webhooks/add/", views.add_webhook, name="add_webhook"),
    path(_webhook, views.webhook, name="webhook"),
    path(f"{_webhook}change/", views.change_webhook, name="change_webhook"),
    path(f"{_webhook}secret/", views.new_secret, name="new_webhook_secret"),
    path(f"{_webhook}pause/", views.pause_webhook, name="pause_webhook"),
    path(f"{_webhook}resume/", views.resume_webhook, name="resume_webhook"),
    path(f"{_webhook}remove/", views.remove_webhook, name="remove_webhook"),
    path(f"{_webhook}test/", views.test_webhook, name="test_webhook"),
    path(f"{_webhook}deliveries/<uuid:delivery_id>/again/", views.send_again, name="send_again"),
]
