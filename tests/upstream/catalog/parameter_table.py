"""Which Sonar model takes which parameter, with the bytes that have to be sent.

The rules are those of docs/sonar.md, "What each model takes". The bytes stand here as they go over the wire, written by
hand. `takes` and `refuses` name models by letters: S sonar, P sonar-pro, R sonar-reasoning, E sonar-reasoning-pro, D
sonar-deep-research. Where nothing is documented, they say what Parley has decided.
"""

from typing import Any, NamedTuple

MODELS = {
    "S": "sonar",
    "P": "sonar-pro",
    "R": "sonar-reasoning",
    "E": "sonar-reasoning-pro",
    "D": "sonar-deep-research",
}
EVERY = "SPRED"


class Row(NamedTuple):
    """`sent` is what stands between the messages and the end of the body."""

    name: str
    options: dict[str, Any]
    sent: str
    takes: str = EVERY
    refuses: str = ""


def search(**options: Any) -> dict[str, Any]:
    return {"web_search_options": options}


SCHEMA = {"type": "object", "properties": {"a": {"type": "string", "enum": [""]}}, "required": []}
JSON_FORMAT = {"type": "json_schema", "json_schema": {"schema": SCHEMA}}
REGEX_FORMAT = {"type": "regex", "regex": {"regex": "[0-9]{4}"}}

ROWS = (
    Row("nothing set", {}, ""),
    Row("stream_mode", {"stream_mode": "concise"}, ',"stream_mode":"concise"'),
    Row("stream_mode", {"stream_mode": "full"}, ',"stream_mode":"full"'),
    Row("max_tokens, least", {"max_tokens": 16}, ',"max_tokens":16'),
    Row("max_tokens, most", {"max_tokens": 128000}, ',"max_tokens":128000'),
    Row("temperature", {"temperature": 0}, ',"temperature":0'),
    Row("temperature", {"temperature": 1.99}, ',"temperature":1.99'),
    Row("top_p", {"top_p": 0.9}, ',"top_p":0.9'),
    Row("top_k", {"top_k": 0}, ',"top_k":0'),
    Row(
        "penalties",
        {"presence_penalty": -2, "frequency_penalty": 0.5},
        ',"presence_penalty":-2,"frequency_penalty":0.5',
    ),
    Row("stop", {"stop": ["END", "“—"]}, ',"stop":["END","“—"]'),
    Row("reasoning_effort", {"reasoning_effort": "minimal"}, ',"reasoning_effort":"minimal"', "D", "SPRE"),
    Row("reasoning_effort", {"reasoning_effort": "high"}, ',"reasoning_effort":"high"', "D", "SPRE"),
    Row("language_preference", {"language_preference": "Korean"}, ',"language_preference":"Korean"'),
    Row(
        "response_format json_schema",
        {"response_format": JSON_FORMAT},
        ',"response_format":{"type":"json_schema","json_schema":{"schema":{"type":"object",'
        '"properties":{"a":{"type":"string","enum":[""]}},"required":[]}}}',
    ),
    Row(
        "response_format regex",
        {"response_format": REGEX_FORMAT},
        ',"response_format":{"type":"regex","regex":{"regex":"[0-9]{4}"}}',
        "S",
        "PRED",
    ),
    Row("search_mode web", {"search_mode": "web"}, ',"search_mode":"web"'),
    Row("search_mode academic", {"search_mode": "academic"}, ',"search_mode":"academic"'),
    Row("search_mode sec", {"search_mode": "sec"}, ',"search_mode":"sec"'),
    Row(
        "search_domain_filter, allowed",
        {"search_domain_filter": ["a.example/path", ".gov"]},
        ',"search_domain_filter":["a.example/path",".gov"]',
    ),
    Row(
        "search_domain_filter, denied",
        {"search_domain_filter": ["-a.example", "-b.example"]},
        ',"search_domain_filter":["-a.example","-b.example"]',
    ),
    Row("recency", {"search_recency_filter": "hour"}, ',"search_recency_filter":"hour"'),
    Row(
        "dates",
        {"search_after_date_filter": "3/1/2025", "search_before_date_filter": "03/01/2025"},
        ',"search_after_date_filter":"3/1/2025","search_before_date_filter":"03/01/2025"',
    ),
    Row(
        "dates of the last update",
        {"last_updated_after_filter": "12/31/2024", "last_updated_before_filter": "1/1/2025"},
        ',"last_updated_after_filter":"12/31/2024","last_updated_before_filter":"1/1/2025"',
    ),
    Row("language filter", {"search_language_filter": ["en", "ko"]}, ',"search_language_filter":["en","ko"]'),
    Row(
        "search_context_size",
        search(search_context_size="low"),
        ',"web_search_options":{"search_context_size":"low"}',
        "SPRE",
        "D",
    ),
    Row(
        "user_location",
        search(
            user_location={"country": "KR", "region": "Seoul", "city": "중구", "latitude": 37.5, "longitude": -0.5}
        ),
        ',"web_search_options":{"user_location":{"country":"KR","region":"Seoul","city":"중구",'
        '"latitude":37.5,"longitude":-0.5}}',
    ),
    Row("search_type pro", search(search_type="pro"), ',"web_search_options":{"search_type":"pro"}', "P", "SRED"),
    Row("search_type auto", search(search_type="auto"), ',"web_search_options":{"search_type":"auto"}', "P", "SRED"),
    Row("disable_search", {"disable_search": True}, ',"disable_search":true', "SPRE", "D"),
    Row("classifier", {"enable_search_classifier": True}, ',"enable_search_classifier":true', "SPRE", "D"),
    Row("return_images", {"return_images": True}, ',"return_images":true'),
    Row("return_images, off", {"return_images": False}, ',"return_images":false'),
    Row("related questions", {"return_related_questions": True}, ',"return_related_questions":true', "SPRE", "D"),
    Row(
        "media_response videos",
        {"media_response": {"overrides": {"return_videos": True}}},
        ',"media_response":{"overrides":{"return_videos":true}}',
    ),
    Row(
        "image filters",
        {"return_images": True, "image_domain_filter": ["-a.example"], "image_format_filter": ["jpg", "jpeg"]},
        ',"return_images":true,"image_domain_filter":["-a.example"],"image_format_filter":["jpg","jpeg"]',
    ),
    Row("n is never sent", {"n": 2}, "", takes="", refuses=EVERY),
)  # fmt: skip

