"""Prose in a book: the tokens that checking has parsed, their headings lowered, their links leading into the book."""

from __future__ import annotations

import copy
import re

from markdown_it.token import Token

from masterplan_cli.markdown import plain_text
from masterplan_cli.nodes import Linked, Program
from masterplan_cli.plan import Plan
from masterplan_cli.values import slug

#: What a book changes of prose, and what it changes within texts.
_CHANGED = {"heading_open", "heading_close", "table_open", "inline"}
_LEADING = {"link_open", "image", "footnote_ref"}


class BookProse:
    """An agency's tokens, made fit for a book."""

    def __init__(self, plan: Plan, pictures: dict[str, tuple[str, bytes]], node: Linked, shift: int) -> None:
        self.plan, self.pictures = plan, pictures
        self.node, self.shift = node, shift

    def tokens(self) -> list[Token]:
        """The prose's tokens; a picture that stands by itself is a figure, captioned by its title or its text."""
        written = self.node.prose.tokens if self.node.prose else []
        out: list[Token] = []
        heading: Token | None = None
        index = 0
        while index < len(written):
            picture = lone_picture(written, index)
            made = self._token(written[index + 1]) if picture else None
            image = made.children[0] if made and made.children else None
            if picture and image and image.type == "image":
                caption = str(picture.attrs.get("title") or image.attrs["alt"])
                text = Token("text", "", 0, content=caption)
                out.append(figure_token(image, Token("inline", "", 0, children=[text])))
                index += 3
                continue
            if written[index].type == "heading_open":
                heading = written[index + 1]
            out.append(self._token(written[index]))
            if written[index].type == "table_open" and not isinstance(self.node, Program):
                out[-1].meta = {"caption": _captioned(out, self.node.title, heading)}
            index += 1
        return out

    def _token(self, token: Token) -> Token:
        """The token as it stands in a book; one that no book changes is in all of them."""
        if token.type not in _CHANGED and not token.type.startswith("footnote"):
            return token
        if token.type == "inline" and not any(child.type in _LEADING for child in token.children or ()):
            return token
        made = copy.copy(token)
        made.attrs, made.meta = dict(token.attrs), dict(token.meta)
        if token.type in ("heading_open", "heading_close"):
            made.tag = f"h{min(int(token.tag[1]) + self.shift, 6)}"
            if "id" in made.attrs:
                made.attrs["id"] = f"{self.node.anchor}:{made.attrs['id']}"
        if token.type.startswith("footnote"):
            made.meta["doc"] = self.node.anchor
        if token.children:
            made.children = self._inline(token.children)
        return made

    def _inline(self, children: list[Token]) -> list[Token]:
        out: list[Token] = []
        open_links: list[bool] = []
        tail = ""
        for position, child in enumerate(children):
            if child.type == "link_open":
                made, title, tail = self._link(child)
                open_links.append(made is not None)
                if made:
                    out.append(made)
                if children[position + 1].type == "link_close":
                    out.append(Token("text", "", 0, content=title))
            elif child.type == "link_close":
                if open_links.pop():
                    out.append(child)
                if tail:
                    out.append(Token("text", "", 0, content=tail))
                tail = ""
            elif child.type == "image":
                out.append(self._picture(child))
            else:
                out.append(self._token(child))
        return out

    def _link(self, token: Token) -> tuple[Token | None, str, str]:
        """The link as it stands in a book (None: its text only), its target's name, and what follows it."""
        href = str(token.attrs.get("href", ""))
        target = self.plan.links.resolve(self.node.path, href)
        made = copy.copy(token)
        if target.kind == "external":
            made.attrs = {"href": href}
            return made, href, ""
        if target.kind == "node" and target.node is not None:
            fragment = f":{target.anchor}" if target.anchor else ""
            made.attrs = {"href": f"#{target.node.anchor}{fragment}"}
            return made, self._name(target.node, target.anchor), ""
        return None, href, f" ({target.path})" if target.kind == "asset" else ""

    def _name(self, node: Linked, anchor: str) -> str:
        heading = node.prose.anchors.get(anchor) if anchor and node.prose else None
        return heading.text if heading else node.name

    def _picture(self, token: Token) -> Token:
        """A picture by its path in the repo; where it cannot be had, its text alternative."""
        target = self.plan.links.resolve(self.node.path, str(token.attrs.get("src", "")))
        picture = self.plan.picture(target.path) if target.kind == "asset" else None
        if picture is None:
            return Token("text", "", 0, content=plain_text(token))
        self.pictures[target.path] = picture
        made = copy.copy(token)
        made.attrs = {"src": target.path, "alt": plain_text(token)}
        return made


def lone_picture(tokens: list[Token], index: int) -> Token | None:
    """The picture that is all a paragraph holds."""
    if tokens[index].type != "paragraph_open":
        return None
    children = tokens[index + 1].children or []
    return children[0] if len(children) == 1 and children[0].type == "image" else None


def figure_token(picture: Token, caption: Token | None) -> Token:
    """A block token for a picture that stands by itself."""
    attrs = {"src": str(picture.attrs["src"]), "alt": picture.attrs.get("alt") or plain_text(picture)}
    return Token("figure", "", 0, attrs=attrs, meta={"caption": caption}, block=True)


