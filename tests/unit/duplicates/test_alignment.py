from worker.duplicates.alignment import Run, align, gaps_between


def test_equal_texts_are_one_run():
    words = ["one", "two", "three", "four", "five", "six"]
    assert align(words, words) == (Run(0, 0, 6),)


def test_changed_words_stand_in_gaps():
    left = ["the", "mayor", "of", "oslo", "spoke", "on", "monday", "at", "noon"]
    right = ["the", "mayor", "of", "bergen", "spoke", "on", "friday", "at", "noon"]
    runs = align(left, right)
    changes = [(left[gap.left], right[gap.right]) for gap in gaps_between(runs)]
    assert changes == [(["oslo"], ["bergen"]), (["monday"], ["friday"])]


def test_a_passage_inside_another_text():
    passage = ["the", "mayor", "of", "oslo", "spoke", "on", "monday"]
    assert align(passage, ["x", "y", *passage, "z"]) == (Run(0, 2, 7),)


def test_moved_passages_keep_one_order():
    a, b = ["one", "two", "three", "four"], ["red", "green", "blue", "white", "black"]
    assert align(a + b, b + a) == (Run(4, 0, 5),)


def test_nothing_shared():
    assert align(["a", "b", "c"], ["d", "e", "f"]) == ()
    assert align([], ["a"]) == ()


def test_a_repeated_word_gives_no_anchor():
    assert align(["ha"] * 500, ["ha"] * 400) == ()
