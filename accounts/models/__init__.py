"""People, their teams, and what belongs to either of them."""

from accounts.models.instructions import InstructionsVersion, PersonalInstructions, TeamInstructions
from accounts.models.mail import MailRequest
from accounts.models.people import (
    Invitation,
    Membership,
    OneTimeLink,
    Team,
    User,
    UserManager,
    inviter_owns_team,
)
from accounts.models.spending import (
    Spending,
    SpendingOfConversation,
    SpendingOfDay,
    SpendingOfSpace,
    SpendingSum,
)

__all__ = [
    "InstructionsVersion",
    "Invitation",
    "MailRequest",
    "Membership",
    "OneTimeLink",
    "PersonalInstructions",
    "Spending",
    "SpendingOfConversation",
    "SpendingOfDay",
    "SpendingOfSpace",
    "SpendingSum",
    "Team",
    "TeamInstructions",
    "User",
    "UserManager",
    "inviter_owns_team",
]
