"""Addresses of generated images."""

from django.urls import path

from imaging.views import drawing, gallery, images

app_name = "imaging"

urlpatterns = [
    path("", gallery.images, name="images"),
    path("draw/", drawing.draw, name="draw"),
    path("changes/", gallery.changes, name="changes"),
    path("<uuid:image_id>/", images.image, name="image"),
    path("<uuid:image_id>/tile/", gallery.tile, name="tile"),
    path("<uuid:image_id>/picture/", images.picture, name="picture"),
    path("<uuid:image_id>/thumbnail/", images.thumbnail, name="thumbnail"),
    path("<uuid:image_id>/download/", images.download, name="download"),
    path("<uuid:image_id>/again/", drawing.draw_again, name="draw_again"),
    path("<uuid:image_id>/fetch/", drawing.fetch_again, name="fetch_again"),
    path("<uuid:image_id>/delete/", images.delete, name="delete"),
    path("<uuid:image_id>/restore/", images.restore, name="restore"),
]
