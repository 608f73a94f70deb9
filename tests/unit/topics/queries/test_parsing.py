import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from worker.errors import QueryError
from worker.topics import TopicQuery, parse_query
from worker.topics.queries.tree import And, Attribute, Boosted, Node, Not, Or, Property, Scope, Term, Word


def word(text: str, *, prefix: bool = False, scope: Scope = Scope.ANYWHERE) -> Term:
    return Term((Word(text, prefix),), scope=scope)


def phrase(*texts: str, slop: int | None = None) -> Term:
    return Term(tuple(Word(text) for text in texts), slop)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("asylum", word("asylum")),
        ("México", word("mexico")),
        ("MI\u200bGRANTE\u0301", word("migrante")),
        ("asylum mexico", And((word("asylum"), word("mexico")))),
        ("a OR b AND c", Or((word("a"), And((word("b"), word("c")))))),
        ("a b OR c", And((word("a"), Or((word("b"), word("c")))))),
        ("a AND NOT b", And((word("a"), Not(word("b"))))),
        ("a -b", And((word("a"), Not(word("b"))))),
        ("migra*", word("migra", prefix=True)),
        ('"remain in mexic*"', Term((Word("remain"), Word("in"), Word("mexic", True)))),
        ('"asylum mexico"~8', phrase("asylum", "mexico", slop=8)),
        ("“family separation”", phrase("family", "separation")),
        ("U.S.", phrase("u", "s")),
        ("title:caravan", word("caravan", scope=Scope.TITLE)),
        ("lead:(a OR b)", Or((word("a", scope=Scope.LEAD), word("b", scope=Scope.LEAD)))),
        ("BODY:a", word("a", scope=Scope.BODY)),
        ('outlet:"La Jornada"', Attribute(Property.OUTLET, (Word("la"), Word("jornada")))),
        ("lang:es", Attribute(Property.LANGUAGE, (Word("es"),))),
        ("(a OR b)^2.5", Boosted(Or((word("a"), word("b"))), 2.5)),
        ("a TO b", And((word("a"), word("to"), word("b")))),
        (r"a\"b", phrase("a", "b")),
    ],
)
def test_what_a_query_means(text: str, root: Node) -> None:
    assert parse_query(text).root == root


