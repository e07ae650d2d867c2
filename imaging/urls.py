"""Addresses of generated images."""

from django.urls import path

from imaging.views import gallery, generate, image, selection

app_name = "imaging"

urlpatterns = [
    path("", gallery.images, name="images"),
    path("draw/", generate.draw, name="draw"),
    path("changes/", gallery.changes, name="changes"),
    path("drawn/<uuid:question_id>/", gallery.drawn, name="drawn"),
    path("compare/", selection.compare, name="compare"),
    path("selected/download/", selection.download, name="download_selected"),
    path("selected/delete/", selection.delete, name="delete_selected"),
    path("selected/review/", selection.review, name="review_selected"),
    path("selected/compare/", selection.compare_chosen, name="compare_selected"),
    path("<uuid:image_id>/", image.image, name="image"),
    path("<uuid:image_id>/tile/", gallery.tile, name="tile"),
    path("<uuid:image_id>/picture/", image.picture, name="picture"),
    path("<uuid:image_id>/thumbnail/", image.thumbnail, name="thumbnail"),
    path("<uuid:image_id>/download/", image.download, name="download"),
    path("<uuid:image_id>/again/", generate.draw_again, name="draw_again"),
    path("<uuid:image_id>/fetch/", generate.fetch_again, name="fetch_again"),
    path("<uuid:image_id>/delete/", image.delete, name="delete"),
    path("<uuid:image_id>/restore/", image.restore, name="restore"),
]
