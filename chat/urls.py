"""Addresses of conversations, of what belongs to asking, and of what answers cost."""

from django.urls import path

from chat.views import (
    answer_tables,
    apply_preset,
    ask,
    attachments,
    conversation,
    conversation_actions,
    costs,
    documents,
    history,
    instructions,
    media,
    options,
    presets,
    search,
    stream,
    structured,
    team_models,
)

app_name = "chat"

_conversation = "c/<uuid:conversation_id>/"
_answer = f"{_conversation}answers/<uuid:answer_id>/"
_attachment = "attachments/<uuid:attachment_id>/"
_preset = "presets/<uuid:preset_id>/"

urlpatterns = [
    # Asking and reading
    path("", conversation.home, name="home"),
    path("ask/", ask.ask_new, name="ask_new"),
    path(_conversation, conversation.conversation, name="conversation"),
    path(f"{_conversation}ask/", ask.ask, name="ask"),
    path(f"{_conversation}older/", conversation.older, name="older"),
    path(f"{_conversation}newer/", conversation.newer, name="newer"),
    path(f"{_conversation}questions/<uuid:question_id>/again/", ask.ask_again, name="ask_again"),
    path(_answer, conversation.answer, name="answer"),
    path(f"{_answer}stream", stream.stream, name="stream"),
    path(f"{_answer}stop/", ask.stop, name="stop"),
    path(f"{_answer}media/<slug:key>/", media.picture, name="picture"),
    path(f"{_answer}media/<slug:key>/large/", media.picture, {"size": "large"}, name="large_picture"),
    path(f"{_answer}tables/<int:number>.csv", answer_tables.answer_table, name="answer_table"),
    path(f"{_answer}instructions/", instructions.instructions, name="answer_instructions"),
    path("team/models/", team_models.team_models, name="team_models"),
    path("docs/<slug:name>.md", documents.document, name="document"),
    path("docs/docs/README.<slug:language>.md", documents.readme, name="readme"),
    path("docs/docs/<slug:page>.md", documents.documentation, name="documentation"),
    # Attachments
    path("attachments/", attachments.upload, name="upload"),
    path("attachments/waiting/", attachments.waiting, name="waiting_attachments"),
    path(_attachment, attachments.attachment, name="attachment"),
    path(f"{_attachment}thumbnail", attachments.thumbnail, name="attachment_thumbnail"),
    path(f"{_attachment}remove/", attachments.remove, name="remove_attachment"),
    # The shared history, and managing a conversation
    path("history/", history.history, name="history"),
    path("search/", search.search, name="search"),
    path(f"{_conversation}menu/", conversation_actions.menu, name="menu"),
    path(f"{_conversation}rename/", conversation_actions.rename, name="rename"),
    path(f"{_conversation}pin/", conversation_actions.pin, name="pin"),
    path(f"{_conversation}unpin/", conversation_actions.unpin, name="unpin"),
    path(f"{_conversation}archive/", conversation_actions.archive, name="archive"),
    path(f"{_conversation}unarchive/", conversation_actions.unarchive, name="unarchive"),
    path(f"{_conversation}delete/", conversation_actions.delete, name="delete"),
    path(f"{_conversation}restore/", conversation_actions.restore, name="restore"),
    path(f"{_conversation}share/", conversation_actions.share, name="share"),
    path(f"{_conversation}unshare/", conversation_actions.unshare, name="unshare"),
    # Costs
    path("costs/", costs.costs, name="costs"),
    path("costs/answers.csv", costs.export, name="costs_export"),
    path("costs/limit/", costs.limit_team, name="limit_team"),
    path("costs/members/<uuid:member_id>/limit/", costs.limit_member, name="limit_member"),
    path(f"{_conversation}costs/", costs.conversation_costs, name="conversation_costs"),
    # Options, and the editor for JSON schemas
    path("options/", options.options, name="options"),
    path("options/check/", options.check, name="check_options"),
    path("options/suggestions/", options.suggestions, name="option_suggestions"),
    path("structured/format/", structured.format_schema, name="format_schema"),
    path("structured/examples/<slug:example>/", structured.example, name="example_schema"),
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
