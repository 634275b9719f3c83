"""Passwords: kept as argon2id hashes, compared in constant time."""

import argon2

# OWASP's second choice of parameters: a dozen sign-ins at once stay below 250 MB.
_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

_NOBODY = _HASHER.hash("nobody")


def hashed(password: str) -> str:
    """Return what is kept of *password*."""
    return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Tell whether *password* is the one that was kept.

    Without anything kept it takes as long and says no: how long an answer takes does
    not tell which accounts there are.
    """
    try:
        is_right = _HASHER.verify(kept or _NOBODY, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
    return is_right and kept is not None
