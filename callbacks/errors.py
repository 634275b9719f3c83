"""The one place where a failed callback ends up: logged here, told to the reader."""

import logging

from dash import set_props

from pages._ui import locale
from pages._ui.ids import Shell
from pages._ui.states import notice
from pages._ui.wording import say
from warehouse.errors import AccessError

logger = logging.getLogger(__name__)


def report(error: Exception) -> None:
    """Log *error* with its traceback and say that the numbers were not renewed.

    Raises:
        AccessError: it was one; the gate turns it into a refusal.

    """
    if isinstance(error, AccessError):
        raise error
    logger.error("callback failed", exc_info=error)
    told = notice(say("notice.failed", locale.current()))
    set_props(Shell.NOTICE, {"children": told})
