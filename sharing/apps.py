"""The application that takes answers out of Parley, and brings others in."""

from django.apps import AppConfig

from core import notices


class SharingConfig(AppConfig):
    name = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        notices.when_asked(_offer)


def _offer() -> None:
    """Lead from a conversation's menu to its links and exports, from answers to reports, and from the palette and
    searches to both; remove reports that were deleted long ago."""
    from core.web.palette import palette_entries
    from core.web.search_providers import search_providers
    from sharing.export.making import report_exports
    from sharing.export.menu import entries, export_conversation
    from sharing.links.menu import share_by_link
    from sharing.reports import links, palette, search, service
    from sharing.reports.exporting import find_report

    palette_entries.register(entries)
    notices.conversation_links.register(share_by_link)
    notices.conversation_links.register(export_conversation)
    notices.answer_links.register(links.add_to_report)
    report_exports.register(find_report)
    notices.tidying.register(service.purge_reports)
    palette_entries.register(palette.entries)
    search_providers.register(search.report_hits)
