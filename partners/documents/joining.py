"""Makes one PDF of many that were printed alike, with the metadata of the first one: each is written down as it comes."""

import gc
import io
from hashlib import sha256
from typing import Any, BinaryIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter

KEPT = ("/OutputIntents", "/Lang", "/ViewerPreferences")
"""What the first file's catalogue says of all of them."""

_NUMBER = b"<xmpTPg:NPages>%d</xmpTPg:NPages>"
_HEADER = b"%PDF-1.7\n%\xc2\xa5\xc2\xb1\xc3\xab\n"


class Joining:
    """One file of all pages of its parts, in their order; of what is written no more is kept in memory than where it stands.

    The parts stay as they were compressed. They must be untagged: a structure tree would have to be joined, too.
    """

    def __init__(self, out: BinaryIO) -> None:
        """Written to `out`, which is empty, from now on; a file that was not ended is none."""
        # It numbers what is imported into it, and holds it until it is written down here.
        self._writer: Any = PdfFileWriter(stream_xrefs=False)
        self._out, self._places = out, dict[int, int]()
        self._tree = self._writer.root.raw_get("/Pages")
        self._kids = self._tree.get_object()["/Kids"]
        self._said, self._first = b"", 0
        out.write(_HEADER)

    def add(self, part: bytes) -> None:
        """The pages of one more part; ValueError where it is the first and does not say how many it has."""
        self._take(PdfFileReader(io.BytesIO(part)))
        self._put_down(but=(self._tree.idnum, self._writer.root_ref.idnum))
        # What was read refers to its reader and back. Left to itself, Python would look through a hundred thousand of such objects at
        # once (decision 0013), and nobody would have a turn for a tenth of a second.
        gc.collect(0)

    def end(self) -> None:
        """The catalogue, and where everything stands (ISO 32000-1 §7.5.4)."""
        count = len(self._kids)
        self._tree.get_object()[pdf_name("/Count")] = generic.NumberObject(count)
        said = self._said.replace(_NUMBER % self._first, _NUMBER % count)
        kind = {pdf_name("/Type"): pdf_name("/Metadata"), pdf_name("/Subtype"): pdf_name("/XML")}
        metadata = generic.StreamObject(kind, stream_data=said)
        self._writer.root[pdf_name("/Metadata")] = self._writer.add_object(metadata)
        self._put_down()
        table, size = self._out.tell(), len(self._places) + 1
        self._out.write(b"xref\n0 %d\n%010d 65535 f \n" % (size, 0))
        for number in range(1, size):
            self._out.write(b"%010d 00000 n \n" % self._places[number])
        trailer = self._writer.trailer_view
        trailer[pdf_name("/Size")] = generic.NumberObject(size)
        # The same file identifier (ISO 32000-1 §14.4) for the same file.
        identity = generic.ByteStringObject(sha256(said).digest()[:16])
        trailer[pdf_name("/ID")] = generic.ArrayObject([identity, identity])
        self._out.write(b"trailer\n")
        trailer.write_to_stream(self._out, None)
        self._out.write(b"\nstartxref\n%d\n%%%%EOF\n" % table)

    def _take(self, reader: PdfFileReader) -> None:
        # Together, so that what they share, such as fonts, comes once.
        pages = self._writer.import_object(_pages(reader))
        if not self._places:
            self._keep(reader, len(pages))
        for page in pages:
            page[pdf_name("/Parent")] = self._tree
            self._kids.append(self._writer.add_object(page))

    def _keep(self, first: PdfFileReader, count: int) -> None:
        for name in KEPT:
            if name in first.root:
                self._writer.root[pdf_name(name)] = self._writer.import_object(first.root.raw_get(name))
        self._said, self._first = first.root["/Metadata"].data, count
        if _NUMBER % count not in self._said:
            raise ValueError("the first part does not say how many pages it has")
        if first.trailer_view.get("/Info") is not None:
            self._writer.set_info(self._writer.import_object(first.trailer_view["/Info"]))

    def _put_down(self, but: tuple[int, ...] = ()) -> None:
        """All that is held, in the order of its numbers."""
        for generation, number in sorted(self._writer.objects):
            if number in but:
                continue
            thing = self._writer.objects.pop((generation, number))
            self._places[number] = self._out.tell()
            self._out.write(b"%d 0 obj\n" % number)
            thing.write_to_stream(self._out, None)
            self._out.write(b"\nendobj\n")


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
