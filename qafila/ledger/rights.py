"""Who may what in the books."""

from __future__ import annotations

from qafila.identity.types import Right, Role

MANAGER, ACCOUNTANT, CASHIER = Role.FINANCE_MANAGER, Role.ACCOUNTANT, Role.CASHIER

RIGHTS = [
    Right("finance.view", "See journals, accounts and statements", roles=(MANAGER, ACCOUNTANT, CASHIER)),
    Right("finance.edit", "Change the chart of accounts", roles=(MANAGER, ACCOUNTANT)),
    Right("finance.journals.create", "Enter manual journals", roles=(MANAGER, ACCOUNTANT), moves_money=True),
    Right("finance.journals.approve", "Approve others' journals", roles=(MANAGER, ACCOUNTANT), moves_money=True),
    Right("finance.journals.reject", "Reject others' journals", roles=(MANAGER, ACCOUNTANT)),
    Right("finance.journals.reverse", "Reverse others' journals", roles=(MANAGER, ACCOUNTANT), moves_money=True),
    Right("finance.journals.bulk_approve", "Approve many journals at once", roles=(MANAGER,), moves_money=True),
    Right("finance.journals.approve_own", "Approve one's own journal (break-glass, recorded)", moves_money=True),
    Right("finance.journals.reverse_own", "Reverse one's own journal (break-glass, recorded)", moves_money=True),
    Right("finance.periods.adjust", "Post into a soft-closed period", roles=(MANAGER,), moves_money=True),
    Right("finance.reports.trial_balance.view", "See the trial balance", roles=(MANAGER, ACCOUNTANT)),
    Right("finance.reports.trial_balance.export", "Export the trial balance", roles=(MANAGER, ACCOUNTANT)),
]
