"""Addresses of people and teams. Signing in and out bear the names that Django gives them."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from accounts.views import (
    account,
    address,
    invitations,
    join,
    language,
    members,
    reset,
    setup,
    team,
    time_zone,
    visibility,
)

named = [
    path("welcome/<str:token>/", join.welcome, name="welcome"),
    path("setup/team/", setup.setup_team, name="setup_team"),
    path("setup/review/", setup.setup_review, name="setup_review"),
    path("join/<str:token>/", join.join, name="join"),
    path("join/<str:token>/accept/", join.accept, name="accept"),
    path("join/<str:token>/by-email/", join.by_email, name="join_by_email"),
    path("new-password/<str:token>/", account.new_password, name="new_password"),
    path("me/", account.me, name="me"),
    path("me/address/", address.give, name="address"),
    path("confirm-address/<str:token>/", address.confirm, name="confirm_address"),
    path("me/instructions/", account.save_instructions, name="own_instructions"),
    path("me/time-zone/", time_zone.choose, name="time_zone"),
    path("me/browser-time-zone/", time_zone.browser_zone, name="browser_time_zone"),
    path("me/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("language/", language.language, name="language"),
    path("switch/", team.switch, name="switch"),
    path("team/", team.team, name="team"),
    path("team/rename/", team.rename, name="rename"),
    path("team/instructions/", team.save_instructions, name="team_instructions"),
    path("team/image-approval/", team.image_approval, name="image_approval"),
    path("team/visible-to/", visibility.set_default, name="default_visibility"),
    path("team/invite/", invitations.invite, name="invite"),
    path("team/join-link/", invitations.join_link, name="join_link"),
    path("team/invitations/<uuid:invitation_id>/new-link/", invitations.new_link, name="new_link"),
    path("team/invitations/<uuid:invitation_id>/revoke/", invitations.revoke, name="revoke"),
    path("team/members/<uuid:member_id>/role/", members.change_role, name="change_role"),
    path("team/members/<uuid:member_id>/reviewer/", members.mark_reviewer, name="mark_reviewer"),
    path("team/members/<uuid:member_id>/hand-over/", members.hand_over, name="hand_over"),
    path("team/members/<uuid:member_id>/remove/", members.remove, name="remove"),
    path("team/members/<uuid:member_id>/password-link/", members.password_link, name="password_link"),
]

urlpatterns = [
    path("login/", account.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", account.ChangePassword.as_view(), name="password_change"),
    path("forgot-password/", reset.AskForLink.as_view(), name="password_reset"),
    path("reset-password/<str:uidb64>/<str:token>/", reset.SetPassword.as_view(), name="password_reset_confirm"),
    path("", include((named, "accounts"))),
]
