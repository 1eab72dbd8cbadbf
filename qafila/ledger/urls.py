"""The books' addresses, their place in the navigation, their tab on a booking."""

from django.urls import path

from qafila.kernel.web import Nav, Tab, add_nav, add_tab
from qafila.ledger.web import accounts, journals

urlpatterns = [
    path("finance/accounts", accounts.chart),
    path("finance/accounts/new", accounts.add),
    path("finance/accounts/<int:account_id>/edit", accounts.edit),
    path("finance/accounts/<str:code>", accounts.one),
    path("finance/trial-balance", accounts.trial_balance),
    path("finance/journals", journals.journal_list),
    path("finance/journals/new", journals.new_journal),
    path("finance/journals/approve-bulk", journals.approve_many),
    path("finance/journals/of-booking/<int:booking_id>", journals.of_booking),
    path("finance/journals/<int:entry_id>/approve", journals.approve),
    path("finance/journals/<int:entry_id>/reject", journals.reject),
    path("finance/journals/<int:entry_id>/reverse", journals.reverse),
    path("finance/journals/<str:number>", journals.journal),
    path("typeahead/accounts", accounts.typeahead),
    path("typeahead/parties", accounts.parties),
]
add_nav(
    Nav("Finance", "Journal", "/finance/journals", "book", "finance.view", 30),
    Nav("Finance", "Chart of accounts", "/finance/accounts", "list-details", "finance.view", 40),
    Nav("Finance", "Trial balance", "/finance/trial-balance", "scale", "finance.reports.trial_balance.view", 50),
)
add_tab("booking", Tab("journal", "Journal", "/finance/journals/of-booking/{id}", "finance.view", 70))
