"""Lessons: complete in both languages, and nobody is caught by a question without an answer."""

import pytest

from gentie.accounts.lessons import Lesson, LessonId, all_lessons, get_lesson, wrong_in
from gentie.accounts.model import NoSuchLesson


@pytest.mark.clause("2017-6.1c", "2022-6.c")
@pytest.mark.parametrize("lesson", all_lessons().values(), ids=lambda one: one.id)
class TestLesson:
    def test_is_whole_in_both_languages(self, lesson: Lesson) -> None:
        texts = [lesson.title, *lesson.paragraphs]
        for one in lesson.questions:
            texts += [one.ask, *one.choices]
            assert 0 <= one.right < len(one.choices)
        assert all(one.zh.strip() and one.en.strip() for one in texts)

    def test_right_answers_finish_it_and_others_do_not(self, lesson: Lesson) -> None:
        right = tuple(one.right for one in lesson.questions)
        assert wrong_in(lesson, right) == ()
        assert wrong_in(lesson, ()) == tuple(range(len(right)))
        assert wrong_in(lesson, (right[0] + 1, *right[1:])) == (0,)


def test_there_is_one_for_every_occasion() -> None:
    assert set(all_lessons()) == set(LessonId)
    with pytest.raises(NoSuchLesson):
        get_lesson("obedience")
