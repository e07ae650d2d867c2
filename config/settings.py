"""Django settings. Everything an operator may change comes from the environment; README.md has the table."""

import re
import socket
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.urls import reverse_lazy

from config import catalogs, data_folder, env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.data_folder("DATA_DIR")
# Every program of Parley reads the settings before it writes anything.
data_folder.keep_private(DATA_DIR)

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY") or env.kept_secret(DATA_DIR / "secret_key")
PORT = env.number("PORT", 8000, least=1, most=65535)
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]
SITE_ORIGIN, SITE_PATH = env.split_site(SITE_URL)
SERVED_OVER_HTTPS = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_ORIGIN] if SERVED_OVER_HTTPS else []
# Whose word counts about who asks, and whether by https. By default only programs on this machine, where the usual
# proxy runs: anybody else could invent another address for every try at a password.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", "127.0.0.0/8,::1")
WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", 1, least=1, most=64)

# --- What answers ---------------------------------------------------------------------------------
PERPLEXITY_API_KEY = env.text("PERPLEXITY_API_KEY")
PERPLEXITY_BASE_URL = env.text("PERPLEXITY_BASE_URL").rstrip("/")
PERPLEXITY_CHAT_PATH = env.text("PERPLEXITY_CHAT_PATH", "/chat/completions")
PERPLEXITY_AGENT_PATH = env.text("PERPLEXITY_AGENT_PATH", "/v1/agent")
# Which of Perplexity's two services is asked. auto means both at Perplexity itself, and Sonar elsewhere; both says that
# the server at PERPLEXITY_BASE_URL stands in front of Perplexity itself.
PERPLEXITY_PROVIDER = env.choice("PERPLEXITY_PROVIDER", "auto", "sonar", "agent", "both")
PERPLEXITY_MODELS = env.words("PERPLEXITY_MODELS")
# Whether the Agent API keeps short answers, which every holder of a key of the account can read then.
PERPLEXITY_STORE = env.flag("PERPLEXITY_STORE")
# What answers when nobody chose, and the versions to which the Agent API's presets are pinned.
DEFAULT_MODEL = env.text("DEFAULT_MODEL")
# The model that is asked for second opinions on checks of citations; else the cheapest that can give one.
OPINION_MODEL = env.text("OPINION_MODEL")
PERPLEXITY_EFFORT_PINS = env.pins("PERPLEXITY_EFFORT_PINS")
# Questions per minute that the service takes of each model; those beyond it wait in a fair order.
PERPLEXITY_RPM = env.rates("PERPLEXITY_RPM")
# Seconds of silence after which an answer counts as broken off. Deep research is silent for minutes.
PERPLEXITY_READ_TIMEOUT = env.number("PERPLEXITY_READ_TIMEOUT", 300, least=1, most=3600)
# The gateway, an unofficial service that also draws. It is another service with another key.
GATEWAY_BASE_URL = env.text("GATEWAY_BASE_URL").rstrip("/").removesuffix("/v1")
GATEWAY_API_KEY = env.text("GATEWAY_API_KEY")
# An image service: any server that draws as OpenAI's does.
IMAGES_BASE_URL = env.text("IMAGES_BASE_URL").rstrip("/").removesuffix("/v1")
IMAGES_API_KEY = env.text("IMAGES_API_KEY")
IMAGES_MODELS = env.words("IMAGES_MODELS")
IMAGES_SIZES = env.sizes("IMAGES_SIZES", "1024x1024,1536x1024,1024x1536")
IMAGES_RESPONSE_FORMAT = env.choice("IMAGES_RESPONSE_FORMAT", "", "b64_json", "url")
IMAGES_PRICES = env.prices("IMAGES_PRICES")
# Pictures that one process has it draw at the same time. A machine of one's own has time for one.
IMAGES_AT_ONCE = env.number("IMAGES_AT_ONCE", 1, least=1, most=32)

# What answers, and what draws the pictures of answers, where nothing is connected. Nothing else names the demo.
DEMO_UPSTREAM = "upstream.demo.transports.open_demo"
# How Sonar answers in the demo: that it has ended, in one of the ways in which it may say so, or as it did before.
DEMO_SONAR = env.choice("DEMO_SONAR", "ended", "migration", "404", "405", "410", "answers")
DEMO_GATEWAY = "upstream.demo.transports.open_demo_gateway"
DEMO_IMAGES = "upstream.demo.transports.open_demo_images"
DEMO_PICTURES = "upstream.demo.drawing.picture_at"
DEMO_PAGES = "upstream.demo.transports.open_demo_pages"

# --- Applications ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.operations.admin_config.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "axes",
    "csp",
    "config",
    "accounts",
    "api",
    "sharing",
    "imaging",
    "chat",
]

