"""XML, parsed with care: no entities of its own, any encoding of text."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from etl.sources.text_blocks import whole_text
from warehouse.errors import SourceError

LARGEST = 1 << 29
"""Bytes of one document, which has to be held whole; records by line have no limit."""


class _DocumentTypeError(Exception):
    """An XML document declares its own entities."""


class _Builder(TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise _DocumentTypeError(name)


def parsed_xml(path: Path, encodings: Sequence[str]) -> Element:
    """Return the root of an XML document.

    Raises:
        SourceError: it cannot be read or parsed, or declares entities of its own.

    """
    # Text, not bytes: the parser knows no GB18030, whatever the document declares.
    text = whole_text(path, encodings, LARGEST)
    # A document that declares entities, which are the danger, is refused.
    parser = XMLParser(target=_Builder())  # noqa: S314
    try:
        parser.feed(text.lstrip())
        return parser.close()
    except ParseError as error:
        raise SourceError(
            str(path),
            "XML",
            f"it cannot be parsed ({error})",
            "deliver the whole document again",
            line=error.position[0],
        ) from None
    except _DocumentTypeError:
        raise SourceError(
            str(path),
            "XML",
            "it has a DOCTYPE",
            "deliver it without: entities are a trap",
        ) from None


def local(name: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]


def tree_of(element: Element) -> Any:
    """Return an element as JSON would hold it; several of one name are a list."""
    found: dict[str, Any] = {local(k): v for k, v in element.attrib.items()}
    for child in element:
        name, value = local(str(child.tag)), tree_of(child)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    text = (element.text or "").strip()
    if not found:
        return text or None
    return {**found, "text": text} if text else found
