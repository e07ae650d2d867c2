"""Makes somebody of the cast the operator of a server, who administers it, in the server's own database."""

from accounts.models import User
from tests.serving import Server
from tests.writing import written


def make_operator(server: Server, name: str = "alice") -> None:
    """Let the person administer the server."""
    written(server.store, __name__, name)


def write(name: str) -> None:
    """What `tests.writing` runs."""
    User.objects.filter(username=name).update(is_superuser=True, is_staff=True)
