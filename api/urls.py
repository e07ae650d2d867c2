"""The addresses that programs ask, and those where people look after their tokens."""

from django.urls import path

from api.openai.views import chat, images, models, responses
from api.reading.urls import urlpatterns as reading_addresses
from api.tokens.views import own, team
from api.webhooks.urls import urlpatterns as webhook_addresses

app_name = "api"

urlpatterns = [
    path("account/tokens/", own.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", own.revoke, name="revoke_token"),
    path("team/tokens/", team.team_tokens, name="team_tokens"),
    path("team/tokens/<uuid:token_id>/revoke/", team.revoke_for_team, name="revoke_team_token"),
    path("v1/models", models.models, name="models"),
    path("v1/models/<path:name>", models.model, name="model"),
    path("v1/chat/completions", chat.chat_completions, name="chat_completions"),
    path("v1/sonar", chat.chat_completions, name="sonar"),
    path("chat/completions", chat.chat_completions, name="perplexity_chat_completions"),
    path("v1/images/generations", images.generations, name="image_generations"),
    path("v1/images/<uuid:image_id>/content", images.content, name="image_content"),
    path("v1/responses", responses.responses, name="responses"),
    path("v1/responses/<str:response_id>", responses.response, name="response"),
    *reading_addresses,
    *webhook_addresses,
]
