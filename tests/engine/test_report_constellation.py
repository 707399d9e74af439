import itertools
import random
import xml.etree.ElementTree as ET

import pytest

from introducer.report.constellation import Direction, Star, band, draw, glyph
from introducer.report.layout import FONT, WIDTH, lay_out
from introducer.report.letters import width, wrap
from introducer.report.sky import Band
from introducer.report.sky import draw as draw_sky

LONG = "Quality improvement and root-cause analysis after something went badly wrong at night"
NAMES = [
    "Contracts",
    "Patient communication",
    LONG,
    "Supercalifragilisticexpialidocious-undertakings",
    "إدارة العيادة",
    "臨床研究と論文の書き方",
    "Billing, coding and audits",
]
PEOPLE = [
    "Bea Okafor",
    "Ben Castellanos",
    "מרים כהן",
    "Maximiliane Charlotte Auguste von und zu Hohenlohe-Waldenburg-Schillingsfürst-Bartenstein",
    "W" * 80,
]


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - varies test cases; nothing is to be kept secret


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own picture


def made(needs: int, mentors: int, chance: random.Random) -> tuple[list[Direction], list[Star]]:
    covers: list[dict[int, float]] = [{} for _ in range(mentors)]
    directions = []
    for k in range(needs):
        fit = chance.choice([0.0, 0.25, 0.5, 1.0]) if mentors else 0.0
        for own in chance.sample(covers, chance.randint(1, min(2, mentors))) if fit else []:
            own[k] = fit
        directions.append(Direction(chance.choice(NAMES), chance.randint(1, 3), fit))
    return directions, [Star(PEOPLE[j], own) for j, own in enumerate(covers)]


@pytest.mark.parametrize("needs", range(13))
@pytest.mark.parametrize("mentors", range(6))
def test_no_two_labels_meet_and_none_leaves_the_picture(needs, mentors):
    for seed in range(8):
        directions, stars = made(needs, mentors, dice(seed))
        found = lay_out(directions, stars, labels=True)
        boxes = [label.box for label in found.labels]
        assert not [pair for pair in itertools.combinations(boxes, 2) if pair[0].meets(pair[1])]
        for box in boxes:
            assert found.box.left <= box.left < box.right <= found.box.right
            assert found.box.top <= box.top < box.bottom <= found.box.bottom
        for label in found.labels:
            # What a browser draws is no wider than the box that was kept free for it.
            assert all(width(line, FONT) <= label.box.right - label.box.left + 1e-9 for line in label.lines)


@pytest.mark.parametrize("needs", range(1, 13))
def test_labels_of_needs_cover_no_need_and_no_star(needs):
    for seed in range(8):
        directions, stars = made(needs, 4, dice(seed))
        found = lay_out(directions, stars, labels=True)
        for label in found.labels[:needs]:
            for x, y, r in (*found.needs, *found.stars):
                nearest = (min(max(x, label.box.left), label.box.right), min(max(y, label.box.top), label.box.bottom))
                assert (nearest[0] - x) ** 2 + (nearest[1] - y) ** 2 > (r / 2) ** 2


def test_everybody_is_named_once_and_every_need_too():
    directions = [Direction(name, 2, 0.5) for name in ("Contracts", "Research", "Talk")]
    stars = [Star(name, {k: 0.5}) for k, name in enumerate(("Ben", "Bea", "Ife"))]
    words = [" ".join(label.lines) for label in lay_out(directions, stars, labels=True).labels]
    assert sorted(words) == ["Bea", "Ben", "Contracts", "Ife", "Research", "Talk"]


def test_a_name_without_room_is_a_number_with_its_name_below():
    directions = [Direction("Contracts and what follows from them", 1, 1.0) for _ in range(12)]
    stars = [Star(f"Alexandrina Castellanos-Whitaker {j}", dict.fromkeys(range(12), 1.0)) for j in range(5)]
    found = lay_out(directions, stars, labels=True)
    texts = [" ".join(label.lines) for label in found.labels]
    below = [words for words in texts if ": Alexandrina" in words]
    assert below
    assert below == sorted(below)
    assert all(words.partition(":")[0] in texts for words in below)


def test_a_number_stands_on_its_star_where_even_that_has_no_room():
    found = lay_out([], [Star(f"Mentor {j}", {}) for j in range(40)], labels=True)
    numbers = [label.box for label in found.labels if label.lines[0].isdecimal()]
    middles = [((box.left + box.right) / 2, (box.top + box.bottom) / 2) for box in numbers]
    assert any(abs(star.x - x) + abs(star.y - y) < 1e-6 for x, y in middles for star in found.stars)


def test_more_help_asked_stands_farther_out():
    found = lay_out([Direction("a", level, 0.0) for level in (1, 2, 3)], [], labels=False)
    lengths = [x * x + y * y for x, y, _ in found.needs]
    assert lengths == sorted(lengths)
    assert len(set(map(round, lengths))) == 3


def test_a_star_grows_with_what_it_covers():
    stars = [Star("Ben", {}), Star("Bea", {0: 1.0}), Star("Ife", {1: 1.0, 2: 1.0})]
    sizes = [place.r for place in lay_out([Direction("a", 1, 1.0)] * 3, stars, labels=True).stars]
    assert sizes == sorted(set(sizes))


def test_stars_that_cover_the_same_are_kept_apart():
    found = lay_out([Direction("a", 1, 1.0)], [Star(name, {0: 1.0}) for name in "abcde"], labels=True)
    for one, other in itertools.combinations(found.stars, 2):
        assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 > 12**2


