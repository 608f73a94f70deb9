from worker.net.mail import one_line


def test_what_a_server_said_is_one_printable_bounded_line() -> None:
    assert one_line("5.7.1 no\r\n\x1b[31m  spam\u2028here") == "5.7.1 no [31m spam here"
    assert len(one_line("x" * 999)) == 300
