"""Lessons in civility: what they say, what they ask, and whether the answers are right.

Pure. Offered by what happened, never forced: nothing else depends on having finished one.
"""

import enum
import tomllib
from functools import cache
from importlib import resources

import msgspec

from gentie.accounts.model import NoSuchLesson
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import Text


class LessonId(enum.StrEnum):
    """When each is offered."""

    FIRST_COMMENT = "first-comment"
    """With the first agreement that a person accepts."""
    AFTER_MEASURE = "after-measure"
    """With a measure on the account."""
    RISKY_DRAFT = "risky-draft"
    """When a rule has refused what was sent."""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ask: Text
    choices: tuple[Text, ...]
    right: int


class Lesson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: LessonId
    title: Text
    restores: bool
    """Finishing it gives credit back, where the site keeps any."""
    paragraphs: tuple[Text, ...]
    questions: tuple[Question, ...]


@cache
def all_lessons() -> dict[LessonId, Lesson]:
    file = resources.files("gentie.accounts").joinpath("data/lessons.toml")
    read = tomllib.loads(file.read_text(encoding="utf-8"))["lessons"]
    return {one.id: one for one in msgspec.convert(read, list[Lesson])}


def get_lesson(name: str) -> Lesson:
    """Raises NoSuchLesson."""
    try:
        return all_lessons()[LessonId(name)]
    except ValueError as error:
        raise NoSuchLesson from error


@fulfils("2017-6.1c", "2022-6.c")
def wrong_in(lesson: Lesson, answers: tuple[int, ...]) -> tuple[int, ...]:
    """The numbers of the questions, from 0, that were not answered rightly. Empty: finished."""
    given = [*answers, *([-1] * len(lesson.questions))]
    return tuple(
        number for number, one in enumerate(lesson.questions) if given[number] != one.right
    )
