"""The addresses of the API for reading, with what they take and what they answer."""

from dataclasses import dataclass, field
from typing import Any

from api.reading.description.schemas import ID, TEXT, ref

CURSOR = ("cursor", "Where to go on: what the last response said under next.")
LIMIT = ("limit", "How many rows, from 1 to 100.")
_ERRORS = {
    "400": "A parameter can’t be used.",
    "401": "The access token is missing, revoked or expired.",
    "403": "The token lacks the scope, or its person may not do this.",
    "404": "There is nothing there for this person.",
    "409": "Someone decided on the image since, or it is gone.",
    "422": "The words stand in too much to find the best in time.",
    "429": "The token asks too often. `Retry-After` says for how long to wait.",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that programs do. `name` is that of its route, `queries` are names with what they are for, `answers` is
    the shape of its response; empty for a picture."""

    method: str
    path: str
    name: str
    summary: str
    answers: str
    scope: str = "read"
    queries: tuple[tuple[str, str], ...] = ()
    takes: str = ""
    errors: tuple[str, ...] = field(default=("400", "401", "403", "429"))

    def described(self) -> dict[str, Any]:
        """As OpenAPI has it."""
        said_of_it: dict[str, Any] = {
            "operationId": self.name,
            "summary": self.summary,
            "description": f"Scope: `{self.scope}`.",
            "parameters": [*self._in_path(), *(_query(*query) for query in self.queries)],
            "responses": {
                "200": {"description": "Done.", "content": self._content()},
                **{code: _error(_ERRORS[code]) for code in sorted(self.errors)},
            },
        }
        if self.takes:
            said_of_it["requestBody"] = {"required": True, "content": {"application/json": {"schema": ref(self.takes)}}}
        return said_of_it

    def _content(self) -> dict[str, Any]:
        if not self.answers:
            return {"image/*": {"schema": {"type": "string", "contentMediaType": "image/*"}}}
        return {"application/json": {"schema": ref(self.answers)}}

    def _in_path(self) -> list[dict[str, Any]]:
        names = [part[1:-1] for part in self.path.split("/") if part.startswith("{")]
        return [{"name": name, "in": "path", "required": True, "schema": ID} for name in names]


_WITH_404 = ("400", "401", "403", "404", "429")

OPERATIONS = (
    Operation(
        "get",
        "/api/conversations",
        "conversations",
        "Conversations, the one asked in last first",
        "ConversationPage",
        queries=(
            ("q", "Words of the title."),
            ("space", "The id of a space."),
            ("tag", "The name of a tag."),
            ("since", "Asked in since this day or moment."),
            LIMIT,
            CURSOR,
        ),
        errors=_WITH_404,
    ),
    Operation(
        "get",
        "/api/conversations/{conversation_id}",
        "conversation",
        "One conversation with its questions and answers",
        "WholeConversation",
        queries=(CURSOR,),
        errors=_WITH_404,
    ),
    Operation(
        "get",
        "/api/answers/{answer_id}",
        "answer",
        "One answer with its sources and the check of its citations",
        "Answer",
        errors=_WITH_404,
    ),
    Operation(
        "get",
        "/api/search",
        "search",
        "Search titles, questions, answers and sources",
        "ResultPage",
        queries=(
            ("q", "What someone would type into the search box, with its operators."),
            ("sort", "best or newest."),
            ("limit", "How many conversations, from 1 to 25."),
            CURSOR,
        ),
        errors=("400", "401", "403", "422", "429"),
    ),
    Operation("get", "/api/spaces", "spaces", "The spaces that the token’s person may read", "SpacePage"),
    Operation(
        "get",
        "/api/spaces/{space_id}",
        "space",
        "One space with its standing instructions",
        "WholeSpace",
        errors=_WITH_404,
    ),
    Operation(
        "get",
        "/api/sources",
        "sources",
        "The ledger of sources",
        "LedgerSourcePage",
        queries=(
            ("in", "team, own or the id of a space."),
            ("q", "Words of titles and addresses."),
            ("site", "A site, such as example.org, with its subdomains."),
            (
                "show",
                "all, cited, missing, gone, moved, changed, newer, trusted, doubtful or blocked.",
            ),
            ("sort", "recent, answers, cited or site."),
            CURSOR,
        ),
        errors=_WITH_404,
    ),
    Operation(
        "get",
        "/api/reviews",
        "reviews",
        "Images that wait for review, oldest first",
        "WaitingImagePage",
        scope="review",
        queries=(LIMIT, CURSOR),
    ),
    Operation(
        "post",
        "/api/reviews/{image_id}",
        "review",
        "Approve or reject an image",
        "Decision",
        scope="review",
        takes="Verdict",
        errors=("400", "401", "403", "404", "409", "429"),
    ),
    Operation(
        "get",
        "/api/reviews/{image_id}/picture",
        "review_picture",
        "The picture of an image in review",
        "",
        scope="review",
        errors=_WITH_404,
    ),
)


def _query(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": TEXT}


def _error(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": ref("Error")}}}
