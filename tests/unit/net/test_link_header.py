"""What a Link header points to."""

from worker.net.link_header import HeaderLink, read_links
from worker.net.web_address import read_address

PAGE = read_address("https://paper.example/news/")


def test_links_are_read_with_what_is_said_of_them() -> None:
    fields = [
        '</feed>; rel="Alternate  home"; type="application/RSS+xml"; title="All; of it", <https://hub.example/>;rel=hub',
        "<../self.xml> ; REL=self; rel=other",
    ]
    assert read_links(fields, PAGE) == (
        HeaderLink("https://paper.example/feed", "alternate home", "application/rss+xml", "All"),
        HeaderLink("https://hub.example/", "hub"),
        HeaderLink("https://paper.example/self.xml", "self"),
    )


def test_what_leads_nowhere_is_left_out_and_the_rest_is_bounded() -> None:
    assert read_links(["<javascript:1>; rel=hub, nonsense, <https://[x/>", "<>", "<"], PAGE) == (
        HeaderLink("https://paper.example/news/", ""),
    )
    assert len(read_links(["</a>; rel=hub, " * 1_000], PAGE)) == 50
    assert read_links(["<" * 60_000, "</a>" + "; =" * 20_000], PAGE) == (HeaderLink("https://paper.example/a", ""),)
