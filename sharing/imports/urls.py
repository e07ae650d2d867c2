"""The addresses of imports."""

from django.urls import path

from sharing.imports import views

urlpatterns = [
    path("import/", views.imports, name="imports"),
    path("import/upload/", views.upload_import, name="upload_import"),
    path("import/<uuid:import_id>/", views.one_import, name="import"),
    path("import/<uuid:import_id>/progress/", views.import_progress, name="import_progress"),
    path("import/<uuid:import_id>/begin/", views.begin_import, name="begin_import"),
    path("import/<uuid:import_id>/stop/", views.stop_import, name="stop_import"),
    path("import/<uuid:import_id>/undo/", views.undo_import, name="undo_import"),
    path("import/<uuid:import_id>/bring-back/", views.bring_import_back, name="bring_import_back"),
    path("import/<uuid:import_id>/remove/", views.remove_import, name="remove_import"),
]
