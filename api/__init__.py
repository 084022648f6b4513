"""Who is at the door: the ASGI application, its settings and wiring, the pages, and the command line."""
