"""The addresses that programs read, and the page about them."""

from django.urls import path

from api.reading import answers, conversations, page, reviews, search, sources, spaces

urlpatterns = [
    path("api/", page.api_page, name="api"),
    path("api/openapi.json", page.openapi, name="openapi"),
    path("api/conversations", conversations.conversations, name="conversations"),
    path("api/conversations/<uuid:conversation_id>", conversations.conversation, name="conversation"),
    path("api/answers/<uuid:answer_id>", answers.answer, name="answer"),
    path("api/search", search.search, name="search"),
    path("api/spaces", spaces.spaces, name="spaces"),
    path("api/spaces/<uuid:space_id>", spaces.space, name="space"),
    path("api/sources", sources.sources, name="sources"),
    path("api/reviews", reviews.reviews, name="reviews"),
    path("api/reviews/<uuid:image_id>", reviews.review, name="review"),
    path("api/reviews/<uuid:image_id>/picture", reviews.review_picture, name="review_picture"),
]
