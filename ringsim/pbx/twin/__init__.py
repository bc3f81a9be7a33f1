"""A twin of the PBX: a server that behaves as the PBX's REST API does.

`create_app`
    The twin as an ASGI application, with a database in memory or in a file.
`running`
    A twin on a socket, while a `with` block runs.
`ManualClock`
    A clock for tests, so that tokens expire without waiting.

Where the PBX's documents are silent, the twin does the strictest thing that a correct client
survives. Where they name a path and no field of its answer, it invents none: `/sessions/directly`
and the paths of the Data Flow service other than `/dataflow/analytics/calls/history` answer 404
with the code `UNKNOWN`, as an unknown path does.

It also plays: `POST /_twin/play` sends a day of calls through its groups, and call records and
events appear as the PBX would write them.

The twin needs the extra `ringsim[twin]`.
"""

from ringsim._extras import extra

with extra("twin", "ringsim.pbx.twin"):
    from ringsim.pbx.twin._app import create_app
    from ringsim.pbx.twin._clock import ManualClock
    from ringsim.pbx.twin._serving import running

__all__ = ["ManualClock", "create_app", "running"]
