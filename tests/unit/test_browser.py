"""The browser that other tests look through sees what it is there to see."""

from __future__ import annotations

from tests.browser import Page, open_pages

CALM = "<!DOCTYPE html><html lang=en><title>Calm</title><main><h1>Calm</h1><p>Nothing moves.</main>"
RESTLESS = """<!DOCTYPE html><title>Restless</title>
<script>1</script><img src="/gone" onerror="2"><p onmouseover="3">x</p><a href="javascript:4">y</a>
<script>eval("5"); alert(6)</script><link rel=stylesheet href="http://10.0.0.1/a.css">
<div style="width:900px">z</div>"""
DIM = "<p style='color:#ccc;background:#fff'>Hardly to be read</p>"


def test_what_a_page_does_is_seen() -> None:
    calm, restless, audited = open_pages(
        [Page("calm", html=CALM), Page("restless", html=RESTLESS, width=360), Page("dim", html=CALM + DIM, audit=True)]
    )
    assert (calm.title, calm.text) == ("Calm", "Calm\n\nNothing moves.")
    assert (calm.scripts, calm.requests, calm.dialogs, calm.handlers, calm.overflow) == ((), (), (), (), 0)
    assert len(restless.scripts) == 5, "two elements, two handlers, one eval"
    assert restless.requests == ("http://page.test/gone", "http://10.0.0.1/a.css")
    assert restless.dialogs == ("6",)
    assert restless.handlers == ("onerror", "onmouseover")
    assert restless.links == ("javascript:4", "http://10.0.0.1/a.css")
    assert restless.overflow > 500
    assert [one.rule for one in audited.serious] == ["color-contrast"]
