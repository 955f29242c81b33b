"""Word files as somebody writes them: the XML of each element, and a package around it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from conftest import write
from picture_files import PNG

_SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
_XMLNS = " ".join(f'xmlns:{name}="{uri}"' for name, uri in _SPACES.items())
_KINDS = _SPACES["r"]
_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{id_}"><w:name w:val="{name}"/>{more}</w:style>'
    for id_, name, more in [
        ("Normal", "Normal", ""),
        *(
            (f"Heading{n}", f"heading {n}", f'<w:pPr><w:outlineLvl w:val="{n - 1}"/></w:pPr>')
            for n in range(1, 5)
        ),
        ("Sub", "Sub judul dinas", '<w:basedOn w:val="Heading2"/>'),
        ("Title", "Title", ""),
        ("Caption", "caption", ""),
        ("Quote", "Quote", ""),
        ("TOC1", "toc 1", ""),
    ]
) + (
    '<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr></w:style>'
)
_LEVELS = {
    1: [("bullet", "•")] * 3,
    2: [("decimal", "%1."), ("decimal", "%2."), ("decimal", "%3.")],
    3: [("lowerLetter", "%1."), ("lowerRoman", "%2.")],
}
_NUMBERING = "".join(
    f'<w:abstractNum w:abstractNumId="{id_}">'
    + "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(levels)
    )
    + "</w:abstractNum>"
    for id_, levels in _LEVELS.items()
) + "".join(f'<w:num w:numId="{id_}"><w:abstractNumId w:val="{id_}"/></w:num>' for id_ in _LEVELS)
_NUMBERING += (
    '<w:num w:numId="4"><w:abstractNumId w:val="2"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def r(text: str, *looks: str) -> str:
    """A run, with looks such as `<w:b/>` or `b`."""
    marks = "".join(look if look.startswith("<") else f"<w:{look}/>" for look in looks)
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(content: str = "", style: str = "", *, list_: tuple[int, int] | None = None, more: str = "") -> str:
    """A paragraph: of a text, or of XML."""
    inside = content if content.startswith("<") else r(content) if content else ""
    marks = f'<w:pStyle w:val="{style}"/>' if style else ""
    if list_:
        marks += f'<w:numPr><w:ilvl w:val="{list_[1]}"/><w:numId w:val="{list_[0]}"/></w:numPr>'
    return f"<w:p><w:pPr>{marks}{more}</w:pPr>{inside}</w:p>"


def h(level: int, text: str) -> str:
    return p(text, f"Heading{level}")


def table(*rows: list[str]) -> str:
    """A table of cells, each a text or XML that begins with an element of a cell."""
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows) + "</w:tbl>"


def cell(content: str, properties: str = "") -> str:
    if content.startswith("<w:tc>"):
        return content
    inside = content if content.startswith("<w:p>") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def link(id_: str, content: str) -> str:
    return f'<w:hyperlink r:id="{id_}">{content}</w:hyperlink>'


def picture(id_: str = "rPic", alt: str = "", attribute: str = "embed") -> str:
    """A run with a picture."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr={quoteattr(alt)}/><a:graphic>'
        f'<a:graphicData uri="{_SPACES["pic"]}"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name="x.png"/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:{attribute}="{id_}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )


def note(id_: int, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{id_}"/></w:r>'


class WordFile:
    """A Word file of a body and what the body refers to."""

    def __init__(self, *body: str) -> None:
        self.body = "".join(body)
        self.parts: dict[str, str | bytes] = {
            "word/styles.xml": f"<w:styles {_XMLNS}>{_STYLES}</w:styles>",
            "word/numbering.xml": f"<w:numbering {_XMLNS}>{_NUMBERING}</w:numbering>",
        }
        self.relations = [
            ("rStyles", "styles", "styles.xml", ""),
            ("rLists", "numbering", "numbering.xml", ""),
        ]
        self.main = "word/document.xml"

    def relate(self, id_: str, kind: str, target: str, *, outside: bool = False) -> WordFile:
        self.relations.append((id_, kind, target, ' TargetMode="External"' if outside else ""))
        return self

    def part(self, kind: str, content: str) -> WordFile:
        """Another part, such as `footnotes`, with its elements."""
        self.parts[f"word/{kind}.xml"] = f"<w:{kind} {_XMLNS}>{content}</w:{kind}>"
        return self.relate(f"r{kind}", kind, f"{kind}.xml")

    def notes(self, *texts: str, kind: str = "footnote") -> WordFile:
        lines = f'<w:{kind} w:type="separator" w:id="-1">{p()}</w:{kind}>'
        said = (f'<w:{kind} w:id="{n}">{p(text)}</w:{kind}>' for n, text in enumerate(texts, 1))
        return self.part(f"{kind}s", lines + "".join(said))

    def picture(self, data: bytes, id_: str = "rPic", name: str = "image1.png") -> WordFile:
        self.parts[f"word/media/{name}"] = data
        return self.relate(id_, "image", f"media/{name}")

    def web(self, id_: str, address: str) -> WordFile:
        return self.relate(id_, "hyperlink", escape(address, {'"': "&quot;"}), outside=True)

    def header(self, text: str) -> WordFile:
        """What stands above each page."""
        self.parts["word/header1.xml"] = f"<w:hdr {_XMLNS}>{p(text)}</w:hdr>"
        self.body += '<w:sectPr><w:headerReference r:id="rHeader"/></w:sectPr>'
        return self.relate("rHeader", "header", "header1.xml")

    def bytes(self) -> bytes:
        targets = "".join(
            f'<Relationship Id="{id_}" Type="{_KINDS}/{kind}" Target="{target}"{mode}/>'
            for id_, kind, target, mode in self.relations
        )
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                "_rels/.rels",
                f'<Relationships><Relationship Id="a" Type="{_KINDS}/officeDocument" Target="{self.main}"/></Relationships>',
            )
            archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{targets}</Relationships>")
            archive.writestr(
                self.main, f"<w:document {_XMLNS}><w:body>{self.body}<w:sectPr/></w:body></w:document>"
            )
            for name, data in self.parts.items():
                archive.writestr(name, data)
        return buffer.getvalue()

    def save(self, path: Path) -> Path:
        path.write_bytes(self.bytes())
        return path


def write_word(root: Path, path: str, content: str) -> None:
    """A Word file out of a specification: `# heading`, paragraphs, or XML that begins with `<`; `!` begins a header or says `!macros`.

    It has a comment 0, the pictures `rPic` and `rEmf`, and the addresses `rWeb` and `rFile`.
    """
    lines = [line for line in content.splitlines() if line.strip()]
    made = WordFile(*(_line(line) for line in lines if not line.startswith("!")))
    made.part("comments", f'<w:comment w:id="0" w:author="Citra">{p("Benarkah?")}</w:comment>')
    made.web("rWeb", "https://example.id/a.png").web("rFile", "file:///C:/a.docx")
    made.picture(PNG).picture(b"\x01\x00\x00\x00EMF", "rEmf", "image2.emf")
    for line in lines:
        if line == "!macros":
            made.parts["word/vbaProject.bin"] = b""
        elif line.startswith("!"):
            made.header(line[1:])
    write(root, path, made.bytes())


def _line(line: str) -> str:
    return h(1, line[2:]) if line.startswith("# ") else line if line.startswith("<w:") else p(line)
