"""The body of a request as rows of text: JSON, a JSON object a line, or CSV."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from warehouse.contracts import Severity
from warehouse.errors import QuestionError
from warehouse.text import Text

MOST_ROWS = 5000
"""Rows of one request; a sender with more sends several."""

_PLAIN = Text("单个值,不是列表或对象", "one value, no list and no object")


class Rows:
    """The rows of a request, with what was wrong with each before it was judged."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str | None]] = []
        self.refused: dict[int, dict[str, Any]] = {}

    def add(self, found: Mapping[str, Any]) -> None:
        """Take a row; a value that is no text of any kind refuses it."""
        row: dict[str, str | None] = {}
        for told, value in found.items():
            name = _speakable(str(told))
            if isinstance(value, bool):
                row[name] = "true" if value else "false"
            elif value is None or _is_text(value):
                row[name] = value
            else:
                shown = _speakable(json.dumps(value, ensure_ascii=False))[:200]
                refused = finding(name, "plain", shown, _PLAIN)
                self.refused[len(self.rows)] = refused
                row[name] = None
        self.rows.append(row)


def _is_text(value: Any) -> bool:
    """Whether *value* can be written down: half a surrogate pair cannot."""
    return isinstance(value, str) and value == _speakable(value)


def _speakable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()


def finding(column: str, rule: str, value: str | None, right: Text) -> dict[str, Any]:
    """Return a finding of the door's own, as the answer tells it."""
    return {
        "column": column,
        "rule": rule,
        "severity": Severity.REJECT.value,
        "value": value,
        "right": f"{right.en} / {right.zh}",
    }


def parsed(body: bytes, mimetype: str) -> Rows:
    """Return the rows in a request's body.

    Raises:
        QuestionError: it is no JSON array, NDJSON or CSV in UTF-8, or too long.

    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuestionError(
            f"byte {error.start} is no UTF-8; send UTF-8",
            f"第 {error.start} 字节不是 UTF-8；请用 UTF-8 发送",
        ) from None
    readers = {
        "application/json": _of_json,
        "application/x-ndjson": _of_lines,
        "text/csv": _of_csv,
    }
    if mimetype not in readers:
        known = ", ".join(readers)
        raise QuestionError(
            f"content type {mimetype!r}; use one of {known}",
            f"内容类型 {mimetype!r} 不支持；请用其中之一：{known}",
        )
    rows = Rows()
    for number, found in enumerate(readers[mimetype](text), start=1):
        if number > MOST_ROWS:
            raise QuestionError(
                f"more than {MOST_ROWS} rows; send them in parts",
                f"超过 {MOST_ROWS} 行；请分批发送",
            )
        if not isinstance(found, Mapping):
            raise QuestionError(
                f"row {number} is no object; use {{column: value}}",
                f"第 {number} 行不是对象；请写成 {{列: 值}}",
            )
        rows.add(found)
    if not rows.rows:
        raise QuestionError("there is no row in the body", "正文里没有一行数据")
    return rows


def _of_json(text: str) -> list[Any]:
    found = _json(text, Text("正文", "the body"))
    return found if isinstance(found, list) else [found]


def _of_lines(text: str) -> Iterable[Any]:
    # Only \n ends a line: a text may hold U+2028 and others that splitlines() takes.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _json(line, Text(f"第 {number} 行", f"line {number}"))


def _of_csv(text: str) -> Iterable[dict[str, str | None]]:
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        names = reader.fieldnames or []
        if len(set(names)) < len(names):
            raise QuestionError(
                "a column stands twice in the header", "表头里有重复的列"
            )
        for row in reader:
            if None in row or None in row.values():
                raise QuestionError(
                    f"line {reader.line_num} has another number of fields "
                    "than the header",
                    f"第 {reader.line_num} 行的字段数与表头不一致",
                )
            yield row
    except csv.Error as error:
        raise QuestionError(
            f"line {reader.line_num}: {error}",
            f"第 {reader.line_num} 行不是合格的 CSV",
        ) from None


def _json(text: str, where: Text) -> Any:
    try:
        # Numbers stay as they were written: 0.10 is not 0.1 to a code.
        return json.loads(
            text, parse_float=str, parse_int=str, object_pairs_hook=_single
        )
    except json.JSONDecodeError as error:
        raise QuestionError(
            f"{where.en} is no JSON: {error}",
            f"{where.zh}不是 JSON：错在第 {error.lineno} 行第 {error.colno} 个字符",
        ) from None
    except _TwiceError as error:
        raise QuestionError(
            f"{where.en} is no JSON: column {error.column!r} stands twice in an object",
            f"{where.zh}不是 JSON：一个对象里 {error.column!r} 这一列出现了两次",
        ) from None
    except ValueError as error:
        raise QuestionError(
            f"{where.en} is no JSON: {error}", f"{where.zh}不是 JSON"
        ) from None
    except RecursionError:
        raise QuestionError(
            f"{where.en} is nested too deeply", f"{where.zh}嵌套太深"
        ) from None


class _TwiceError(ValueError):
    """An object names a column twice."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose columns stand once: of two values one would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _TwiceError(twice[:100])
    return found
