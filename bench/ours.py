"""Our server as the benchmark runs it: the application as it is served, on a database that is there already."""

import os

from api.app import create_app
from api.settings import Settings

app = create_app(Settings(), os.environ["DATABASE_URL"])
