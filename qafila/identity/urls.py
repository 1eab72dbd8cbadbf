from __future__ import annotations

from django.urls import path

from qafila.identity.web import account, login, password, two_factor

urlpatterns = [
    path("login", login.log_in),
    path("login/verify", login.verify),
    path("logout", login.log_out),
    path("password/forgot", password.forgot),
    path("password/reset/<str:uid>/<str:token>", password.reset),
    path("account", account.account),
    path("account/password", account.change_password),
    path("account/sessions/end-others", account.end_other_browsers),
    path("account/sessions/<int:sign_in_id>/end", account.end_browser),
    path("account/tokens", account.make_token),
    path("account/tokens/<int:token_id>/revoke", account.end_token),
    path("account/two-factor", two_factor.two_factor),
    path("account/two-factor/confirm", two_factor.confirm),
    path("account/two-factor/recovery-codes", two_factor.renew),
    path("account/two-factor/remove", two_factor.remove),
]
