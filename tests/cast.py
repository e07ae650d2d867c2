"""The people of the tests: Alice owns the team, Bob is a member, Vera looks on, Charlie is a stranger elsewhere."""

from typing import NamedTuple

PASSWORD = "correct horse"


class Part(NamedTuple):
    """One person's place: a user name, a team and a role in it."""

    username: str
    team: str
    role: str


CAST = (
    Part("alice", "Harbour", "owner"),
    Part("bob", "Harbour", "member"),
    Part("vera", "Harbour", "viewer"),
    Part("charlie", "Elsewhere", "owner"),
)
