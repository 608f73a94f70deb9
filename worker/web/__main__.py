"""`python -m worker.web`: serve the pages in the foreground."""

import sys

from worker.errors import StorywatchError
from worker.setup.settings import load_settings
from worker.web.serving import serve

try:
    sys.exit(serve(load_settings()))
except StorywatchError as error:
    sys.exit(f"storywatch: {error}")
