"""The twin against the machine-readable description of the PBX's API."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, core, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from hypothesis.vendor import pretty
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.generation.hypothesis import setup
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from ringsim.pbx.twin import create_app
from ringsim.pbx.twin._app import ROUTERS
from support.pbx_twins import amount

# schemathesis hides failing examples, those of all other tests too: let Hypothesis show them again
setup()
core.RepresentationPrinter = pretty.RepresentationPrinter  # type: ignore[misc]

EXAMPLES, STEPS = amount(1, 6, 40), amount(4, 8, 12)
DESCRIPTION = json.loads((Path(__file__).parent / "openapi_ring_groups.json").read_text())
GROUP = {"extension_number": "600", "name": "Sales", "members": ["201", "202"]}

# Filters and orders that every collection takes; the language has tests of its own
FILTERS = ["id eq 'a'", "id ne null", "not contains(id,'%') or startswith(id,'1')"]
schemathesis.openapi.format("x-filter", st.sampled_from(FILTERS))
schemathesis.openapi.format("x-orderby", st.sampled_from(["id", "id desc", "id asc, id desc"]))


def overlaid() -> dict[str, Any]:
    """Return the description with what the twin decides where the PBX's documents are silent."""
    described = copy.deepcopy(DESCRIPTION)
    for schema in described["components"]["schemas"].values():
        if "x-twin-required" in schema:
            schema["required"] = schema.pop("x-twin-required")
    paths = described["paths"]
    for path in ("/ring_groups", "/ring_groups/{id}/agents", "/call_reports"):
        paths[path]["post"]["requestBody"]["required"] = True
    fault = paths["/ring_groups"]["get"]["responses"]["4XX"]
    for verbs in paths.values():
        for operation in verbs.values():
            operation["responses"].setdefault("4XX", fault)
    parameters = described["components"]["parameters"]
    for name in ("filter", "orderby"):
        parameters[name]["schema"]["format"] = f"x-{name}"
    for path in ("/cdrs", "/recordings", "/recordings/{id}"):  # the guide's verb beside GET
        post = copy.deepcopy(paths[path]["get"])
        post["operationId"] += "ByPost"
        paths[path]["post"] = post
    described["servers"] = [{"url": "/api"}]
    return described


def operations() -> Any:
    """Return the schema bound to a new twin, and a token of its administrator."""
    app = create_app(password="secret", groups=[GROUP], max_ring_groups=10_000)
    twin = app.state.twin
    import asyncio

    from ringsim.pbx.twin._routes_sign_in import check_password

    principal, _ = asyncio.run(check_password(twin, "admin", "secret", "test.io"))
    schema = schemathesis.openapi.from_dict(overlaid())
    schema.app = app
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    return schema, app, principal


SCHEMA, APP, ADMINISTRATOR = operations()
# Valid by the description, and yet refused as documented: wrong credentials, a number that is
# taken, unknown ids of what is to be destroyed, members and trunks that do not exist
REFUSED_THOUGH_VALID = (
    "oauthToken",
    "signInWithCredentials",
    "sendOTP",
    "verifyOTP",
    "refreshToken",
    "login",
    "createRingGroup",
    "updateRingGroup",
    "updateRingGroupMemberList",
    "deleteRingGroup",
    "deleteCallReport",
    "deleteCompletedCallReport",
)


def excluded(case: schemathesis.Case) -> list[Any]:
    """Return the checks that do not apply to an operation."""
    identity = case.operation.definition.raw["operationId"]
    left_out = []
    if identity in REFUSED_THOUGH_VALID or has_whole_float([case.body, case.query]):
        left_out.append(positive_data_acceptance)
    known = {parameter.name for parameter in case.operation.query}
    if set(case.query or {}) - known:  # unknown parameters are ignored
        left_out.append(negative_data_rejection)
    return left_out


def has_whole_float(value: Any) -> bool:
    """Return whether an integer is written as `1.0` somewhere, which the twin refuses."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return any(has_whole_float(each) for each in value)
    return isinstance(value, float) and value.is_integer()


def signed_in() -> dict[str, str]:
    """Return the header of a fresh token; some operations end the token that they get."""
    return {"Authorization": f"Bearer {APP.state.twin.tokens.issue(ADMINISTRATOR).access}"}


def test_the_description_is_valid() -> None:
    validate(overlaid())


# Endpoints of the twin that the description leaves out, and the reason to have them
BEYOND_THE_DESCRIPTION = {
    "GET /info": "open to everybody; no field is documented",
    "GET /sessions/directly": "open to everybody; no field is documented, so it is a 404",
    "GET /tenant": "limit of ring groups",
    "POST /tenants/switch": "how a system administrator chooses a tenant",
    "POST /users/status/get_many": "named in the list of changes of 22.3, without its body",
    "GET /dataflow/analytics/calls/history": "named in the list of changes of 22.3",
    "POST /dataflow/analytics/calls/history": "named in the list of changes of 22.3",
    "GET /dataflow/analytics/calls/history/{}": "named in the list of changes of 22.3",
    "POST /dataflow/analytics/calls/history/{}": "named in the list of changes of 22.3",
}


def without_names(verb: str, path: str) -> str:
    """Return an endpoint in one spelling: the names of parameters in a path are free."""
    return f"{verb} {re.sub(r'{[^}]*}', '{}', path)}"


def test_the_twin_has_every_endpoint_and_no_unexplained_one() -> None:
    described = {
        without_names(verb.upper(), path)
        for path, verbs in overlaid()["paths"].items()
        for verb in verbs
    }
    had = {
        without_names(verb, route.path)
        for prefix, part in ROUTERS
        if prefix == "/api"
        for route in part.routes
        for verb in route.methods
    }
    assert had == described | BEYOND_THE_DESCRIPTION.keys()


OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_as_described(label: str) -> None:
    """Valid and invalid requests of one operation, without the plugin of schemathesis.

    The plugin changes how Hypothesis shows the failing examples of all other tests.
    """
    operation = OPERATIONS[label]
    both = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(both))
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=signed_in(), excluded_checks=excluded(case))

    holds()


Machine = SCHEMA.as_state_machine()


class Conversation(Machine):
    """Sequences of requests that hand ids from one answer to the next request."""

    def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, Any]:  # noqa: ARG002
        return {"headers": signed_in()}

    def validate_response(self, response: Any, case: schemathesis.Case, **_: Any) -> None:
        case.validate_response(response, excluded_checks=excluded(case))


@pytest.mark.parametrize("number", range(EXAMPLES * 2))
def test_a_conversation(number: int) -> None:
    """Each is played alone.

    One twin answers all of them, and therefore the same requests in another way later, which
    Hypothesis takes for a mistake of the strategies. It begins with the simplest conversation.
    """
    run_state_machine_as_test(
        seed(number)(Conversation),
        settings=settings(
            max_examples=2,
            phases=[Phase.generate],
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
