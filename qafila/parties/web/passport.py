"""Passport lines pasted or scanned into a form: what they say, as JSON."""

from __future__ import annotations

import json

from django.http import HttpResponse, JsonResponse

from qafila.kernel.errors import Refusal
from qafila.kernel.forms import parse_data
from qafila.kernel.http import Request, problem_response
from qafila.kernel.web import page
from qafila.parties.reading import read_passport
from qafila.parties.schemas import PassportIn


@page("customers.view", methods=("POST",))
def read(request: Request) -> HttpResponse:
    """`{"lines": […]}`, or a form's `mrz`. Answers the fields, or a problem whose `parts` name what does not fit."""
    try:
        if request.content_type == "application/json":
            try:
                body = json.loads(request.body or b"{}")
            except ValueError:
                body = {}
        else:
            body = {"lines": request.POST.get("mrz", "").splitlines()}
        asked = parse_data(body, PassportIn)
        return JsonResponse(read_passport(request.actor, asked.lines).model_dump(mode="json"))
    except Refusal as refusal:  # told as JSON, as the script asked for it
        return problem_response(refusal)
