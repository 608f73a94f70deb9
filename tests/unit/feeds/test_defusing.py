import pytest

from worker.feeds.defusing import defuse, root_name, scrub, without_half_entry


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<rss/>", "rss"),
        ("<!-- <html> --><?php a ?><rdf:RDF>", "rdf"),
        ("words <Feed>", "feed"),
        ("<!-- never closed <rss>", ""),
        ("", ""),
        ("a < b", ""),
    ],
)
def test_names_the_first_element(text: str, name: str) -> None:
    assert root_name(text) == name


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE rss>",
        '<!doctype rss PUBLIC "-//X//DTD [1] > 0.91//EN" "http://dtd.example/rss.dtd">',
        "<!DOCTYPE rss [<!ENTITY a ']>'><!-- ]> ' --> ]  >",
        '<!DOCTYPE rss [<!ELEMENT a (b)><!ATTLIST a b CDATA "<x>">]>',
    ],
)
def test_removes_the_doctype_whole(doctype: str) -> None:
    found = defuse(f'<?xml version="1.0"?>{doctype}<rss>x</rss>')
    assert found.text == "<rss>x</rss>"
    assert found.troubles == ("its DOCTYPE was left out",)


def test_a_doctype_in_an_entry_is_left_alone() -> None:
    text = "<rss><![CDATA[<!DOCTYPE html><p>&nbsp;</p>]]></rss>"
    assert defuse(text).text == text


def test_an_unclosed_doctype_ends_somewhere() -> None:
    assert defuse('<!DOCTYPE rss [<!ENTITY a "<rss>x</rss>').text
    assert defuse("<!DOCTYPE").text == ""


def test_names_become_characters_outside_cdata_only() -> None:
    text = "<t>&nbsp;&lt;&amp;amp;&unknown;<![CDATA[&nbsp;]]></t>"
    assert defuse(text).text == "<t>\xa0&lt;&amp;amp;&amp;unknown;<![CDATA[&nbsp;]]></t>"


def test_an_entity_cannot_bring_in_markup() -> None:
    assert defuse('<!DOCTYPE t [<!ENTITY q \'a"b>c\'>]><t a="&q;"/>').text == '<t a="a&quot;b&gt;c"/>'


@pytest.mark.parametrize(
    "reference", ["&#0;", "&#x1F;", "&#xD800", "&#xdfff;", "&#xFFFE;", "&#1114112;", "&#" + "9" * 5_000]
)
def test_references_to_no_character_are_replaced(reference: str) -> None:
    assert defuse(f"<t>{reference}</t>").text == "<t>\ufffd</t>"


@pytest.mark.parametrize("reference", ["&#9;", "&#160;", "&#x2019;", "&#0000038;", "&#x1F600;"])
def test_references_to_characters_are_left_alone(reference: str) -> None:
    assert defuse(f"<t>{reference}</t>").text == f"<t>{reference}</t>"


def test_halves_in_the_wrong_order_are_no_pair() -> None:
    assert defuse("<t>&#56832;&#55357;</t>").text == "<t>\ufffd\ufffd</t>"


def test_scrubs_what_a_database_cannot_hold() -> None:
    assert scrub("a\0b\x1bc\ud800d\ufffee\tf\ng") == "abcde\tf\ng"


def test_cuts_entries_but_not_what_stands_behind_them() -> None:
    found = defuse("<rss>" + "<item/>" * 1_999 + "<item>a</item>" * 3 + "<title>t</title></rss>")
    assert found.cut
    assert found.text.count("<item") == 2_000
    assert found.text.endswith("<item>a</item><title>t</title></rss>")


def test_entries_beyond_a_hundred_thousand_tags_are_cut_whatever_sections_hold() -> None:
    entry = "<item><title>a</title><p>" + "<br/>" * 96 + "</p></item>"
    found = defuse(f"<rss><channel>{entry * 1_500}</channel></rss>")
    assert found.text.count("<item>") == 980
    assert found.text.endswith("</item></channel></rss>")
    assert found.troubles == ("520 entries beyond the first 980 were left out",)
    hidden = entry.replace("<p>", "<p><![CDATA[").replace("</p>", "]]></p>")
    assert defuse(f"<rss><channel>{hidden * 1_500}</channel></rss>").troubles == ()


def test_a_head_of_endless_tags_is_cut_off() -> None:
    assert len(defuse("<rss><channel>" + "<b>" * 500_000 + "<item/></channel></rss>").text) < 500_000


def test_ordinary_tags_keep_their_attributes() -> None:
    text = "<t a=\"1\" b='2'/>" * 500 + f'<a href="{"x" * 5_000}"/>'
    assert defuse(text).text == text


@pytest.mark.parametrize("filling", [" ", " x", " x=y", "/ ", " 'a'=b"])
def test_an_endless_tag_keeps_its_name_alone(filling: str) -> None:
    """feedparser would remember each of its characters, with hundreds of megabytes."""
    flood = filling * 30_000
    found = defuse(f"<rss><t {flood}>x</t {flood}><u {flood}/></rss>")
    assert found.text == "<rss><t>x</t><u/></rss>"
    assert found.troubles == ("elements with hundreds of attributes, or endless ones, lost them",)


def test_a_bracket_before_pages_of_text_is_no_tag() -> None:
    text = "words and words " * 5_000
    assert defuse(f"<rss><t>a <b {text}</t></rss>").text == f"<rss><t>a &lt;b {text}</t></rss>"


def test_a_flood_hidden_behind_brackets_is_found() -> None:
    flood = " ".join(f"a{n}='>'" for n in range(300))
    assert defuse(f"<t {flood}>x</t><u {flood}/>").text == "<t>x</t><u/>"


@pytest.mark.parametrize(
    ("rest", "kept"),
    [
        ("<item><title>b</title><link>https://a.ex", False),
        ("<item><title>b</title><link>https://a.example/b</link><descr", True),
        ('<entry><link href="https://a.example/b"/><tit', True),
        ("", True),
    ],
)
def test_half_an_entry_counts_only_with_its_link(rest: str, kept: bool) -> None:
    text = "<rss><item><link>https://a.example/a</link></item>" + rest
    assert (without_half_entry(text) == text) is kept


def test_a_lone_half_entry_is_better_than_nothing() -> None:
    assert without_half_entry("<rss><item><title>a") == "<rss><item><title>a"


def test_a_flood_of_links_that_never_end_is_looked_through_once() -> None:
    """By the square of their number, this would take many minutes."""
    text = "<rss><item/><item></item><item>"
    assert without_half_entry(text + "<link " * 200_000) == text.removesuffix("<item>")
    assert without_half_entry(text + "<link " + "href" * 300_000) == text.removesuffix("<item>")
