"""Addresses of people and teams. Signing in and out bear the names that Django gives them."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from accounts.views import account, join, language, team, time_zone

named = [
    path("welcome/<str:token>/", join.welcome, name="welcome"),
    path("join/<str:token>/", join.join, name="join"),
    path("join/<str:token>/accept/", join.accept, name="accept"),
    path("new-password/<str:token>/", account.new_password, name="new_password"),
    path("me/", account.me, name="me"),
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
    path("team/invite/", team.invite, name="invite"),
    path("team/invitations/<uuid:invitation_id>/revoke/", team.revoke, name="revoke"),
    path("team/members/<uuid:member_id>/role/", team.change_role, name="change_role"),
    path("team/members/<uuid:member_id>/remove/", team.remove, name="remove"),
    path("team/members/<uuid:member_id>/password-link/", team.password_link, name="password_link"),
]

urlpatterns = [
    path("login/", account.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", account.ChangePassword.as_view(), name="password_change"),
    path("", include((named, "accounts"))),
]