#: How a paragraph begins that is the caption of the table below it.
_CAPTION = re.compile(r"(tabel|table)\s*:\s*", re.IGNORECASE)


def _captioned(out: list[Token], title: str, heading: Token | None) -> Token:
    """The caption of the table that has just been put out: the paragraph `Tabel: …` above it, else where it stands."""
    above = out[-3] if len(out) > 3 and out[-2].type == "paragraph_close" and out[-3].level == 1 else None
    first = above.children[0] if above and above.children else None
    if above and first and first.type == "text" and (mark := _CAPTION.match(first.content)):
        rest = copy.copy(first)
        rest.content = first.content[mark.end() :]
        caption = copy.copy(above)
        caption.children = [rest, *(above.children or [])[1:]]
        del out[-4:-1]
        return caption
    words = plain_text(heading) if heading else ""
    return _words(f"{title}: {words}" if words and words != title else title)


def with_table(
    tokens: list[Token], level: int, sections: list[tuple[list[str], str]], first: str, caption: str
) -> list[Token]:
    """The tokens of a text with the parts below its headings of a level as the rows of one table.

    `sections` are the columns: how the headings one level deeper are spelt, as slugs, and what they are called. A part
    that has other headings, or more below them than paragraphs, stays as it is, behind the table.
    """
    lead, parts = _split(tokens, level)
    rows: list[list[Token]] = []
    rest: list[Token] = []
    for part in parts:
        row = _row(part, level, [spelt for spelt, _ in sections])
        if row:
            rows.append(row)
        else:
            rest += part
    if len(rows) < 2:
        return tokens
    head = [_words(text) for text in (first, *(name for _, name in sections))]
    return [*lead, *_table(_words(caption), head, rows), *rest]


def section_text(tokens: list[Token], part: list[str], section: list[str]) -> str:
    """The words of the first paragraphs below a heading, by its spellings, that stands below another one."""
    inside = ""
    said: list[str] = []
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and not token.level:
            name = slug(plain_text(tokens[index + 1]))
            if name in part:
                inside = "part"
            elif inside and name in section:
                inside = "section"
            elif inside == "section":
                break
        elif token.type == "paragraph_open" and not token.level and inside == "section":
            said.append(plain_text(tokens[index + 1]))
    return " ".join(said)


def _split(tokens: list[Token], level: int) -> tuple[list[Token], list[list[Token]]]:
    """What stands before the first heading of a level or above, and the parts that such headings begin."""
    starts = [
        n for n, t in enumerate(tokens) if t.type == "heading_open" and not t.level and int(t.tag[1]) <= level
    ]
    starts += [n for n, t in enumerate(tokens) if t.type == "footnote_block_open"]
    if not starts:
        return tokens, []
    ends = [*starts[1:], len(tokens)]
    return tokens[: starts[0]], [tokens[a:b] for a, b in zip(starts, ends, strict=True)]


def _row(part: list[Token], level: int, spelt: list[list[str]]) -> list[Token] | None:
    """The cells that a part comes to; None where it is more than paragraphs below the headings of the columns."""
    if part[0].type != "heading_open" or int(part[0].tag[1]) != level:
        return None
    cells: list[list[Token]] = [[] for _ in spelt]
    column = -1
    index = 3
    while index < len(part):
        kind = part[index].type
        if kind not in ("heading_open", "paragraph_open"):
            return None
        inline = part[index + 1]
        if kind == "heading_open" and int(part[index].tag[1]) == level + 1:
            name = slug(plain_text(inline))
            column = next((n for n, spellings in enumerate(spelt) if name in spellings), -1)
            if column < 0 or cells[column]:
                return None
        elif kind == "paragraph_open" and column >= 0 and lone_picture(part, index) is None:
            gap = [Token("hardbreak", "br", 0)] if cells[column] else []
            cells[column] += [*gap, *(inline.children or [])]
        else:
            return None
        index += 3
    return [_cell(children) for children in (part[1].children or [], *cells)]


def _table(caption: Token, head: list[Token], rows: list[list[Token]]) -> list[Token]:
    """The tokens of a table, as parsing it would give them."""
    out = [Token("table_open", "table", 1, meta={"caption": caption, "wide": False, "plain": False})]
    for group, tag, lines in (("thead", "th", [head]), ("tbody", "td", rows)):
        out.append(Token(f"{group}_open", group, 1))
        for line in lines:
            out.append(Token("tr_open", "tr", 1))
            for cell in line:
                out += [Token(f"{tag}_open", tag, 1), cell, Token(f"{tag}_close", tag, -1)]
            out.append(Token("tr_close", "tr", -1))
        out.append(Token(f"{group}_close", group, -1))
    return [*out, Token("table_close", "table", -1)]


def _words(text: str) -> Token:
    return _cell([Token("text", "", 0, content=text)])


def _cell(children: list[Token]) -> Token:
    content = "".join(child.content for child in children)
    return Token("inline", "", 0, content=content, children=children)
