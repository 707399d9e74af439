"""When texts are the same, and what numbers look like in words."""

import pytest

from introducer.io.spelling import alike, count_in, fold, folded_id, level_in, plain


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Rural practice", "rural_practice"),
        ("Médecine  (générale)", "medecine generale"),
        ("What year are you in?", "what year are you in"),
        ("Women’s health", "Women's health"),
        ("ﬁrst gen", "First-gen"),
        ("?!", "?!"),
    ],
)
def test_case_accents_spaces_and_punctuation_make_no_difference_to_names(left, right):
    assert fold(left) == fold(right)


@pytest.mark.parametrize(("left", "right"), [("कि", "का"), ("R1", "R2"), ("?", "!"), ("é", "f")])
def test_letters_and_marks_of_every_script_make_a_difference(left, right):
    assert fold(left) != fold(right)


def test_plain_text_keeps_punctuation():
    assert plain(" “5+”  I’m ") == '"5+" i\'m'


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("0", 0), ("2", 2), ("3.0", 3), ("two", 2), ("none", 0), ("not at all", 0), ("a little", 1), ("some", 2),
        ("quite a bit", 2), ("very much", 3), ("medium", 2), ("3 - a lot", 3), ("1: a little", 1), ("2 whatever", 2),
        ("(3) a lot", 3), ("a lot (3)", 3), ("1. sometimes", 1),
    ],
)  # fmt: skip
def test_a_level_is_read_in_every_documented_form(text, level):
    assert level_in(text) == level


@pytest.mark.parametrize("text", ["4", "-1", "2.5", "2/3", "1-2", "3 - a little", "a lot (1)", "lots", "four", "3-"])
def test_what_states_no_level_is_not_guessed(text):
    assert level_in(text) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0), ("2", 2), ("2.0", 2), ("two", 2), ("none", 0), ("zero", 0), ("5+", 5), ("5 or more", 5),
        ("up to 3", 3), ("at most two", 2), ("max 3", 3), ("max. 3", 3), ("a maximum of three", 3),
        ("no more than 4", 4),
        ("i'm willing to take on two mentees", 2), ("i can take 5+ mentees.", 5), ("2 mentees", 2), ("only one", 1),
    ],
)  # fmt: skip
def test_a_count_is_read_in_every_documented_form(text, count):
    assert count_in(text) == count


@pytest.mark.parametrize(
    "text",
    [
        "3-4", "one or two", "1.5", "-1", "at least two", "more than 2", "no", "i cannot take two mentees", "about 3",
        "two mentees, one mentor", "2 hours", "twice", "mentees", "1,000", "=2", "2 2", "no one",
    ],
)  # fmt: skip
def test_what_states_no_count_is_not_guessed(text):
    assert count_in(text) is None


def test_ids_are_compared_as_written_and_e_mail_addresses_in_lower_case():
    assert (folded_id("Cleo"), folded_id("Cleo@X.org")) == ("Cleo", "cleo@x.org")


@pytest.mark.parametrize("other", ["CLEO", "ｃｌｅｏ", "cle\u200bo", " cleo "])
def test_ids_that_a_reader_would_take_for_one_another_look_alike(other):
    assert alike(other) == alike("cleo")