def test_a_need_belongs_to_the_mentor_who_covers_it_best_and_equals_to_the_earlier():
    stars = [Star("Ben", {0: 0.3, 1: 1.0}), Star("Bea", {0: 0.9, 1: 1.0})]
    assert lay_out([Direction("a", 1, 0.9), Direction("b", 1, 1.0)], stars, labels=True).owners == (1, 0)


def test_a_private_need_is_tied_to_nobody():
    drawn = draw([Direction("A private need", 2, 1.0, veiled=True)], [Star("Bea", {})], title="x")
    assert 'class="tie' not in drawn
    assert "veil" in drawn


def test_an_open_need_is_a_ring_and_says_so_in_words():
    drawn = draw([Direction("Contracts", 2, 0.0)], [], title="x")
    assert 'class="open"' in drawn
    assert "nobody yet" in drawn


def test_the_bands_of_fit_have_lines_and_rings_of_their_own():
    directions = [Direction(str(k), 2, fit) for k, fit in enumerate((1 / 3, 2 / 3, 1.0))]
    drawn = draw(directions, [Star("Bea", {0: 1 / 3, 1: 2 / 3, 2: 1.0})], title="x")
    assert all(f'class="tie b{k}"' in drawn for k in (1, 2, 3))
    assert [band(fit) for fit in (0.0, 0.01, 1 / 3, 0.34, 2 / 3, 0.75, 1.0)] == [0, 1, 1, 2, 2, 3, 3]
    assert len({glyph(kind) for kind in ("star", "open", "veil", "b1", "b2", "b3")}) == 6


def test_a_second_mentor_for_a_need_is_drawn_fainter():
    drawn = draw([Direction("a", 1, 1.0)], [Star("Ben", {0: 1.0}), Star("Bea", {0: 0.5})], title="x")
    assert drawn.count(" also") == 1


def test_a_picture_is_read_out_by_its_title_and_escapes_what_people_wrote():
    drawn = draw([Direction("<script>", 2, 1.0)], [Star("O'Neill & <b>", {0: 1.0})], title='"x" <y>')
    root = parsed(drawn)
    assert root.get("role") == "img"
    assert root.get("aria-label") == '"x" <y>'
    assert "<script>" not in drawn
    assert "O'Neill & <b>" in " ".join("".join(root.itertext()).split("\n"))


def test_a_small_picture_has_no_text_and_is_hidden_when_untitled():
    drawn = draw([Direction("Contracts", 3, 1.0)], [Star("Bea", {0: 1.0})], title="", labels=False)
    assert "<text" not in drawn
    assert 'aria-hidden="true"' in drawn


def test_a_picture_that_stands_alone_carries_its_styles_and_only_the_name_of_its_language():
    drawn = draw([Direction("Contracts", 3, 1.0)], [], title="x", alone=True)
    root = parsed(drawn)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert drawn.count("http") == 1
    assert "--accent" in drawn
    assert ".tie{" in drawn
    assert ".card{" not in drawn


def test_equal_values_give_equal_pictures():
    directions, stars = made(9, 4, dice(3))
    assert draw(directions, stars, title="x") == draw(list(directions), list(stars), title="x")


def test_a_text_is_wrapped_at_words_joints_and_at_last_anywhere():
    assert wrap("", 14, 100, 3) == ()
    assert wrap("one two", 14, 500, 3) == ("one two",)
    assert wrap("root-cause/analysis", 14, 90, 3) == ("root-cause/", "analysis")
    assert all(width(line, 14) <= 50 for line in wrap("W" * 30, 14, 50, 99))
    assert "".join(wrap("W" * 30, 14, 50, 99)) == "W" * 30
    assert wrap("entrepreneurship", 14, 80, 3) == ("entrepre-", "neurship")
    assert wrap("abc", 14, 1, 3) == ("a", "b", "c")  # no room at all: a letter a line


def test_a_text_with_more_lines_than_there_is_room_for_ends_in_an_ellipsis():
    lines = wrap(LONG, 14, 100, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert width(lines[-1], 14) <= 100


@pytest.mark.parametrize(
    ("narrow", "wide"), [("i", "W"), ("é", "m"), ("a", "臨"), ("\u0301", "."), ("\u2068", "."), ("л", "Ж"), ("a", "ش")]
)
def test_wide_letters_are_known_to_be_wide(narrow, wide):
    assert width(narrow, 10) < width(wide, 10)


def test_a_letter_with_an_accent_is_as_wide_as_without():
    assert width("é", 10) == width("e", 10)


def test_the_sky_shows_everybody_by_band_with_their_number():
    drawn = draw_sky([Band("all covered", "full", ("Cleo", "<Cai>")), Band("no mentor", "open", ())], title="x")
    root = parsed(drawn)
    texts = ["".join(t.itertext()) for t in root.iter("text")]
    assert texts == ["2", "all covered", "0", "no mentor"]
    assert [t.text for t in root.iter("title")] == ["Cleo", "<Cai>"]


@pytest.mark.parametrize("mark", ["full", "part", "little", "open", "star", "pale"])
def test_each_kind_of_person_has_a_mark(mark):
    drawn = draw_sky([Band("a", mark, ("Bea",))], title="x")
    assert "<g><title>Bea</title><" in drawn


def test_a_large_sky_says_how_many_people_a_mark_stands_for():
    drawn = draw_sky([Band("all", "star", tuple(map(str, range(1000))))], title="x")
    assert "Each mark stands for 3 people." in drawn
    assert drawn.count('class="star"') == 334


def test_a_sky_without_bands_is_an_empty_picture():
    assert parsed(draw_sky([], title="x")).get("role") == "img"


def test_the_picture_is_as_wide_as_every_other():
    for needs, mentors in ((0, 0), (1, 1), (12, 5)):
        box = lay_out(*made(needs, mentors, dice(1)), labels=True).box
        assert box.right - box.left == WIDTH
