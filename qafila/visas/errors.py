"""What the visas room refuses."""

from qafila.kernel.errors import NotFound, Refusal


class VisaCaseNotFound(NotFound):
    code = "VISA_CASE_NOT_FOUND"


class VisaCaseClosed(Refusal):
    code, status, title = "VISA_CASE_CLOSED", 409, "Case closed"


class VisaNumberMissing(Refusal):
    code, status, title = "VISA_NUMBER_MISSING", 422, "Check the input"
