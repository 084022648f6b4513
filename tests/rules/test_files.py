"""What a file is follows from its content; what it is called is made harmless."""

import pytest

from rules.files import (
    ACCEPTED,
    CSV,
    DOCX,
    DXF,
    EINVOICE,
    JPEG,
    OFD,
    PDF,
    PNG,
    STEP,
    TEXT,
    WEBP,
    XLSX,
    FileType,
    by_beginning,
    by_parts,
    is_harmless_text,
    normal_name,
    text_type,
)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", PDF),
        (b"\x89PNG\r\n\x1a\n\x00\x00", PNG),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", JPEG),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", WEBP),
        (b"  0\r\nSECTION\r\n  2\r\nHEADER", DXF),
        (b"999\nmade by hand\n0\nSECTION\n", DXF),
        (b"AutoCAD Binary DXF\r\n\x1a\x00", DXF),
        (b"ISO-10303-21;\nHEADER;", STEP),
        (b'<?xml version="1.0" encoding="UTF-8"?>\n<EInvoice>', EINVOICE),
        (b'<?xml version="1.0"?><!DOCTYPE EInvoice><EInvoice>', None),
        (b'<?xml version="1.0"?><?xml-stylesheet href="x"?><EInvoice>', None),
        (b'<?xml version="1.0"?><html>', None),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", None),
        (b"GIF89a", None),
        (b"MZ\x90\x00", None),
        (b"\x7fELF", None),
        (b"<svg xmlns=", None),
        (b" %PDF-1.7", None),
        (b"", None),
    ],
)
def test_a_beginning_tells_the_type(head: bytes, kind: FileType | None) -> None:
    assert by_beginning(head) is kind


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        (["[Content_Types].xml", "xl/workbook.xml"], XLSX),
        (["[Content_Types].xml", "word/document.xml"], DOCX),
        (["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"], None),
        (["[Content_Types].xml", "xl/workbook.xml", "word/document.xml"], None),
        (["xl/workbook.xml"], None),
        (["[Content_Types].xml", "ppt/presentation.xml"], None),
        (["OFD.xml", "Doc_0/Document.xml"], OFD),
        (["OFD.xml", "[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"], None),
        (["run.exe"], None),
    ],
)
def test_the_parts_of_an_archive_tell_the_office_document(parts: list[str], kind: FileType | None) -> None:
    assert by_parts(parts) is kind


@pytest.mark.parametrize(
    "text", ["<html>", "\ufeff<!DOCTYPE html>", " <?xml version='1.0'?>", "<SVG>", "#!/bin/sh", "a\x00b", "\x1b[31m"]
)
def test_what_may_be_run_is_no_text(text: str) -> None:
    assert not is_harmless_text(text, is_beginning=True)


@pytest.mark.parametrize("text", ["sku,quantity\r\nA-1,5\r\n", "货号\t数量", "5 < 6 <b>", "# a note", ""])
def test_what_people_write_is_text(text: str) -> None:
    assert is_harmless_text(text, is_beginning=True)


def test_only_the_sender_knows_whether_a_text_is_a_table() -> None:
    assert [text_type(declared) for declared in ("text/csv", "application/vnd.ms-excel", "text/plain")] == [
        CSV,
        CSV,
        TEXT,
    ]


@pytest.mark.parametrize(
    ("given", "kind", "name"),
    [
        ("图纸.PDF", PDF, "图纸.pdf"),
        ("cafe\u0301.pdf", PDF, "caf\u00e9.pdf"),
        ("../../etc/passwd", TEXT, "passwd.txt"),
        ("C:\\orders\\list.csv", CSV, "list.csv"),
        ("invoice\u202efdp.exe", PDF, "invoicefdp.exe.pdf"),
        ("a\x00b\r\nc\u200b.png", PNG, "abc.png"),
        ('<"que|ry?*:>.txt', TEXT, "__que_ry____.txt"),
        ("photo.jpeg", JPEG, "photo.jpeg"),
        ("photo.png", JPEG, "photo.png.jpg"),
        ("part.STP", STEP, "part.stp"),
        ("", PDF, "file.pdf"),
        ("...", PDF, "file.pdf"),
        (".pdf", PDF, "file.pdf"),
        ("\ud800.pdf", PDF, "file.pdf"),
        ("长" * 400 + ".xlsx", XLSX, "长" * 145 + ".xlsx"),
    ],
)
def test_a_name_is_made_harmless(given: str, kind: FileType, name: str) -> None:
    found = normal_name(given, kind)
    assert found == name
    assert len(found) <= 150
    assert normal_name(found, kind) == found


def test_no_two_types_answer_to_the_same_media_type_but_those_browsers_do_not_know() -> None:
    named = [name for kind in ACCEPTED for name in {kind.media_type, *kind.aliases}]
    assert {name for name in named if named.count(name) > 1} == {"application/octet-stream"}
