"""Reads the settings that come from the environment, and says so plainly when one of them cannot be used."""

import contextlib
import ipaddress
import os
import re
import secrets
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

_ROOT = Path(__file__).resolve().parent.parent


def is_installed() -> bool:
    """Whether this Parley was installed as a package, and not unpacked or cloned."""
    return not (_ROOT / "manage.py").is_file()


def data_folder(name: str) -> Path:
    """The folder that the variable names for all that Parley keeps. Else `data` beside the program, or where it was
    installed as a package, the place that the system has for what programs keep for somebody."""
    if not is_installed():
        return Path(text(name, str(_ROOT / "data"))).resolve()
    # https://specifications.freedesktop.org/basedir-spec/latest/: a path that is not absolute counts as unset.
    place = Path(os.environ.get("XDG_DATA_HOME", ""))
    home = place if place.is_absolute() else Path.home() / ".local" / "share"
    return Path(text(name, str(home / "parley"))).resolve()


_read: dict[str, str] = {}  # by name: what may be shown of it, empty for what may be a secret


def set_by_operator() -> dict[str, str]:
    """The variables that are set among those that were read, each with what may be shown of it: a number, a yes or no,
    a choice. Nothing is shown of any other."""
    return {name: shown for name, shown in _read.items() if os.environ.get(name, "").strip()}


def text(name: str, default: str = "") -> str:
    """The variable without surrounding blanks; a blank one counts as unset."""
    _read.setdefault(name, "")
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """A yes or a no.

    Raises ImproperlyConfigured for any other word: a typing mistake must not switch a safeguard off.
    """
    word = text(name).lower()
    if not word:
        return default
    _read[name] = word
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not “{word}”.")


def number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number within bounds, both included. Raises ImproperlyConfigured otherwise."""
    word = text(name)
    if not word:
        return default
    try:
        value = int(word)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, not “{word}”.")
    _read[name] = word
    return value


def duration(name: str) -> timedelta | None:
    """A time such as 30m, 24h or 7d; None where there is none. Raises ImproperlyConfigured for anything else."""
    word = text(name).lower()
    if not word:
        return None
    found = re.fullmatch(r"([1-9]\d{0,3}) ?([mhd])", word, re.ASCII)
    if not found:
        raise ImproperlyConfigured(f"{name} must be minutes, hours or days, such as 30m, 24h or 7d, not “{word}”.")
    _read[name] = word
    return timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[found[2]]: int(found[1])})


def choice(name: str, *known: str) -> str:
    """One of the known words, the first one by default. Raises ImproperlyConfigured for any other."""
    word = text(name, known[0]).lower()
    if word not in known:
        said = list(filter(None, known))  # one that is empty is said by leaving the variable out
        raise ImproperlyConfigured(f"{name} must be {', '.join(said[:-1])} or {said[-1]}, not “{word}”.")
    _read[name] = word
    return word


def words(name: str) -> list[str]:
    """The comma-separated words of the variable."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def rates(name: str) -> dict[str, int]:
    """Questions per minute by model, `*` for every other model: `50, sonar-deep-research=5`.

    Raises ImproperlyConfigured for anything else, and for a model that is named twice.
    """
    found: dict[str, int] = {}
    for word in words(name):
        model, _, figure = word.rpartition("=")
        model = model.strip() or "*"
        if not figure.strip().isascii() or not figure.strip().isdigit() or int(figure) < 1 or model in found:
            raise ImproperlyConfigured(
                f"{name} must be questions per minute, such as 50 for every model or 50, sonar-deep-research=5, "
                f"not “{word}”."
            )
        found[model] = int(figure)
    return found


def pins(name: str) -> dict[str, str]:
    """Versions by preset: `fast=2026-10-16.0, low=2026-10-16.0`.

    Raises ImproperlyConfigured for anything else, and for a preset that is named twice.
    """
    found: dict[str, str] = {}
    for word in words(name):
        preset, _, version = (part.strip() for part in word.partition("="))
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}\.\d{1,4}", version, re.ASCII) or not preset or preset in found:
            raise ImproperlyConfigured(
                f"{name} must be versions of presets, such as fast=2026-10-16.0, low=2026-10-16.0, not “{word}”."
            )
        found[preset] = version
    return found


def prices(name: str) -> dict[str, Decimal]:
    """US dollars per picture by model, model and size, or `*` for every other model: `a=0.04, a@1024x1536=0.06, *=0`.

    Raises ImproperlyConfigured for anything else, and for what is named twice.
    """
    found: dict[str, Decimal] = {}
    for word in words(name):
        what, _, figure = word.rpartition("=")
        what, figure = what.strip(), figure.strip()
        if not what or not re.fullmatch(r"\d{1,4}(\.\d{1,6})?", figure, re.ASCII) or what in found:
            raise ImproperlyConfigured(
                f"{name} must be US dollars per image, such as gpt-image-1=0.04, gpt-image-1@1024x1536=0.06 or "
                f"*=0, not “{word}”."
            )
        found[what] = Decimal(figure)
    return found


