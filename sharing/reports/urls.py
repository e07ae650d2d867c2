"""The addresses of reports, below `reports/`."""

from django.urls import path

from sharing.reports.views import adding, editing, exporting, lifecycle, listing, reading, versions

urlpatterns = [
    path("", listing.reports, name="reports"),
    path("trash/", listing.trash, name="report_trash"),
    path("new/", listing.new_report, name="new_report"),
    path("add/", adding.add, name="add_to_report"),
    path("<uuid:report_id>/", reading.report, name="report"),
    path("<uuid:report_id>/edit/", editing.edit, name="edit_report"),
    path("<uuid:report_id>/preview/", editing.preview, name="preview_report"),
    path("<uuid:report_id>/versions/", versions.versions, name="report_versions"),
    path("<uuid:report_id>/versions/<int:number>/", versions.version, name="report_version"),
    path("<uuid:report_id>/versions/<int:number>/restore/", versions.restore, name="restore_report_version"),
    path("<uuid:report_id>/export/<slug:format_name>/", exporting.export, name="export_report"),
    path("<uuid:report_id>/tidy/", editing.tidy_sources, name="tidy_report"),
    path("<uuid:report_id>/place/", lifecycle.move, name="move_report"),
    path("<uuid:report_id>/delete/", lifecycle.delete, name="delete_report"),
    path("<uuid:report_id>/restore/", lifecycle.restore, name="restore_report"),
]
