from __future__ import annotations

from django.urls import path

from qafila.identity.web import account, login, password, people, roles, two_factor
from qafila.kernel.web import Nav, add_nav

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
    path("admin-desk/users", people.people),
    path("admin-desk/users/new", people.new),
    path("admin-desk/users/<int:user_id>", people.person),
    path("admin-desk/users/<int:user_id>/edit", people.edit),
    path("admin-desk/users/<int:user_id>/switch-on", people.switch_on),
    path("admin-desk/users/<int:user_id>/switch-off", people.switch_off),
    path("admin-desk/users/<int:user_id>/unlock", people.unlock),
    path("admin-desk/users/<int:user_id>/forget-phone", people.forget_phone),
    path("admin-desk/users/<int:user_id>/password", people.new_password),
    path("admin-desk/users/<int:user_id>/word", people.word),
    path("admin-desk/roles", roles.roles),
    path("admin-desk/roles/<str:code>", roles.role),
    path("admin-desk/roles/<str:code>/save", roles.save),
]

add_nav(
    Nav("Admin", "People", "/admin-desk/users", "users", "admin.users.view", 10),
    Nav("Admin", "Roles", "/admin-desk/roles", "shield-lock", "admin.roles.view", 20),
)