def sizes(name: str, default: str) -> list[str]:
    """The comma-separated sizes of pictures, such as 1024x1536, in pixels; with a model's name and @ before it, a size
    is for that model. Raises ImproperlyConfigured otherwise."""
    found = words(name) or default.split(",")
    for word in found:
        if not re.fullmatch(r"(?:\S+@)?[1-9]\d{1,4}x[1-9]\d{1,4}", word, re.ASCII):
            raise ImproperlyConfigured(f"{name} must be widths and heights in pixels, such as 1024x1536, not “{word}”.")
    return list(dict.fromkeys(found))


def hosts(name: str) -> list[str]:
    """The comma-separated `host` or `host:port` entries of the variable, in lower case.

    Raises ImproperlyConfigured for an entry that is a whole address.
    """
    found = [word.lower() for word in words(name)]
    for entry in found:
        if not re.fullmatch(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?", entry):
            raise ImproperlyConfigured(
                f"{name} must be host names such as pictures.intranet or 10.0.0.7:8080, not “{entry}”."
            )
    return found


def networks(name: str, default: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The comma-separated addresses and networks of the variable, such as `10.0.0.7, 172.18.0.0/16`, or of the default,
    which may be empty.

    Raises ImproperlyConfigured for a name, and for a network whose address has bits beyond its mask.
    """
    found: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
    for word in words(name) or filter(None, default.split(",")):
        try:
            found.append(ipaddress.ip_network(word))
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} must be addresses and networks such as 10.0.0.7 or 172.18.0.0/16, not “{word}”."
            ) from None
    return found


def split_site(url: str) -> tuple[str, str]:
    """The origin in the address at which people open Parley, and the path below which it is, with a slash at its end.

    `https://host/parley` is `https://host` and `/parley/`. Of what is no address the checks tell.
    """
    found = re.match(r"https?://[^/?#]*", url)
    origin = found[0] if found else url
    return origin, f"{url.removeprefix(origin).rstrip('/')}/"


def database(name: str, default: str) -> dict[str, Any]:
    """Django's settings for the database at the address.

    Raises ImproperlyConfigured for a kind that Parley does not run on, and for an address that names no database.
    The address itself is not repeated, since it may hold a password.
    """
    url = text(name, default)
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            f"{name} must start with postgres:// or sqlite:///. Parley runs on PostgreSQL and on SQLite."
        )
    try:
        found = dict(dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True))
    except ValueError:
        found = {}
    if found.get("NAME") in {None, "", ":memory:"}:
        raise ImproperlyConfigured(
            f"{name} can’t be read as a database address, such as postgres://user:password@host/parley. Characters "
            "such as @, / and [ in a password must be percent-encoded."
        )
    return found


def mail_server(name: str) -> dict[str, Any]:
    """Where the SMTP server at the address is, whom it knows us as, and how the connection is encrypted.

    `smtp://` encrypts by STARTTLS, `smtps://` from the start, `smtp+plain://` not at all. Raises ImproperlyConfigured
    for any other address, which is not repeated, since it may hold a password.
    """
    url = text(name)
    try:
        parts = urlsplit(url)
        port = parts.port or {"smtp": 587, "smtps": 465}.get(parts.scheme, 25)
    except ValueError:
        parts, port = urlsplit("unreadable:"), 0
    if url and (parts.scheme not in {"smtp", "smtps", "smtp+plain"} or not parts.hostname or parts.path.strip("/")):
        raise ImproperlyConfigured(
            f"{name} must be the address of a mail server, such as smtp://user:password@mail.example:587, or smtps:// "
            "for one that is encrypted from the start. Characters such as @, / and : in a password must be "
            "percent-encoded."
        )
    return {
        "is_set": bool(url),
        "host": parts.hostname or "",
        "port": port,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "starttls": parts.scheme == "smtp",
        "tls": parts.scheme == "smtps",
    }


def folder(path: Path) -> Path:
    """The folder, made where that can be done; where it cannot, `config.checks.deployment` says so before a start."""
    with contextlib.suppress(OSError):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def kept_secret(path: Path) -> str:
    """The secret kept in the file, made on first use and readable by its owner alone."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    secret = secrets.token_urlsafe(50)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secret)
    try:
        os.link(draft, path)  # the first of two processes wins; both then read the same secret
    except FileExistsError:
        secret = path.read_text().strip()
    finally:
        draft.unlink()
    return secret
