"""Addresses of conversations, of what belongs to asking, and of what answers cost."""

from django.urls import path

from chat.views import (
    ask,
    attachments,
    conversation,
    conversation_actions,
    edit_question,
    fork,
    help_pages,
    instructions,
    notifications,
    palette,
    shortcuts,
    stream,
)
from chat.views.answers import media, tables
from chat.views.composer import options, places, schema
from chat.views.connection import connect, demo_banner
from chat.views.costs import overview, own_use
from chat.views.documents import changing as change_document
from chat.views.documents import listing as document_list
from chat.views.documents import reading as document_page
from chat.views.documents import sending as send_documents
from chat.views.history import listing, selected, tags, trash
from chat.views.models import picker as model_picker
from chat.views.models import team as team_models
from chat.views.presets import apply as apply_preset
from chat.views.presets import manage as presets
from chat.views.search import already_answered, results, suggest
from chat.views.search import saved as saved_searches
from chat.views.sources import always as always_check
from chat.views.sources import checks as citation_checks
from chat.views.sources import comparing, passports, sites, verified, verifying
from chat.views.sources import copies as page_copies
from chat.views.sources import ledger as sources_ledger
from chat.views.spaces import lifecycle as space_lifecycle
from chat.views.spaces import listing as space_list
from chat.views.spaces import page as space_page
from chat.views.spaces import people as space_people
from chat.views.spaces import settings as space_settings
from chat.views.watches import changing as change_watch
from chat.views.watches import following as follow_watch
from chat.views.watches import listing as watch_list
from chat.views.watches import reading as watch_page

app_name = "chat"

_conversation = "c/<uuid:conversation_id>/"
_answer = f"{_conversation}answers/<uuid:answer_id>/"
_question = f"{_conversation}questions/<uuid:question_id>/"
_verification = f"{_answer}verified/<uuid:verification_id>/"
_attachment = "attachments/<uuid:attachment_id>/"
_search = "search/saved/<uuid:search_id>/"
_preset = "presets/<uuid:preset_id>/"
_space = "spaces/<uuid:space_id>/"
_document = f"{_space}documents/<uuid:document_id>/"
_watch = "watches/<uuid:watch_id>/"

