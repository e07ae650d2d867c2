"""The addresses of links, exports, reports and imports."""

from django.urls import URLPattern, URLResolver, include, path

from sharing.export.views import choosing, jobs
from sharing.imports.urls import urlpatterns as imports
from sharing.links.views import making, media, reading, team

app_name = "sharing"

_conversation = "c/<uuid:conversation_id>/links/"
_export = "exports/<uuid:job_id>/"
_shared = "s/<str:token>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_conversation, making.links, name="links"),
    path(f"{_conversation}<uuid:link_id>/end/", making.end, name="end_link"),
    path("team/sharing/", team.sharing, name="team"),
    path("team/sharing/switch/", team.switch, name="switch"),
    path("team/sharing/<uuid:link_id>/end/", team.end, name="end_team_link"),
    path(_shared, reading.shared, name="shared"),
    path(f"{_shared}password/", reading.give_password, name="password"),
    path(f"{_shared}alive/", reading.alive, name="alive"),
    path(f"{_shared}media/<uuid:answer_id>/<slug:key>/", media.picture, name="picture"),
    path(f"{_shared}media/<uuid:answer_id>/<slug:key>/large/", media.picture, {"size": "large"}, name="large_picture"),
    path(f"{_shared}media/images/<uuid:image_id>/", media.image, name="image"),
    path(f"{_shared}media/images/<uuid:image_id>/small/", media.small_image, name="small_image"),
    path("reports/", include("sharing.reports.urls")),
    # Exports
    path("export/", choosing.export, name="export"),
    path("export/selected/", choosing.choose, name="export_selected"),
    path("export/make/", choosing.make, name="make_export"),
    path("exports/", jobs.exports, name="exports"),
    path("exports/rows/", jobs.rows, name="export_rows"),
    path(f"{_export}file", jobs.export_file, name="export_file"),
    path(f"{_export}stop/", jobs.stop, name="stop_export"),
    path(f"{_export}remove/", jobs.remove, name="remove_export"),
    # Imports
    *imports,
]
