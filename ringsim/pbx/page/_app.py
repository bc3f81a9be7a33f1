"""The page as an application: its addresses, and what keeps strangers out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ringsim._words import word
from ringsim.errors import RingsimError
from ringsim.group import RingStrategy
from ringsim.pbx.page import _downloads
from ringsim.pbx.page._results import chart_of, compared, rows_of
from ringsim.pbx.page._settings import (
    MOST_VOLUME,
    Settings,
    longest_ring,
    most_members,
    settings_of,
)
from ringsim.reporting._figures import sentence
from ringsim.scenario import Scenario

__all__ = ["create_page"]

HERE = ("127.0.0.1", "localhost", "testserver")  # names of this machine; others are refused
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
ASSETS = {"page.js": "text/javascript", "page.css": "text/css"}
BAD_REQUEST = 400


def create_page(scenario: Scenario, *, anywhere: bool = False) -> FastAPI:
    """Return the page on a scenario as an ASGI application.

    Parameters
    ----------
    scenario : Scenario
        The scenario to try settings on; it is never changed.
    anywhere : bool, default False
        Whether to answer to any host name, and not only to names of this machine.
    """
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    if not anywhere:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(HERE))

    @app.middleware("http")
    async def with_headers(
        request: Request, answer: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await answer(request)
        response.headers.update(HEADERS)
        return response

    @app.exception_handler(RingsimError)
    def refused(_: Request, wrong: RingsimError) -> Response:
        text = _template("refused.html").render(reason=str(wrong))
        return HTMLResponse(text, status_code=BAD_REQUEST)

    @app.get("/")
    def page(request: Request) -> Response:
        return HTMLResponse(_page(scenario, request))

    @app.get("/results")
    def results(request: Request) -> Response:
        return HTMLResponse(_results(_chosen(scenario, request)))

    @app.get("/chart")
    def chart(request: Request) -> Response:
        return HTMLResponse(chart_of(compared(_chosen(scenario, request))))

    @app.get("/download/office.toml")
    def scenario_file(request: Request) -> Response:
        return _file(_downloads.toml(_chosen(scenario, request).tried), "office.toml")

    @app.get("/download/report.html")
    def report_file(request: Request) -> Response:
        return _file(_downloads.report_page(_chosen(scenario, request)), "report.html")

    @app.get("/download/settings.ipynb")
    def notebook_file(request: Request) -> Response:
        return _file(_downloads.notebook(_chosen(scenario, request)), "settings.ipynb")

    @app.get("/assets/{name}")
    def asset(name: str) -> Response:
        if name not in ASSETS:
            return Response(status_code=404)
        return Response(_text(name), media_type=ASSETS[name])

    return app


def _chosen(scenario: Scenario, request: Request) -> Settings:
    return settings_of(scenario, request.query_params)


def _page(scenario: Scenario, request: Request) -> str:
    """Return the whole page; if a value is invalid, with the reason in place of results."""
    try:
        chosen = _chosen(scenario, request)
        results = _results(chosen)
    except RingsimError as wrong:
        chosen = settings_of(scenario, {})
        results = _template("refused.html").render(reason=str(wrong))
    group = scenario.group(chosen.group)
    page: str = _template("page.html").render(
        chosen=chosen,
        scenario=scenario,
        results=results,
        strategies=[(str(each), sentence(word(f"strategy.{each}"))) for each in RingStrategy],
        most={
            "ring": longest_ring(group),
            "members": most_members(group),
            "volume": MOST_VOLUME,
        },
        ring_step=1 if float(group.ring_time).is_integer() else "any",
        query=request.url.query,
    )
    return page


def _results(chosen: Settings) -> str:
    comparison = compared(chosen)
    shown: str = _template("results.html").render(
        rows=rows_of(comparison),
        days=comparison.replications,
        changed=bool(chosen.changes),
    )
    return shown


def _file(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(), media_type="application/octet-stream", headers=headers)


@cache
def _text(name: str) -> str:
    return (files("ringsim.pbx.page") / name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> Any:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
