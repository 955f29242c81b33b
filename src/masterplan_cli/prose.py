"""Prose in a book: the tokens that checking has parsed, their headings lowered, their links leading into the book."""

from __future__ import annotations

import copy

from markdown_it.token import Token

from masterplan_cli.markdown import plain_text
from masterplan_cli.nodes import Linked
from masterplan_cli.plan import Plan

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
            out.append(self._token(written[index]))
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