def test_keeps_the_text_as_written() -> None:
    assert parse_query("“a b”").text == "“a b”"


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "empty"),
        (" \n ", 2, 2, "empty"),
        ("foo AND", 1, 8, "after AND"),
        ("AND foo", 1, 1, "stray AND"),
        ("a AND OR b", 1, 7, "stray OR"),
        ("NOT NOT a", 1, 5, "two negations"),
        ("(a", 1, 1, "never closed"),
        ("(a\nOR (b)", 1, 1, "never closed"),
        ("a\nOR\n b)", 3, 3, "closes nothing"),
        ("()", 1, 2, "stray )"),
        ('a "b c', 1, 3, "quotation mark is never closed"),
        ('a"b', 1, 2, "inside a word"),
        ("asylum~2", 1, 7, "fuzzy"),
        ('"a b"~', 1, 6, "whole number"),
        ('"a b"~0.5', 1, 6, "whole number"),
        ('"a"~3', 1, 1, "two words"),
        ("/mi(gra)+/", 1, 1, "regular expressions"),
        ("a OR /b", 1, 6, "regular expressions"),
        ("[a TO b]", 1, 1, "ranges"),
        (">5", 1, 1, "comparisons"),
        ("+a b", 1, 1, "remove it"),
        ("a\nOR foo:b", 2, 4, "unknown field 'foo'; expected title, dateline, lead, body, outlet or lang"),
        ("title:lead:a", 1, 7, "one field"),
        ("title:(a OR body:b)", 1, 13, "one field"),
        ("title:", 1, 7, "after :"),
        (":a", 1, 1, "stray :"),
        ('"a b":c', 1, 6, "field name"),
        ("lang:(es OR en)", 1, 1, "one word or phrase after lang:"),
        ("lang:e*", 1, 1, "language code"),
        ("a^", 1, 2, "number"),
        ("a^0", 1, 1, "boost of 0"),
        ("a^50", 1, 1, "boost of 50"),
        ("a^2^3", 1, 4, "two boosts"),
        ("mi*gra", 1, 1, "only at the end"),
        ("migr?", 1, 1, "only at the end"),
        ("a OR *", 1, 6, "letter or digit before *"),
        ("a OR ...", 1, 6, "no letter or digit"),
        ("'a", 1, 1, "cannot start a word"),
        ("@nobody", 1, 1, "no definition is called 'nobody'"),
        ("x" * 64, 1, 1, "64 letters"),
        ('"' + "a " * 21 + '"', 1, 1, "more than 20 words"),
    ],
)
def test_faults_have_a_position_and_a_remedy(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a " * 100_000, "20 KB"),
        ("(" * 1_000 + "a" + ")" * 1_000, "50 deep"),
        ("(" * 20_000, "8000"),
        ("a OR " * 4_000 + "a", "8000 words and signs"),
        (" ".join(f"{number:x}" for number in range(3_001)), "3000 terms"),
        ("-" * 20_000 + "a", "8000"),
        ("title:" * 3_000 + "a", "one field"),
        ("a" + "^2" * 5_000, "two boosts"),
    ],
)
def test_hostile_queries_end_in_an_error(text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        parse_query(text)


def test_groups_nested_fifty_deep_are_read() -> None:
    assert parse_query("(" * 50 + "a" + ")" * 50).root == word("a")


def test_definitions_stand_for_their_queries() -> None:
    spirits = parse_query("tequila OR mezcal")
    query = parse_query("@spirits AND tariff*", definitions={"spirits": spirits})
    assert query.root == And((spirits.root, word("tariff", prefix=True)))


def test_a_field_reaches_into_a_definition() -> None:
    spirits = parse_query("tequila OR body:mezcal AND lang:es^2 NOT gin")
    query = parse_query("title:@spirits", definitions={"spirits": spirits})
    expected = parse_query("title:tequila OR body:mezcal AND lang:es^2 NOT title:gin")
    assert query.root == expected.root


def test_definitions_cannot_multiply_without_bound() -> None:
    definitions = {"d0": parse_query(" OR ".join(f"w{number}" for number in range(500)))}
    definitions["d1"] = parse_query("@d0 AND @d0", definitions=definitions)
    with pytest.raises(QueryError, match="3000 terms"):
        parse_query("@d1 OR @d1 OR @d1 OR @d1", definitions=definitions)


def test_definitions_cannot_nest_without_bound() -> None:
    definitions: dict[str, TopicQuery] = {"d0": parse_query("a")}
    for level in range(1, 34):
        text = f"a OR (b AND NOT @d{level - 1})"
        definitions[f"d{level}"] = parse_query(text, definitions=definitions)
    with pytest.raises(QueryError, match="100 deep"):
        parse_query("a OR NOT @d33", definitions=definitions)


def test_threads_do_not_disturb_each_other() -> None:
    texts = [f'(title:a{n} OR "b c{n}"~{n + 1})^2 AND NOT d{n}' for n in range(40)] + ["(a", "a OR"] * 10

    def outcome(text: str) -> object:
        try:
            return parse_query(text).root
        except QueryError as fault:
            return str(fault)

    alone = [outcome(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(outcome, texts)) == alone


def test_the_parser_writes_nothing_and_warns_of_nothing(tmp_path: Path) -> None:
    code = "import sys; sys.path[:0] = sys.argv[1:]; from worker.topics import parse_query; parse_query('a b')"
    command = [sys.executable, "-W", "error", "-B", "-c", code, str(Path(__file__).parents[4])]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert not list(tmp_path.iterdir())
