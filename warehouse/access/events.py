"""What the audit log holds: events, and how they are searched."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Did(StrEnum):
    """What somebody did."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SEE = "see"
    SEE_ROWS = "see_rows"
    EXPORT = "export"
    ACKNOWLEDGE = "acknowledge"
    CHANGE = "change"
    CREATE = "create"
    REVOKE = "revoke"
    SEE_AS = "see_as"
    PAIR = "pair"
    FORBIDDEN = "forbidden"


class Ending(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the log: who did what to what, when, from where.

    *who* is the name of the account (a failed sign-in's: as it was typed, cut);
    *sees_as* is whose eyes he looked through. *at* is aware. *detail* holds no
    personal data of customers and no secrets.
    """

    at: datetime
    who: str
    kind: str
    role: str
    action: Did
    object: str
    outcome: Ending = Ending.DONE
    sees_as: str = ""
    address: str = ""
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for in the log; what is empty does not matter.

    *start* and *end* are aware and half-open. *text* occurs in the object.
    """

    who: str = ""
    action: Did | None = None
    text: str = ""
    start: datetime | None = None
    end: datetime | None = None