MIDDLEWARE = [
    "config.middleware.watched.count_responses",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.caching.private_by_default",
    "config.middleware.compression.PageCompression",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.languages.speak",
    "config.middleware.busy.answer_if_busy",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.languages.speak_to_person",
    "config.middleware.cpu_share.CpuShare",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.devices.remember_device",
    "axes.middleware.AxesMiddleware",
    "config.middleware.outages.OutagePages",
    "accounts.time_zones.activate_readers_zone",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["core.web.template_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "libraries": {"icons": "core.web.templatetags.icons", "wording": "core.web.templatetags.wording"},
            "builtins": ["core.web.templatetags.formats"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.team",
                "accounts.context_processors.time_zone",
                "chat.catalog.context_processors.product",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------
# A connection lives as long as its thread (config/asgi.py keeps a few), so opening one is not paid per request.
_SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 5,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
        "PRAGMA cache_size=-8000; PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864;"
    ),
}
DATABASES: dict[str, Any] = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'parley.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), **_SQLITE_OPTIONS}
    data_folder.close_database(Path(DATABASES["default"]["NAME"]))
else:
    # A connection to a host that is gone ends; and other servers' connections can be told from those of this one.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "tcp_user_timeout": 20_000,
        "application_name": f"parley {socket.gethostname()[:40]} {PORT}",
        **DATABASES["default"].get("OPTIONS", {}),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = reverse_lazy("login")
LOGIN_REDIRECT_URL = reverse_lazy("chat:home")
LOGOUT_REDIRECT_URL = reverse_lazy("login")

AXES_HANDLER = "accounts.throttling.Throttle"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # so that the wait we tell people is true
AXES_USERNAME_CALLABLE = "accounts.throttling.counted_name"
AXES_CLIENT_IP_CALLABLE = "accounts.throttling.client_address"
AXES_LOCKOUT_CALLABLE = "accounts.throttling.locked_out"
# People type passwords into the field for the name; the address to go to next may be an invitation.
AXES_SENSITIVE_PARAMETERS = ["username", "password", "next", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False

# --- E-mail ---------------------------------------------------------------------------------------
# Invitations, and links for new passwords, go by e-mail where there is a mail server.
_MAIL = env.mail_server("EMAIL_URL")
EMAIL_IS_SET: bool = _MAIL["is_set"]
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_IS_SET else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _MAIL["host"], _MAIL["port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["user"], _MAIL["password"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL["starttls"], _MAIL["tls"]
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM")
EMAIL_TIMEOUT = 8  # seconds
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # seconds

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"  # of everything that is not one reader's page; accounts/time_zones.py has theirs
USE_TZ = True
PATHS_FOR_PROGRAMS = ("/healthz", "/readyz", "/metrics")  # they are told in English, and the database is left alone
FORMAT_MODULE_PATH = "config.formats"
LOCALE_PATHS = [catalogs.LOCALE]
LANGUAGES = catalogs.offered(catalogs.LOCALE)

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = f"{SITE_PATH}static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Of static files, too: Parley serves them itself.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STORAGES: dict[str, Any] = {
    # Named by their content, and without any public address.
    "default": {"BACKEND": "files.storage.disk.AtomicFileStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static_bundles.BundledStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "media"
# Or a bucket on a storage that speaks S3, which several machines can share.
S3_BUCKET = env.text("S3_BUCKET")
S3_PREFIX = env.text("S3_PREFIX")
S3_ENDPOINT_URL = env.text("S3_ENDPOINT_URL")
S3_REGION = env.text("S3_REGION")
S3_ACCESS_KEY_ID = env.text("S3_ACCESS_KEY_ID")
S3_SECRET_ACCESS_KEY = env.text("S3_SECRET_ACCESS_KEY")
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "files.storage.s3.ObjectStorage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "location": S3_PREFIX.strip("/"),
            "endpoint_url": S3_ENDPOINT_URL or None,
            "region_name": S3_REGION or None,
            "access_key": S3_ACCESS_KEY_ID or None,
            "secret_key": S3_SECRET_ACCESS_KEY or None,
        },
    }
# Backups that Parley makes by itself: how often, where, and how many of them it keeps.
BACKUP_EVERY = env.duration("BACKUP_EVERY")
BACKUP_DIR = Path(env.text("BACKUP_DIR", str(DATA_DIR / "backups"))).resolve()
BACKUP_KEEP = env.number("BACKUP_KEEP", 7, least=1, most=1000)
# Copies of pictures that lie on other people's servers. Whoever removes them loses nothing.
PICTURE_CACHE = DATA_DIR / "cache" / "pictures"
# Such servers inside the network, which Parley would otherwise not ask for anything.
PICTURE_HOSTS = env.hosts("PICTURE_HOSTS")
# A question of 100 kB written in four-byte characters and percent-encoded by the form still has to arrive
# whole, so that the refusal can give it back to be shortened.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# Uploads wait on disk until they are judged. A system's own folder for such files is often kept in memory.
FILE_UPLOAD_TEMP_DIR = env.folder(DATA_DIR / "uploads")
DATA_UPLOAD_MAX_NUMBER_FILES = 30

# --- Documents of spaces ----------------------------------------------------------------------------
# Megabytes that the documents of one space, and of all spaces of one team, may take together.
SPACE_DOCUMENTS_MB = env.number("SPACE_DOCUMENTS_MB", 2000, least=1, most=10_000_000)
TEAM_DOCUMENTS_MB = env.number("TEAM_DOCUMENTS_MB", 10_000, least=1, most=100_000_000)

# --- Copies of cited pages --------------------------------------------------------------------------
# Whether pages that answers cite are read at all.
READ_PAGES = env.flag("READ_PAGES", default=True)
# Servers inside the network whose pages are read; others have to be on the public internet.
PAGE_HOSTS = env.hosts("PAGE_HOSTS")
# Megabytes that the copies of one team may take, and days since a page was seen last.
PAGE_COPIES_QUOTA_MB = env.number("PAGE_COPIES_QUOTA_MB", 500, least=1, most=10_000_000)
PAGE_COPIES_KEPT_DAYS = env.number("PAGE_COPIES_KEPT_DAYS", 365, least=1, most=36_500)
# When each site may be asked next, for all processes of this machine. Whoever removes it loses nothing.
PAGE_PACE = DATA_DIR / "cache" / "pages"

# --- Programs -------------------------------------------------------------------------------------
# Whether programs may ask and read, with the access tokens of people.
API = env.flag("API", default=True)

# --- Trash ----------------------------------------------------------------------------------------
TRASH_DAYS = env.number("TRASH_DAYS", 30, least=1, most=3650)

# --- Sharing --------------------------------------------------------------------------------------
# Whether teams can make links by which people outside read conversations, once their owners switch that on.
SHARING = env.flag("SHARING", default=True)

# --- Webhooks -------------------------------------------------------------------------------------
# Servers inside the network that webhooks may name; others have to be on the public internet, with https.
WEBHOOK_HOSTS = env.hosts("WEBHOOK_HOSTS")

# --- Review ---------------------------------------------------------------------------------------
# For teams of one: whoever reviews may decide about their own images too.
REVIEW_OWN_IMAGES = env.flag("REVIEW_OWN_IMAGES")

# --- Safety ---------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# By these names browsers take a cookie over https alone, and the first one only from this host for all of its paths:
# neither a neighbour's server nor a page without https can plant one.
_COOKIE_PREFIX = ("__Host-" if SITE_PATH == "/" else "__Secure-") if SERVED_OVER_HTTPS else ""
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}sessionid"
SESSION_COOKIE_PATH = SITE_PATH
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SERVED_OVER_HTTPS
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_PATH = SITE_PATH
CSRF_COOKIE_SECURE = SERVED_OVER_HTTPS
MESSAGE_COOKIE_NAME = f"{_COOKIE_PREFIX}messages"
LANGUAGE_COOKIE_NAME = f"{_COOKIE_PREFIX}language"
LANGUAGE_COOKIE_PATH = SITE_PATH
LANGUAGE_COOKIE_SECURE = SERVED_OVER_HTTPS
MESSAGE_STORAGE = "config.message_cookie.MessageStorage"
# Whether a request came by https is what a trusted proxy says of it (config/middleware/forwarded.py).
SECURE_SSL_REDIRECT = SERVED_OVER_HTTPS
SECURE_REDIRECT_EXEMPT = [rf"^{re.escape(SITE_PATH[1:])}(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if SERVED_OVER_HTTPS else 0
# Both bind hosts that Parley knows nothing of, for a year in browsers and for longer in their lists: only when asked.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS")
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD")
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # which want both set

# --- Watching -------------------------------------------------------------------------------------
# Who may ask for /metrics: whoever has the token, and whoever asks from these networks. Nobody, where neither is set.
METRICS_TOKEN = env.text("METRICS_TOKEN")
METRICS_ADDRESSES = env.networks("METRICS_ADDRESSES", "")
# What the processes of one server tell each other of what they counted. Whoever removes it loses counts alone.
METRICS_DIR = DATA_DIR / "cache" / "metrics"

# --- Logs -----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.format.LineFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "config.logs.json_lines.JsonFormatter"},
    },
    "filters": {"refusals": {"()": "config.logs.refusals.RefusalFilter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if env.choice("LOG_FORMAT", "text", "json") == "json" else "line",
            "filters": ["refusals"],
        }
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "psycopg": {"level": "ERROR"},  # a broken connection is told by whoever needed it
        # What talks to others would write headers and bodies, keys and questions with them, at DEBUG.
        **{
            name: {"level": "WARNING"}
            for name in ("aiohttp", "boto3", "botocore", "httpcore", "httpx", "s3transfer", "urllib3")
        },
    },
}
