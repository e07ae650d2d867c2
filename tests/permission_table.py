"""What each address answers to whom, by method: the table that `tests/test_permissions.py` goes through."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ROLES = ("anonymous", "stranger", "viewer", "member", "author", "owner")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
Statuses = Mapping[str, int]

PICTURES = [{"image_url": "https://pictures.example/light.png"}]

KEEPERS = "<p>Nobody.</p><table><tr><th>Keeper</th></tr></table>"
EVERYBODY: Statuses = dict.fromkeys(ROLES, 200)
SIGNED_IN: Statuses = EVERYBODY | {"anonymous": 302}
READ: Statuses = SIGNED_IN | {"stranger": 404}
ASK: Statuses = {"anonymous": 302, "stranger": 404, "viewer": 403, "member": 302, "author": 302, "owner": 302}
BROUGHT_LATER: Statuses = {role: 202 if status == 200 else status for role, status in READ.items()}
MANAGE: Statuses = ASK | {"member": 403}
AUTHOR_ONLY: Statuses = MANAGE | {"owner": 403}
OWN_SEARCH: Statuses = dict.fromkeys(ROLES, 404) | {"anonymous": 302, "author": 302}  # nobody else knows of it
OWN_EXPORT: Statuses = OWN_SEARCH  # nor of what somebody else takes out


@dataclass(frozen=True)
class Row:
    """What each role gets from an address. `ids` names the parts of the address, `data` what is posted."""

    get: Statuses | None = None
    post: Statuses | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    deleted: bool = False


def asks() -> dict[str, str]:
    return {"text": "And then?", "model": "sonar", "key": str(uuid.uuid4())}


def plan() -> dict[str, str]:
    return {"every": "week", "hour": "9", "weekday": "0", "day": "1", "budget": "2"}


TEAM_OWNER: Statuses = {"anonymous": 302, "stranger": 404, "viewer": 403, "member": 403, "author": 403, "owner": 302}
OWN_TEAM: Statuses = {"anonymous": 302, "stranger": 302, "viewer": 403, "member": 403, "author": 403, "owner": 302}
OPERATOR: Statuses = dict.fromkeys(ROLES, 403) | {"anonymous": 302}  # an owner administers a team, not the server
INVITE: Statuses = OWN_TEAM | {"stranger": 200, "owner": 200}
OWNERS_PAGE: Statuses = INVITE

PROGRAM: Statuses = dict.fromkeys(ROLES, 401)  # a session lets no program in (tests/api/test_token_rights.py)

SPACE: Statuses = MANAGE  # a space of everyone on the team, that its author owns and team owners manage
NEW_SPACE: Statuses = SIGNED_IN | {"viewer": 403}

WEBHOOK = {"name": "Log", "url": "https://receiver.example/in", "events": "answer.finished"}

EDIT_REPORT: Statuses = ASK  # a report of the team: whoever may ask may edit it

TABLE: Mapping[str, Row] = {
    "api:tokens": Row(get=SIGNED_IN, post=SIGNED_IN, data={"name": "Laptop", "scopes": ["read"], "expiry": "30"}),
    "api:revoke_token": Row(post=dict.fromkeys(ROLES, 404) | {"anonymous": 302, "author": 302}),
    "api:team_tokens": Row(get=OWNERS_PAGE),
    "api:revoke_team_token": Row(post=TEAM_OWNER),
    "api:models": Row(get=PROGRAM),
    "api:model": Row(get=PROGRAM),
    "api:chat_completions": Row(post=PROGRAM),
    "api:sonar": Row(post=PROGRAM),
    "api:perplexity_chat_completions": Row(post=PROGRAM),
    "api:image_generations": Row(post=PROGRAM),
    "api:image_content": Row(get=PROGRAM),
    "api:responses": Row(post=PROGRAM),
    "api:response": Row(get=PROGRAM),
    "sharing:reports": Row(get=SIGNED_IN),
    "sharing:report_trash": Row(get=SIGNED_IN),
    "sharing:new_report": Row(
        get=NEW_SPACE, post=OWN_TEAM | {"member": 302, "author": 302}, data={"title": "Tides", "to": "team"}
    ),
    "sharing:add_to_report": Row(
        get=NEW_SPACE, post=dict.fromkeys(ROLES, 302), data={"to_report": "new", "title": "Tides", "to": "team"}
    ),  # without an answer it leads to the list; answers of others are looked into in tests/sharing
    "sharing:report": Row(get=READ),
    "sharing:edit_report": Row(
        get=READ | {"viewer": 403}, post=EDIT_REPORT, data={"title": "Tides", "text": "High.", "seen": "1"}
    ),
    "sharing:preview_report": Row(post=READ | {"viewer": 403}, data={"title": "Tides", "text": "High.", "seen": "1"}),
    "sharing:export_report": Row(
        get=READ, post={role: 302 if status == 200 else status for role, status in READ.items()}
    ),
    "sharing:report_versions": Row(get=READ),
    "sharing:report_version": Row(get=READ),
    "sharing:restore_report_version": Row(post=EDIT_REPORT),
    "sharing:tidy_report": Row(post=EDIT_REPORT),
    "sharing:move_report": Row(post=MANAGE, data={"to": "team"}),
    "sharing:delete_report": Row(post=MANAGE),
    "sharing:restore_report": Row(post=MANAGE, deleted=True),
    "healthz": Row(get=EVERYBODY),
    "stream_probe": Row(get=dict.fromkeys(ROLES, 404)),  # only with a token of the installation
    "metrics": Row(get=dict.fromkeys(ROLES, 404)),  # only with the operator's token, or from the operator's network
    "readyz": Row(get=dict.fromkeys(ROLES, 503)),  # no worker runs in a test without a server
    "login": Row(get=EVERYBODY, post=EVERYBODY),
    "logout": Row(post=dict.fromkeys(ROLES, 302)),
    "password_change": Row(get=SIGNED_IN, post=SIGNED_IN),
    "accounts:welcome": Row(get=dict.fromkeys(ROLES, 404), post=dict.fromkeys(ROLES, 404)),
    "accounts:join": Row(get=EVERYBODY, post=EVERYBODY | {"anonymous": 422}),
    "accounts:accept": Row(post=dict.fromkeys(ROLES, 302)),
    "accounts:new_password": Row(get=dict.fromkeys(ROLES, 404), post=dict.fromkeys(ROLES, 404)),
    "accounts:join_by_email": Row(post=dict.fromkeys(ROLES, 404)),  # only with a mail server, as are the next four
    "accounts:address": Row(post=dict.fromkeys(ROLES, 404) | {"anonymous": 302}, data={"address": "a@b.example"}),
    "accounts:confirm_address": Row(get=dict.fromkeys(ROLES, 410), post=dict.fromkeys(ROLES, 410)),
    "password_reset": Row(get=dict.fromkeys(ROLES, 404), post=dict.fromkeys(ROLES, 404)),
    "password_reset_confirm": Row(get=dict.fromkeys(ROLES, 410), post=dict.fromkeys(ROLES, 410)),
    "accounts:me": Row(get=SIGNED_IN, post=dict.fromkeys(ROLES, 302)),
    "accounts:own_instructions": Row(post=dict.fromkeys(ROLES, 302), data={"text": "Be brief.", "seen": "0"}),
    "accounts:time_zone": Row(post=dict.fromkeys(ROLES, 302), data={"time_zone": "Europe/Berlin"}),
    "accounts:browser_time_zone": Row(
        post=dict.fromkeys(ROLES, 204) | {"anonymous": 302}, data={"time_zone": "Europe/Berlin"}
    ),
    "accounts:sign_out_everywhere": Row(post=dict.fromkeys(ROLES, 302)),
    "accounts:language": Row(post=dict.fromkeys(ROLES, 302), data={"language": ""}),
    "accounts:switch": Row(
        post={"anonymous": 302, "stranger": 404, "viewer": 302, "member": 302, "author": 302, "owner": 302}
    ),
    "accounts:team": Row(get=SIGNED_IN),
    "accounts:rename": Row(post=OWN_TEAM, data={"name": "Quay"}),
    "accounts:team_instructions": Row(post=OWN_TEAM, data={"text": "Be brief.", "seen": "0"}),
    "accounts:image_approval": Row(post=OWN_TEAM),
    "accounts:default_visibility": Row(post=OWN_TEAM, data={"visible_to": "private"}),
    "accounts:setup_team": Row(get=OWNERS_PAGE, post=OWN_TEAM, data={"name": "Quay"}),
    "accounts:setup_review": Row(get=OWNERS_PAGE, post=OWN_TEAM, data={"images": "approved"}),
    "accounts:invite": Row(get=INVITE, post=INVITE, data={"role": "member", "days": "7"}),
    "accounts:join_link": Row(post=INVITE, data={"role": "member", "days": "7", "uses": "5"}),
    "accounts:new_link": Row(post=TEAM_OWNER | {"owner": 200}),
    "accounts:revoke": Row(post=TEAM_OWNER),
    "accounts:change_role": Row(post=TEAM_OWNER, data={"role": "viewer"}),
    "accounts:mark_reviewer": Row(post=TEAM_OWNER, data={"is_reviewer": "on"}),
    "accounts:hand_over": Row(post=TEAM_OWNER),
    "accounts:remove": Row(post=TEAM_OWNER),
    "accounts:password_link": Row(post=TEAM_OWNER | {"owner": 200}),
    "manifest": Row(get=EVERYBODY),
    "chat:home": Row(get=SIGNED_IN),
    "chat:palette": Row(get=SIGNED_IN),
    "chat:shortcuts": Row(get=SIGNED_IN),
    "chat:check_always": Row(post=ASK | {"stranger": 302}),
    "chat:ask_new": Row(post=ASK | {"stranger": 302}, data=asks()),
    "chat:choose_place": Row(post=dict.fromkeys(ROLES, 302), data={"visible_to": "private"}),
    "chat:conversation": Row(get=READ),
    "chat:ask": Row(post=ASK, data=asks()),
    "chat:older": Row(get=READ),
    "chat:newer": Row(get=READ),
    "chat:answer": Row(get=READ),
    "chat:stream": Row(get={**READ, **dict.fromkeys(("viewer", "member", "author", "owner"), 503)}),
    "chat:notices": Row(get=dict.fromkeys(ROLES, 503) | {"anonymous": 302}),  # no worker runs without a server
    "chat:seen": Row(post={**dict.fromkeys(ROLES, 204), "anonymous": 302, "stranger": 404}),
    "chat:answer_instructions": Row(get=READ),
    "chat:own_verifications": Row(get=SIGNED_IN),
    "chat:verify_answer": Row(get=READ | {"viewer": 403}, post=ASK),
    "chat:verifications": Row(get=READ),
    "chat:change_verification": Row(
        get=READ | {"viewer": 403, "member": 403, "owner": 403}, post=AUTHOR_ONLY, data={"note": "Compared."}
    ),
    "chat:withdraw_verification": Row(post=MANAGE),
    "chat:restore_verification": Row(post=MANAGE),
    "chat:passport": Row(get=READ),
    "chat:passport_file": Row(get=READ),
    "chat:passport_key": Row(get=SIGNED_IN),
    "chat:answer_table": Row(get=READ),
    "chat:answer_check": Row(get=READ),
    "chat:check_line": Row(get=READ),
    "chat:begin_check": Row(post=ASK),
    "chat:ask_opinion": Row(post=ASK),
    "chat:stop": Row(post=ASK),
    "chat:ask_again": Row(post=ASK, data=asks()),
    "chat:compare": Row(get=READ),
    "chat:ask_several": Row(post=ASK, data={"models": "sonar", "key": str(uuid.uuid4())}),
    "chat:models": Row(get=SIGNED_IN),
    "chat:mark_model": Row(post=dict.fromkeys(ROLES, 302), data={"model": "sonar"}),
    "chat:unmark_model": Row(post=dict.fromkeys(ROLES, 302), data={"model": "sonar"}),
    "chat:edit_question": Row(
        get=READ | {"viewer": 403, "member": 403, "owner": 403},
        post=ASK | {"member": 403, "owner": 403},
        data=asks(),
    ),
    "chat:fork": Row(get=READ | {"viewer": 403}, post=ASK, data={"visible_to": "private", "key": str(uuid.uuid4())}),
    "chat:options": Row(post=SIGNED_IN),
    "chat:check_options": Row(post=SIGNED_IN),
    "chat:option_suggestions": Row(get=SIGNED_IN),
    "chat:picture": Row(get=BROUGHT_LATER),
    "chat:large_picture": Row(get=BROUGHT_LATER),
    "chat:upload": Row(post=ASK | dict.fromkeys(("stranger", "member", "author", "owner"), 422)),  # without a file
    "chat:waiting_attachments": Row(get=SIGNED_IN),
    "chat:attachment": Row(get=READ),
    "chat:attachment_thumbnail": Row(get=READ),
    "chat:remove_attachment": Row(post=dict.fromkeys(ROLES, 404) | {"anonymous": 302}),  # it is asked about
    "chat:document": Row(get=SIGNED_IN),
    "chat:documentation": Row(get=SIGNED_IN),
    "chat:readme": Row(get=SIGNED_IN),
    "chat:history": Row(get=SIGNED_IN),
    "chat:change_selected": Row(post=ASK | {"stranger": 302}, data={"all": "yes"}),
    "chat:search": Row(get=SIGNED_IN),
    "chat:known_answers": Row(
        post=SIGNED_IN | {"stranger": 204, "viewer": 204},
        data={"text": "Who keeps it?"},  # who can’t ask sees no answers
    ),
    "chat:tags": Row(get=SIGNED_IN),
    "chat:rename_tag": Row(post=TEAM_OWNER, data={"name": "Quays"}),
    "chat:merge_tag": Row(post=TEAM_OWNER, data={"name": "Quays"}),
    "chat:delete_tag": Row(post=TEAM_OWNER),
    "chat:conversation_tags": Row(get=READ),
    "chat:add_tag": Row(post=ASK, data={"name": "Quays"}),
    "chat:remove_tag": Row(post=ASK),
    "chat:search_suggestions": Row(get=SIGNED_IN),
    "chat:save_search": Row(post=dict.fromkeys(ROLES, 302), data={"name": "Lights", "query": "light from:me"}),
    "chat:rename_search": Row(post=OWN_SEARCH, data={"name": "Lamps"}),
    "chat:delete_search": Row(post=OWN_SEARCH),
    "chat:restore_search": Row(post=OWN_SEARCH, deleted=True),
    "chat:trash": Row(get=SIGNED_IN),
    "chat:erase_selected": Row(post=ASK | {"stranger": 302}, data={"all": "yes", "sure": "yes"}, deleted=True),
    "chat:menu": Row(get=READ),
    "chat:rename": Row(post=MANAGE, data={"title": "Lights"}),
    "chat:pin": Row(post=ASK),
    "chat:unpin": Row(post=ASK),
    "chat:archive": Row(post=MANAGE),
    "chat:unarchive": Row(post=MANAGE),
    "chat:delete": Row(post=MANAGE),
    "chat:restore": Row(post=MANAGE, deleted=True),
    "chat:move": Row(
        get=MANAGE | {"author": 200, "owner": 200},
        post=MANAGE | {"owner": 422},
        data={"to": "private", "seen": "team"},
    ),
    "chat:share": Row(post=AUTHOR_ONLY),
    "chat:unshare": Row(post=AUTHOR_ONLY),
    "chat:connect": Row(get=OPERATOR, post=OPERATOR),
    "chat:test_key": Row(post=OPERATOR),
    "chat:remove_key": Row(post=OPERATOR),
    "chat:close_demo_banner": Row(post=dict.fromkeys(ROLES, 302)),
    "chat:costs": Row(get=OWNERS_PAGE),
    "chat:team_models": Row(get=OWNERS_PAGE, post=OWN_TEAM, data={"models_scope": "all", "tools_scope": "all"}),
    "chat:costs_export": Row(get=OWNERS_PAGE),
    "chat:own_use": Row(get=SIGNED_IN),
    "chat:own_use_export": Row(get=SIGNED_IN),
    "chat:limit_team": Row(post=OWN_TEAM, data={"limit": "5"}),
    "chat:limit_member": Row(post=TEAM_OWNER, data={"limit": ""}),
    "chat:conversation_costs": Row(get=READ),
    "chat:presets": Row(get=SIGNED_IN),
    "chat:presets_menu": Row(get=SIGNED_IN),
    "chat:new_preset": Row(post=INVITE | {"member": 200, "author": 200}),
    "chat:keep_preset": Row(post=ASK | {"stranger": 302}, data={"name": "Sites", "model": "sonar", "with_model": "on"}),
    "chat:keep_defaults": Row(post=ASK | {"stranger": 302}),
    "chat:apply_preset": Row(post=ASK),
    "chat:format_schema": Row(post=SIGNED_IN),
    "chat:example_schema": Row(post=SIGNED_IN),
    "chat:rename_preset": Row(post=AUTHOR_ONLY, data={"name": "Papers"}),
    "chat:share_preset": Row(post=AUTHOR_ONLY),
    "chat:unshare_preset": Row(post=MANAGE),
    "chat:delete_preset": Row(post=MANAGE),
    "chat:restore_preset": Row(post=MANAGE, deleted=True),
    "chat:watches": Row(get=SIGNED_IN),
    "chat:watch_question": Row(get=READ | {"viewer": 403}, post=ASK, data=plan()),
    "chat:watch": Row(get=READ),
    "chat:watch_run": Row(get=READ),
    "chat:edit_watch": Row(get=AUTHOR_ONLY | {"author": 200}, post=AUTHOR_ONLY, data=plan()),
    "chat:pause_watch": Row(post=MANAGE),
    "chat:resume_watch": Row(post=AUTHOR_ONLY),
    "chat:run_watch": Row(post=AUTHOR_ONLY),
    "chat:watch_successor": Row(post=AUTHOR_ONLY),
    "chat:delete_watch": Row(post=MANAGE),
    "chat:restore_watch": Row(post=MANAGE, deleted=True),
    "chat:follow_watch": Row(post=ASK | {"viewer": 302}),
    "chat:unfollow_watch": Row(post=ASK | {"viewer": 302}),
    "chat:watch_letters": Row(get=dict.fromkeys(ROLES, 410), post=dict.fromkeys(ROLES, 410)),  # a signed link
    "chat:spaces": Row(get=SIGNED_IN),
    "chat:new_space": Row(
        get=NEW_SPACE, post=NEW_SPACE | {"stranger": 422, "member": 422, "author": 422, "owner": 422}
    ),
    "chat:whole_documents": Row(get=READ),
    "chat:space": Row(get=READ),
    "chat:space_instructions": Row(get=READ, post=SPACE, data={"text": "Be brief.", "seen": "0"}),
    "chat:space_people": Row(get=READ),
    "chat:add_to_space": Row(post=SPACE),
    "chat:choose_space_people": Row(get=SPACE | {"author": 200, "owner": 200}, post=SPACE, data={"sure": "yes"}),
    "chat:open_space": Row(post=SPACE),
    "chat:space_role": Row(post=SPACE, data={"role": "reader"}),
    "chat:space_remove": Row(post=SPACE),
    "chat:hand_over_space": Row(post=SPACE),
    "chat:leave_space": Row(post=ASK | {"viewer": 302}),  # they are told that everyone is in it
    "chat:space_settings": Row(
        get=SPACE | {"author": 200, "owner": 200}, post=SPACE, data={"name": "Q3", "visible_to": "space"}
    ),
    "chat:limit_space": Row(post=TEAM_OWNER, data={"limit": "5"}),
    "chat:archive_space": Row(post=SPACE),
    "chat:unarchive_space": Row(post=SPACE),
    "chat:delete_space": Row(post=SPACE),
    "chat:restore_space": Row(post=SPACE, deleted=True),
    "chat:keep_space": Row(post=SPACE),
    "chat:page_copy": Row(get=READ),
    "chat:space_documents": Row(get=READ),
    "chat:upload_documents": Row(post=ASK),
    "chat:document_states": Row(get={role: 286 if status == 200 else status for role, status in READ.items()}),
    "chat:erase_documents": Row(post=SPACE),
    "chat:space_document": Row(get=READ),
    "chat:document_file": Row(get=READ),
    "chat:upload_version": Row(post=ASK),
    "chat:make_version": Row(post=ASK),
    "chat:rename_document": Row(post=ASK, data={"name": "Report.pdf"}),
    "chat:read_document_again": Row(post=ASK),
    "chat:remove_document": Row(post=ASK),
    "chat:restore_document": Row(post=ASK, deleted=True),
    "chat:sources": Row(get=SIGNED_IN),
    "chat:sources_table": Row(get=SIGNED_IN),
    "chat:source": Row(get=READ),
    "chat:sites": Row(get=SIGNED_IN),
    "chat:site": Row(get=SIGNED_IN),
    "chat:mark_site": Row(post=ASK | {"stranger": 302}, data={"mark": "doubtful", "reason": "Old."}),
    "chat:undo_site_mark": Row(post=ASK | {"stranger": 302}),
    "sharing:links": Row(
        get=MANAGE | {"author": 200, "owner": 200},
        post=MANAGE | {"author": 200, "owner": 200},
        data={"kind": "snapshot", "ends": "7"},
    ),
    "sharing:end_link": Row(post=MANAGE),
    "sharing:team": Row(get=OWNERS_PAGE),
    "sharing:switch": Row(post=OWN_TEAM, data={"on": "on"}),
    "sharing:end_team_link": Row(post=TEAM_OWNER),
    "sharing:shared": Row(get=EVERYBODY),  # whoever has the link
    "sharing:password": Row(post=dict.fromkeys(ROLES, 302)),  # this one has none
    "sharing:alive": Row(get=dict.fromkeys(ROLES, 204)),
    "sharing:picture": Row(get=dict.fromkeys(ROLES, 202)),
    "sharing:large_picture": Row(get=dict.fromkeys(ROLES, 202)),
    "sharing:image": Row(get=dict.fromkeys(ROLES, 404)),  # the image was drawn elsewhere
    "sharing:small_image": Row(get=dict.fromkeys(ROLES, 404)),
    "sharing:export": Row(get=SIGNED_IN),
    "sharing:export_selected": Row(post=dict.fromkeys(ROLES, 302)),  # nothing is selected
    "sharing:make_export": Row(post=SIGNED_IN, data={"kind": "team", "format": "json"}),
    "sharing:exports": Row(get=SIGNED_IN),
    "sharing:export_rows": Row(get=SIGNED_IN | {role: 286 for role in ROLES if role != "anonymous"}),
    "sharing:export_file": Row(get=OWN_EXPORT | {"author": 200}),
    "sharing:stop_export": Row(post=OWN_EXPORT),
    "sharing:remove_export": Row(post=OWN_EXPORT),
    "api:api": Row(get=SIGNED_IN),
    "api:openapi": Row(get=EVERYBODY),
    **{f"api:{name}": Row(get=PROGRAM) for name in ("conversations", "conversation", "answer", "search", "spaces")},
    **{f"api:{name}": Row(get=PROGRAM) for name in ("space", "sources", "reviews", "review_picture")},
    "api:review": Row(post=PROGRAM),
    "api:webhooks": Row(get=OWNERS_PAGE),
    "api:add_webhook": Row(post=INVITE, data=WEBHOOK),
    "api:webhook": Row(get=TEAM_OWNER | {"owner": 200}),
    "api:change_webhook": Row(post=TEAM_OWNER, data=WEBHOOK),
    "api:new_webhook_secret": Row(post=TEAM_OWNER | {"owner": 200}),
    "api:pause_webhook": Row(post=TEAM_OWNER),
    "api:resume_webhook": Row(post=TEAM_OWNER),
    "api:remove_webhook": Row(post=TEAM_OWNER),
    "api:test_webhook": Row(post=TEAM_OWNER),
    "api:send_again": Row(post=TEAM_OWNER),
    "sharing:imports": Row(get=NEW_SPACE),
    "sharing:upload_import": Row(post=NEW_SPACE | {"stranger": 422, "member": 422, "author": 422, "owner": 422}),
    "sharing:import": Row(get=OWN_SEARCH | {"author": 200}),
    "sharing:import_progress": Row(get=OWN_SEARCH | {"author": 286}),  # it is over
    "sharing:begin_import": Row(post=OWN_SEARCH),
    "sharing:stop_import": Row(post=OWN_SEARCH),
    "sharing:undo_import": Row(post=OWN_SEARCH),
    "sharing:bring_import_back": Row(post=OWN_SEARCH),
    "sharing:remove_import": Row(post=OWN_SEARCH),
    "imaging:images": Row(get=SIGNED_IN),
    "imaging:draw": Row(post=ASK | {"stranger": 302}, data={"prompt": "A lighthouse", "key": str(uuid.uuid4())}),
    "imaging:changes": Row(post=SIGNED_IN | {"stranger": 204}),  # there is an image that the page does not show
    "imaging:drawn": Row(get=READ),
    "imaging:compare": Row(get=SIGNED_IN),
    "imaging:download_selected": Row(post=dict.fromkeys(ROLES, 302)),  # nothing is chosen
    "imaging:delete_selected": Row(post=dict.fromkeys(ROLES, 302)),
    "imaging:review_selected": Row(post=dict.fromkeys(ROLES, 302)),
    "imaging:compare_selected": Row(post=dict.fromkeys(ROLES, 302)),
    "imaging:image": Row(get=READ),
    "imaging:tile": Row(get=READ),
    "imaging:picture": Row(get=READ),
    "imaging:thumbnail": Row(get=READ),
    "imaging:download": Row(get=READ),
    "imaging:draw_again": Row(post=ASK),
    "imaging:fetch_again": Row(post=AUTHOR_ONLY),
    "imaging:delete": Row(post=AUTHOR_ONLY),
    "imaging:restore": Row(post=dict.fromkeys(ROLES, 404) | {"anonymous": 302, "author": 302}, deleted=True),
}
