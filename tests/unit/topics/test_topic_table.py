import pytest

from worker.errors import TopicFileError
from worker.topics.topic_table import TopicTable

VALUES = {"text": "a", "number": 2, "flag": True, "list": ["a"], "table": {"x": 1}, "tables": [{"y": "b"}]}


def test_reads_each_kind() -> None:
    table = TopicTable("", VALUES)
    assert table.names() == tuple(VALUES)
    assert table.text("text") == "a"
    assert table.number("number") == 2.0
    assert table.flag("flag") is True
    assert table.texts("list") == ("a",)
    assert table.table("table").number("x") == 1.0
    assert [each.text("y") for each in table.tables("tables")] == ["b"]
    table.done()


def test_what_may_be_missing() -> None:
    table = TopicTable("", {})
    assert table.text("a", "b") == "b"
    assert table.optional_text("a") is None
    assert table.number("a", 1.5) == 1.5
    assert table.table("a").names() == ()
    assert table.tables("a") == []


@pytest.mark.parametrize(
    ("method", "key", "message"),
    [
        ("text", "none", "signal.none: missing; expected a string"),
        ("text", "number", "signal.number: 2; expected a string"),
        ("number", "flag", "signal.flag: True; expected a number"),
        ("number", "nan", "signal.nan: nan; expected a number"),
        ("flag", "text", "signal.text: 'a'; expected true or false"),
        ("texts", "text", "expected a list of strings"),
        ("texts", "empty", "at least one"),
        ("table", "text", r"expected a table \[signal.text\]"),
        ("tables", "table", r"expected tables headed \[\[signal.table\]\]"),
    ],
)
def test_complaints_name_the_key(method: str, key: str, message: str) -> None:
    table = TopicTable("signal", {**VALUES, "nan": float("nan"), "empty": []})
    with pytest.raises(TopicFileError, match=message):
        getattr(table, method)(key)


def test_left_over_keys_are_refused_with_those_known() -> None:
    table = TopicTable("signal[2]", {"name": "a", "wieght": 1})
    table.text("name")
    table.number("weight", 1.0)
    with pytest.raises(TopicFileError, match=r"signal\[2\].wieght: unknown key; known here: name, weight"):
        table.done()
