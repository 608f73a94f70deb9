import pytest

from worker.feeds import outlet_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Prairie Post latest", "Prairie Post"),
        ("Prairie Post - Latest News", "Prairie Post"),
        ("Prairie Post RSS Feed", "Prairie Post"),
        ("RSS | Prairie Post", "Prairie Post"),
        ("Latest from Prairie Post", "Prairie Post"),
        ("Prairie Post » Feed", "Prairie Post"),
        ("Prairie Post: Top Stories", "Prairie Post"),
        ("La Vóz del Río – Últimas noticias", "La Vóz del Río"),
        ("Últimas noticias de La Voz", "La Voz"),
        ("Portada | La Voz", "La Voz"),
        ("Border News", "Border News"),
        ("Noticias del Norte", "Noticias del Norte"),
        ("The Feed", "The Feed"),
        ("Latest", "Latest"),
        ("News - Home", "News - Home"),
        ("Prairie Post - Politics", "Prairie Post - Politics"),
        ("  Prairie   Post ", "Prairie Post"),
        ("", ""),
    ],
)
def test_a_feeds_title_without_what_only_says_that_it_is_one(title: str, name: str) -> None:
    assert outlet_name(title) == name
    assert outlet_name(name) == name


@pytest.mark.parametrize(
    ("title", "site", "name"),
    [
        ("Prairie Post latest", "Prairie Post", "Prairie Post"),
        ("Prairie Post - Politics", "PRAIRIE POST", "PRAIRIE POST"),
        ("theprairie.example", "The Prairie Post", "The Prairie Post"),
        ("Politics from the Prairie Post", "Prairie Post", "Prairie Post"),
        ("Prairie Post latest", "Post Prairie Holding", "Prairie Post"),
        ("Prairie Postings", "Prairie Post", "Prairie Postings"),
        ("Prairie Post latest", "", "Prairie Post"),
        ("", "Prairie Post", "Prairie Post"),
    ],
)
def test_the_sites_own_name_counts_where_the_title_has_it(title: str, site: str, name: str) -> None:
    assert outlet_name(title, site) == name
