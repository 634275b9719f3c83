"""What the API answers when it cannot: problem details (RFC 9457), in two languages."""

from typing import Any

from flask import Flask, Response, jsonify, request

from pages._ui import locale
from warehouse.errors import NoBatchError, QuestionError, UnknownNameError
from warehouse.text import LANGUAGES, Text

PREFIX = "/api/v1/"

PROBLEM = "application/problem+json"

TITLES: dict[int, Text] = {
    400: Text("问题无法按所问回答", "The question cannot be answered as asked"),
    401: Text("需要登录", "Sign in first"),
    403: Text("没有权限", "Not allowed"),
    404: Text("没有这个资源", "There is no such thing"),
    405: Text("不支持这种方法", "This method is not supported"),
    413: Text("请求太大", "The request is too large"),
    429: Text("请求太多", "Too many requests"),
    500: Text("服务器出错", "The server failed"),
    503: Text("暂时没有数据", "There is no data now"),
}


def problems(server: Flask) -> None:
    """Name every failure below `/api/v1` as problem details."""

    @server.errorhandler(QuestionError)
    def tell_what_is_wrong(error: QuestionError) -> tuple[Response, int]:
        return told(error.told), 400

    @server.errorhandler(UnknownNameError)
    def tell_what_is_known(error: UnknownNameError) -> tuple[Response, int]:
        return told(error.told), 404 if error.kind == "metric" else 400

    @server.errorhandler(NoBatchError)
    def tell_there_is_nothing(error: NoBatchError) -> tuple[Response, int]:
        text = Text(f"现在没有可以回答的批次：{error}", str(error))
        return told(text), 503

    @server.after_request
    def spell(response: Response) -> Response:
        is_ours = request.path.startswith(PREFIX) and response.status_code >= 400
        if is_ours and response.mimetype == "application/json":
            _spell(response)
        return response


def told(text: Text) -> Response:
    """Return an error in the reader's language, and in each by name."""
    both = {language: text[language] for language in LANGUAGES}
    return jsonify(
        {"error": text.en, "detail": text[locale.current()], "details": both}
    )


def _spell(response: Response) -> None:
    """Make an error problem details; `error` stays for those who read it."""
    found: Any = response.get_json(silent=True)
    known = found if isinstance(found, dict) else {}
    status = response.status_code
    title = TITLES.get(status, TITLES[500 if status >= 500 else 400])
    words = str(known.get("error") or title[locale.current()])
    detail = str(known.get("detail") or words)
    problem = {
        "type": "about:blank",
        "title": title[locale.current()],
        "status": status,
        **known,
        "detail": detail,
        "instance": request.path,
        "error": words,
    }
    response.set_data(jsonify(problem).get_data())
    response.mimetype = PROBLEM
    refused = request.routing_exception
    methods = getattr(refused, "valid_methods", None)
    if status == 405 and methods:
        response.headers.setdefault("Allow", ", ".join(sorted(methods)))