urlpatterns = [
    # Asking and reading
    path("", conversation.home, name="home"),
    path("ask/", ask.ask_new, name="ask_new"),
    path("ask/place/", places.choose_place, name="choose_place"),
    path("ask/known/", already_answered.already_answered, name="known_answers"),
    path(_conversation, conversation.conversation, name="conversation"),
    path(f"{_conversation}ask/", ask.ask, name="ask"),
    path(f"{_conversation}older/", conversation.older, name="older"),
    path(f"{_conversation}newer/", conversation.newer, name="newer"),
    path(f"{_conversation}questions/<uuid:question_id>/again/", ask.ask_again, name="ask_again"),
    path(f"{_question}compare/", comparing.compare, name="compare"),
    path(f"{_question}compare/ask/", comparing.ask_several, name="ask_several"),
    path(f"{_conversation}questions/<uuid:question_id>/edit/", edit_question.edit, name="edit_question"),
    path(f"{_conversation}questions/<uuid:question_id>/fork/", fork.fork, name="fork"),
    path(_answer, conversation.answer, name="answer"),
    path(f"{_answer}stream", stream.stream, name="stream"),
    path(f"{_answer}stop/", ask.stop, name="stop"),
    path(f"{_answer}media/<slug:key>/", media.picture, name="picture"),
    path(f"{_answer}media/<slug:key>/large/", media.picture, {"size": "large"}, name="large_picture"),
    path(f"{_answer}tables/<int:number>.csv", tables.answer_table, name="answer_table"),
    path(f"{_answer}instructions/", instructions.instructions, name="answer_instructions"),
    path(f"{_answer}check/", citation_checks.check, name="answer_check"),
    path(f"{_answer}check/line/", citation_checks.line, name="check_line"),
    path(f"{_answer}check/begin/", citation_checks.begin, name="begin_check"),
    path(f"{_answer}check/opinion/", citation_checks.ask_opinion, name="ask_opinion"),
    path("team/models/", team_models.team_models, name="team_models"),
    path("docs/<slug:name>.md", help_pages.document, name="document"),
    path("docs/docs/README.<slug:language>.md", help_pages.readme, name="readme"),
    path("docs/docs/<slug:page>.md", help_pages.documentation, name="documentation"),
    # Checks of what answers cite
    path("checks/always/", always_check.choose, name="check_always"),
    # Attachments
    path("attachments/", attachments.upload, name="upload"),
    path("attachments/waiting/", attachments.waiting, name="waiting_attachments"),
    path(_attachment, attachments.attachment, name="attachment"),
    path(f"{_attachment}thumbnail", attachments.thumbnail, name="attachment_thumbnail"),
    path(f"{_attachment}remove/", attachments.remove, name="remove_attachment"),
    # The shared history, and managing a conversation
    path("history/", listing.history, name="history"),
    path("history/selected/<slug:action>/", selected.change_selected, name="change_selected"),
    path("tags/", tags.tags, name="tags"),
    path("tags/<uuid:tag_id>/rename/", tags.rename, name="rename_tag"),
    path("tags/<uuid:tag_id>/merge/", tags.merge, name="merge_tag"),
    path("tags/<uuid:tag_id>/delete/", tags.delete, name="delete_tag"),
    path(f"{_conversation}tags/", tags.edit, name="conversation_tags"),
    path(f"{_conversation}tags/add/", tags.add, name="add_tag"),
    path(f"{_conversation}tags/<uuid:tag_id>/remove/", tags.remove, name="remove_tag"),
    path("search/", results.search, name="search"),
    path("search/suggestions/", suggest.suggest, name="search_suggestions"),
    path("search/saved/", saved_searches.save, name="save_search"),
    path(f"{_search}rename/", saved_searches.rename, name="rename_search"),
    path(f"{_search}delete/", saved_searches.delete, name="delete_search"),
    path(f"{_search}restore/", saved_searches.restore, name="restore_search"),
    path("palette/", palette.palette, name="palette"),
    path("shortcuts/", shortcuts.shortcuts, name="shortcuts"),
    path("trash/", trash.trash, name="trash"),
    path("trash/erase/", selected.erase_selected, name="erase_selected"),
    path(f"{_conversation}menu/", conversation_actions.menu, name="menu"),
    path(f"{_conversation}rename/", conversation_actions.rename, name="rename"),
    path(f"{_conversation}pin/", conversation_actions.pin, name="pin"),
    path(f"{_conversation}unpin/", conversation_actions.unpin, name="unpin"),
    path(f"{_conversation}archive/", conversation_actions.archive, name="archive"),
    path(f"{_conversation}unarchive/", conversation_actions.unarchive, name="unarchive"),
    path(f"{_conversation}delete/", conversation_actions.delete, name="delete"),
    path(f"{_conversation}restore/", conversation_actions.restore, name="restore"),
    path(f"{_conversation}move/", conversation_actions.move, name="move"),
    path(f"{_conversation}share/", conversation_actions.share, name="share"),
    path(f"{_conversation}unshare/", conversation_actions.unshare, name="unshare"),
    # Questions that are asked again by the clock
    path(f"{_conversation}questions/<uuid:question_id>/watch/", change_watch.watch_question, name="watch_question"),
    path("watches/", watch_list.watches, name="watches"),
    path("watches/letters/<str:token>/", follow_watch.letters_link, name="watch_letters"),
    path(_watch, watch_page.watch, name="watch"),
    path(f"{_watch}runs/<uuid:run_id>/", watch_page.run, name="watch_run"),
    path(f"{_watch}edit/", change_watch.edit, name="edit_watch"),
    path(f"{_watch}pause/", change_watch.pause, name="pause_watch"),
    path(f"{_watch}resume/", change_watch.resume, name="resume_watch"),
    path(f"{_watch}run/", change_watch.run_now, name="run_watch"),
    path(f"{_watch}model/", change_watch.choose_successor, name="watch_successor"),
    path(f"{_watch}delete/", change_watch.delete, name="delete_watch"),
    path(f"{_watch}restore/", change_watch.restore, name="restore_watch"),
    path(f"{_watch}follow/", follow_watch.follow, name="follow_watch"),
    path(f"{_watch}unfollow/", follow_watch.unfollow, name="unfollow_watch"),
    # What vouches for an answer
    path("sources/copies/<uuid:copy_id>/", page_copies.page_copy, name="page_copy"),
    # Spaces
    path("spaces/", space_list.spaces, name="spaces"),
    path("spaces/new/", space_list.new_space, name="new_space"),
    path(_space, space_page.space, name="space"),
    path(f"{_space}instructions/", space_page.instructions, name="space_instructions"),
    path(f"{_space}people/", space_people.space_people, name="space_people"),
    path(f"{_space}people/add/", space_people.add, name="add_to_space"),
    path(f"{_space}people/choose/", space_people.choose, name="choose_space_people"),
    path(f"{_space}people/everyone/", space_people.let_everyone_in, name="open_space"),
    path(f"{_space}people/<uuid:member_id>/role/", space_people.change_role, name="space_role"),
    path(f"{_space}people/<uuid:member_id>/remove/", space_people.remove, name="space_remove"),
    path(f"{_space}hand-over/", space_people.hand_over, name="hand_over_space"),
    path(f"{_space}leave/", space_people.leave, name="leave_space"),
    path(f"{_space}settings/", space_settings.settings, name="space_settings"),
    path(f"{_space}limit/", space_settings.limit, name="limit_space"),
    path(f"{_space}archive/", space_lifecycle.archive, name="archive_space"),
    path(f"{_space}unarchive/", space_lifecycle.unarchive, name="unarchive_space"),
    path(f"{_space}delete/", space_lifecycle.delete, name="delete_space"),
    path(f"{_space}restore/", space_lifecycle.restore, name="restore_space"),
    path(f"{_space}keep/", space_lifecycle.keep, name="keep_space"),
    # Documents of spaces
    path(f"{_space}documents/", document_list.documents, name="space_documents"),
    path(f"{_space}documents/upload/", document_list.upload, name="upload_documents"),
    path(f"{_space}documents/whole/", send_documents.whole_documents_list, name="whole_documents"),
    path(f"{_space}documents/states/", document_list.states, name="document_states"),
    path(f"{_space}documents/erase/", change_document.erase_removed, name="erase_documents"),
    path(_document, document_page.document, name="space_document"),
    path(f"{_document}file/", document_page.file, name="document_file"),
    path(f"{_document}upload/", change_document.upload_version, name="upload_version"),
    path(f"{_document}version/", change_document.make_version, name="make_version"),
    path(f"{_document}rename/", change_document.rename, name="rename_document"),
    path(f"{_document}read/", change_document.read_again, name="read_document_again"),
    path(f"{_document}remove/", change_document.remove, name="remove_document"),
    path(f"{_document}restore/", change_document.restore, name="restore_document"),
    # Sources of answers, and sites
    path("sources/", sources_ledger.sources, name="sources"),
    path("sources/table.csv", sources_ledger.sources_table, name="sources_table"),
    path("sources/pages/<slug:page_key>/", sources_ledger.source, name="source"),
    path("sources/sites/", sites.sites, name="sites"),
    path("sources/sites/<str:site>/", sites.site, name="site"),
    path("sources/sites/<str:site>/mark/", sites.mark_site, name="mark_site"),
    path("sources/sites/<str:site>/undo/", sites.undo_mark, name="undo_site_mark"),
    # What vouches for an answer
    path("verified/", verified.own, name="own_verifications"),
    path(f"{_answer}verify/", verifying.verify, name="verify_answer"),
    path(f"{_answer}verified/", verified.verifications, name="verifications"),
    path("passports/", passports.passport_key, name="passport_key"),
    path(f"{_answer}passport/", passports.passport, name="passport"),
    path(f"{_answer}passport.json", passports.passport_file, name="passport_file"),
    path(f"{_verification}change/", verifying.change, name="change_verification"),
    path(f"{_verification}withdraw/", verifying.withdraw, name="withdraw_verification"),
    path(f"{_verification}restore/", verifying.restore, name="restore_verification"),
    # The service behind
    path("connect/", connect.connect, name="connect"),
    path("connect/test/", connect.test, name="test_key"),
    path("connect/remove/", connect.remove, name="remove_key"),
    path("demo-banner/close/", demo_banner.close, name="close_demo_banner"),
    # Notices
    path("notices", notifications.notices, name="notices"),
    path(f"{_conversation}seen/", notifications.seen, name="seen"),
    # Costs
    path("costs/", overview.costs, name="costs"),
    path("costs/answers.csv", overview.export, name="costs_export"),
    path("use/", own_use.own_use, name="own_use"),
    path("use/answers.csv", own_use.export_own, name="own_use_export"),
    path("costs/limit/", overview.limit_team, name="limit_team"),
    path("costs/members/<uuid:member_id>/limit/", overview.limit_member, name="limit_member"),
    path(f"{_conversation}costs/", overview.conversation_costs, name="conversation_costs"),
    # Choosing a model
    path("models/", model_picker.models, name="models"),
    path("models/favourites/add/", model_picker.mark, name="mark_model"),
    path("models/favourites/remove/", model_picker.unmark, name="unmark_model"),
    # Options, and the editor for JSON schemas
    path("options/", options.options, name="options"),
    path("options/check/", options.check, name="check_options"),
    path("options/suggestions/", options.suggestions, name="option_suggestions"),
    path("structured/format/", schema.format_schema, name="format_schema"),
    path("structured/examples/<slug:example>/", schema.example, name="example_schema"),
    # Presets and defaults
    path("presets/", presets.presets, name="presets"),
    path("presets/menu/", apply_preset.menu, name="presets_menu"),
    path("presets/new/", apply_preset.new, name="new_preset"),
    path("presets/keep/", apply_preset.keep, name="keep_preset"),
    path("presets/defaults/", apply_preset.keep_defaults, name="keep_defaults"),
    path(f"{_preset}apply/", apply_preset.apply, name="apply_preset"),
    path(f"{_preset}rename/", presets.rename, name="rename_preset"),
    path(f"{_preset}share/", presets.share, name="share_preset"),
    path(f"{_preset}unshare/", presets.unshare, name="unshare_preset"),
    path(f"{_preset}delete/", presets.delete, name="delete_preset"),
    path(f"{_preset}restore/", presets.restore, name="restore_preset"),
]
