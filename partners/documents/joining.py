"""Makes one PDF of several that were printed alike, with the metadata of the first one."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, BinaryIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter

KEPT = ("/OutputIntents", "/Lang", "/ViewerPreferences")
"""What the first file's catalogue says of all of them."""

_NUMBER = b"<xmpTPg:NPages>%d</xmpTPg:NPages>"


class _Whole(PdfFileWriter):
    """A new file that says nothing of when and by which program it was made: the first part's metadata do."""

    def _update_meta(self) -> None:
        """Nothing."""

    def identify(self, seed: bytes) -> None:
        """The same file identifier (ISO 32000-1 §14.4) for the same file."""
        identity = generic.ByteStringObject(sha256(seed).digest()[:16])
        self._document_id = generic.ArrayObject([identity, identity])


def joined(parts: Sequence[BinaryIO], out: BinaryIO) -> None:
    """All pages of the parts, in their order, written to `out`; ValueError where a part does not say how many pages it has.

    The parts stay as they were compressed, so that it takes little more memory than they have bytes. They must be untagged: a
    structure tree would have to be joined, too.
    """
    writer: Any = _Whole(stream_xrefs=False)  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
    tree = writer.root.raw_get("/Pages")
    kids, counts = tree.get_object()["/Kids"], []
    for part in parts:
        # Together, so that what they share, such as fonts, comes once.
        pages = writer.import_object(_pages(PdfFileReader(part)))
        for page in pages:
            page[pdf_name("/Parent")] = tree
            kids.append(writer.add_object(page))
        counts.append(len(pages))
    tree.get_object()[pdf_name("/Count")] = generic.NumberObject(len(kids))
    _keep(writer, PdfFileReader(parts[0]), counts)
    writer.write(out)


def _pages(reader: PdfFileReader) -> generic.ArrayObject:
    """Each page by itself, without the way up to its file."""
    tree = reader.root["/Pages"]
    pages = generic.ArrayObject(_page(tree, kid) for kid in tree["/Kids"])
    pages.container_ref = reader.root_ref
    return pages


def _page(tree: Any, kid: Any) -> generic.DictionaryObject:
    page = kid.get_object()
    if page["/Type"] != "/Page":
        raise ValueError("the pages stand in no plain list")
    own = {name: page.raw_get(name) for name in page if name not in ("/Parent", "/StructParents", "/Tabs")}
    inherited = {name: tree.raw_get(name) for name in ("/Resources", "/MediaBox") if name in tree and name not in own}
    return generic.DictionaryObject({**inherited, **own})


def _keep(writer: Any, first: PdfFileReader, counts: Sequence[int]) -> None:
    for name in KEPT:
        if name in first.root:
            writer.root[pdf_name(name)] = writer.import_object(first.root.raw_get(name))
    said = first.root["/Metadata"].data
    if _NUMBER % counts[0] not in said:
        raise ValueError("the first part does not say how many pages it has")
    told = said.replace(_NUMBER % counts[0], _NUMBER % sum(counts))
    kind = {pdf_name("/Type"): pdf_name("/Metadata"), pdf_name("/Subtype"): pdf_name("/XML")}
    metadata = generic.StreamObject(kind, stream_data=told)
    writer.root[pdf_name("/Metadata")] = writer.add_object(metadata)
    writer.identify(told)
    if first.trailer_view.get("/Info") is not None:
        writer.set_info(writer.import_object(first.trailer_view["/Info"]))
