"""The PBX itself: a client of its REST API, and a twin of it."""
