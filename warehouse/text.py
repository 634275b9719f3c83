"""Bilingual text: every label the product shows exists in both languages."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of wording in Chinese and in English."""

    zh: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return getattr(self, language)
