"""An invented news world on loopback: six outlets, for `storywatch demo` and for tests.

`build_site(now)` gives every page and feed as bytes, with the truth about them; `serve(now)` puts them on
loopback. Articles are files in `articles/`, the outlets and their boilerplate stand in `outlets.toml`, their
markup in `templates/`. Nothing in the service itself knows this package: only the command line and tests do.
"""

from worker.sample_site.article import Boilerplate, CopyKind, Relevance, SampleAnswer, SampleArticle
from worker.sample_site.outlet import SampleOutlet
from worker.sample_site.server import SampleServer, serve
from worker.sample_site.site import Resource, SampleSite, build_site
from worker.sample_site.truth import SampleTruth

__all__ = [
    "Boilerplate",
    "CopyKind",
    "Relevance",
    "Resource",
    "SampleAnswer",
    "SampleArticle",
    "SampleOutlet",
    "SampleServer",
    "SampleSite",
    "SampleTruth",
    "build_site",
    "serve",
]
