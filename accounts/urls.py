"""Addresses of people and teams. Signing in and out bear the names that Django gives them."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from accounts.views import joining, me, team

named = [
    path("welcome/<str:token>/", joining.welcome, name="welcome"),
    path("join/<str:token>/", joining.join, name="join"),
    path("join/<str:token>/accept/", joining.accept, name="accept"),
    path("new-password/<str:token>/", me.new_password, name="new_password"),
    path("me/", me.me, name="me"),
    path("me/sign-out-everywhere/", me.sign_out_everywhere, name="sign_out_everywhere"),
    path("switch/", team.switch, name="switch"),
    path("team/", team.team, name="team"),
    path("team/rename/", team.rename, name="rename"),
    path("team/image-approval/", team.image_approval, name="image_approval"),
    path("team/invite/", team.invite, name="invite"),
    path("team/invitations/<uuid:invitation_id>/revoke/", team.revoke, name="revoke"),
    path("team/members/<uuid:member_id>/role/", team.change_role, name="change_role"),
    path("team/members/<uuid:member_id>/remove/", team.remove, name="remove"),
    path("team/members/<uuid:member_id>/password-link/", team.password_link, name="password_link"),
]

urlpatterns = [
    path("login/", me.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", me.ChangePassword.as_view(), name="password_change"),
    path("", include((named, "accounts"))),
]
