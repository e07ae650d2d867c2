"""Addresses of what answers cost."""

from django.urls import path

from chat.views import costs

urlpatterns = [
    path("costs/", costs.costs, name="costs"),
    path("costs/answers.csv", costs.export, name="costs_export"),
    path("costs/limit/", costs.limit_team, name="limit_team"),
    path("costs/members/<uuid:member_id>/limit/", costs.limit_member, name="limit_member"),
    path("c/<uuid:conversation_id>/costs/", costs.conversation_costs, name="conversation_costs"),
]
