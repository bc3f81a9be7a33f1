"""The page to try settings on: a form, results beside today's, and a picture of some calls.

`create_page`
    The page on one scenario, as an ASGI application.

Everything that a visitor chose stands in the address, so that each state of the page can be
bookmarked and the page works without its script too. It needs the extra `ringsim[twin]`.
"""

from ringsim._extras import extra

with extra("twin", "ringsim serve"):
    from ringsim.pbx.page._app import create_page

__all__ = ["create_page"]
