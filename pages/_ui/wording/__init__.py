"""Every sentence of the interface, in both languages.

What a metric is called stands with the metric; what the screens say stands here.
"""

from pages._ui.wording import (
    access,
    admin,
    alerts,
    codes,
    data,
    exports,
    metric,
    overview,
    shell,
    store,
    tile,
    wall,
)
from warehouse.text import Language, Text

WORDS: dict[str, Text] = {
    **shell.WORDS,
    **tile.WORDS,
    **overview.WORDS,
    **store.WORDS,
    **codes.WORDS,
    **data.WORDS,
    **metric.WORDS,
    **exports.WORDS,
    **wall.WORDS,
    **access.WORDS,
    **admin.WORDS,
    **alerts.WORDS,
}


def say(key: str, language: Language, **values: object) -> str:
    """Return the sentence *key* with its blanks filled.

    Raises:
        KeyError: nobody has written that sentence.

    """
    return WORDS[key][language].format(**values)
