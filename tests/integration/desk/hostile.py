"""What publishers and readers may write to harm who looks at it, and what a page must not hold for it."""

from __future__ import annotations

from html.parser import HTMLParser

SCRIPTS = (
    '</title><script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)",
    "javascript:alert(1)", "<svg/onload=alert(1)>", "{{ 7*7 }}{% raw %}", "</textarea><script>alert(1)</script>",
    "\u202egnp.exe\u202c", "a" * 3_000, "<base href=//evil.example>", "</style><script>alert(1)</script>",
)  # fmt: skip


class Harm(HTMLParser):
    """What a browser would run, load, or send elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in {"script", "iframe", "object", "embed", "base", "img", "style"} or "style" in given:
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in given if name.startswith("on")]
        if tag == "link" and not given.get("href", "").startswith("/desk/style.css?"):
            self.found.append("<link>")
        if tag == "a" and not given.get("href", "").startswith(("/desk", "#", "https://", "http://")):
            self.found.append(f"a {given.get('href', '')[:40]}")
        if tag == "form" and not given.get("action", "/desk").startswith("/desk"):
            self.found.append(f"form {given['action'][:40]}")
