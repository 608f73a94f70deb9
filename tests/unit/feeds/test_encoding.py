import codecs

import pytest

from worker.feeds.encoding import decode_document, known_codec

SPANISH = "<rss><title>Migración: el año</title></rss>"


@pytest.mark.parametrize(
    ("document", "content_type", "encoding"),
    [
        (SPANISH.encode(), "", "utf-8"),
        (SPANISH.encode(), "text/xml", "utf-8"),
        (SPANISH.encode(), "application/rss+xml; charset=iso-8859-1", "utf-8"),
        (codecs.BOM_UTF8 + SPANISH.encode(), "text/xml; charset=windows-1251", "utf-8"),
        (SPANISH.encode("latin-1"), 'application/rss+xml; charset="utf-8"', "cp1252"),
        (SPANISH.encode("latin-1"), "application/rss+xml; charset=ISO-8859-1", "cp1252"),
        (SPANISH.encode("utf-16"), "", "utf-16-le"),
        (SPANISH.encode("utf-16-be"), "", "utf-16-be"),
        (SPANISH.encode("utf-32-le"), "", "utf-32-le"),
        (SPANISH.encode("utf-32"), "", "utf-32-le"),
        (f"\n {SPANISH}".encode("utf-16-be"), "", "utf-16-be"),
        (f"\r\n{SPANISH}".encode("utf-16-le"), "text/xml; charset=utf-8", "utf-16-le"),
        (SPANISH.encode(), "text/xml; charset=utf-16", "utf-8"),
        (SPANISH.encode("latin-1"), "text/xml; charset=utf-16", "cp1252"),
        (SPANISH.encode(), "text/xml; charset=zlib_codec", "utf-8"),
        (SPANISH.encode(), "text/xml; charset=no-such-thing", "utf-8"),
    ],
)
def test_reads_bytes_as_what_they_are(document: bytes, content_type: str, encoding: str) -> None:
    found = decode_document(document, content_type)
    assert found.text.strip() == SPANISH
    assert found.encoding == encoding


@pytest.mark.parametrize("encoding", ["shift_jis", "euc-kr", "gb2312", "big5", "euc-jp"])
def test_declared_multibyte_encodings_are_followed(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss><title>一月 二日</title></rss>'
    assert decode_document(text.encode(encoding)).text == text
    assert decode_document(text.encode(encoding), f"text/xml; charset={encoding}").text == text


def test_a_declaration_that_can_be_read_by_bytes_is_no_utf_16() -> None:
    """What some publishing systems write, having made the text in memory first."""
    text = '<?xml version="1.0" encoding="utf-16"?><rss><title>Migración</title></rss>'
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        assert decode_document(text.encode(encoding)).text == text


def test_a_byte_order_mark_before_something_else_is_passed_over() -> None:
    text = '<?xml version="1.0" encoding="gb2312"?><rss><title>一月 二日</title></rss>'
    assert decode_document(codecs.BOM_UTF8 + text.encode("gb2312")).text == text


def test_an_unlabelled_document_of_another_script_is_recognised() -> None:
    text = "<rss><title>Новости о миграции: как живут люди на границе</title><p>" + "Каждый день приходят люди. " * 8
    assert decode_document(text.encode("koi8-r")).text == text
    assert decode_document(text.encode("cp1251")).text == text


def test_stray_latin_bytes_in_utf8_stay_characters() -> None:
    document = "Migración y niñez y ".encode() + "Peñón".encode("latin-1")
    found = decode_document(document)
    assert found.text == "Migración y niñez y Peñón"
    assert "windows-1252" in found.trouble


@pytest.mark.parametrize("declared", ["", " encoding='utf-8'"])
def test_a_few_bad_bytes_cost_nobody_else_their_letters(declared: str) -> None:
    document = f"<?xml version='1.0'{declared}?><t>It’s what she’s got</t>".encode() + b"<t>Pe\xf1\xf3n \xff \x92</t>"
    assert decode_document(document).text.endswith("<t>It’s what she’s got</t><t>Peñón ÿ ’</t>")
    stated = b"<?xml version='1.0' encoding='iso-8859-1'?><t>\xf1 \xf3 \xe9 \xc3\xa9</t>"
    assert decode_document(stated).text.endswith("<t>ñ ó é Ã©</t>"), (
        "what is said counts where little speaks against it"
    )


def test_surrogate_halves_in_utf8_are_joined_or_replaced() -> None:
    whole = "año año ".encode() + "\U0001f600".encode("utf-16-be").hex().encode()
    pair = "ñ ñ ñ ".encode() + b"\xed\xa0\xbd\xed\xb8\x80"
    assert decode_document(pair).text == "ñ ñ ñ \U0001f600"
    assert decode_document("ñ ñ ".encode() + b"\xed\xa0\x80.").text == "ñ ñ \ufffd."
    assert decode_document(whole).encoding == "utf-8"


def test_windows_characters_under_a_latin1_label_are_read() -> None:
    document = '<?xml version="1.0" encoding="iso-8859-1"?><t>“quoted”</t>'.encode("cp1252")
    assert "“quoted”" in decode_document(document).text


def test_bytes_undefined_in_windows_1252_are_survived() -> None:
    document = b'<?xml version="1.0" encoding="iso-8859-1"?><t>\x81\xe9</t>'
    assert decode_document(document).text.endswith("\x81é</t>")


@pytest.mark.parametrize("name", ["utf-7", "rot13", "base64", "hex", "idna", "unicode_escape", "", "\0", "x" * 90])
def test_codecs_that_are_no_charsets_are_unknown(name: str) -> None:
    assert known_codec(name) == ""


def test_a_charset_nobody_knows_is_remarked_on() -> None:
    assert "no-such-thing" in decode_document(b"<rss/>", "text/xml; charset=no-such-thing").trouble