# The list that closes the table: what is never sent to any of these models.
CLOSING: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("reasoning_effort on a model other than D", {"reasoning_effort": "low"}, "SPRE"),
    ("regex off S", {"response_format": REGEX_FORMAT}, "PRED"),
    ("allow and deny mixed", {"search_domain_filter": ["a.example", "-b.example"]}, EVERY),
    ("more than 20 domains", {"search_domain_filter": [f"{n}.example" for n in range(21)]}, EVERY),
    ("recency and dates", {"search_recency_filter": "day", "search_after_date_filter": "1/1/2025"}, EVERY),
    ("recency and dates", {"search_recency_filter": "day", "search_before_date_filter": "1/1/2025"}, EVERY),
    ("recency and dates", {"search_recency_filter": "day", "last_updated_after_filter": "1/1/2025"}, EVERY),
    ("recency and dates", {"search_recency_filter": "day", "last_updated_before_filter": "1/1/2025"}, EVERY),
    (
        "after-date later than before-date",
        {"search_after_date_filter": "1/2/2025", "search_before_date_filter": "1/1/2025"},
        EVERY,
    ),
    (
        "after-date later than before-date",
        {"last_updated_after_filter": "10/1/2025", "last_updated_before_filter": "9/30/2025"},
        EVERY,
    ),
    ("latitude without country", search(user_location={"latitude": 1.0}), EVERY),
    ("longitude without country", search(user_location={"longitude": 1.0, "city": "Seoul"}), EVERY),
    ("search_type off P", search(search_type="pro"), "SRED"),
    ("search_type off P", search(search_type="auto"), "SRED"),
    ("image filters without return_images", {"image_domain_filter": ["a.example"]}, EVERY),
    ("image filters without return_images", {"image_format_filter": ["png"], "return_images": False}, EVERY),
    ("max_tokens below 16", {"max_tokens": 15}, EVERY),
    ("max_tokens above 128000", {"max_tokens": 128001}, EVERY),
    ("temperature of 2", {"temperature": 2}, EVERY),
    ("temperature above 2", {"temperature": 2.5}, EVERY),
    ("empty string", {"search_recency_filter": ""}, EVERY),
    ("empty string", {"language_preference": ""}, EVERY),
    ("empty string", {"search_mode": ""}, EVERY),
    ("empty string", {"stop": ""}, EVERY),
    ("empty string", search(user_location={"country": ""}), EVERY),
    ("empty string in a list", {"search_domain_filter": [""]}, EVERY),
)
