import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pytest
from outcomes import VOCABULARY, cast, many, outcome

from introducer import report
from introducer.outcome import CAUSES, CODES, Gap
from introducer.policy import Policy
from introducer.report.facts import gather
from introducer.report.words import REFUSALS, cause, policy_lines
from introducer.roster import Mentee, Mentor, Roster
from introducer.vocabulary import Domain, Term

VOID = {"meta", "br", "wbr", "link", "input", "hr", "img"}


class Reader(HTMLParser):
    """Reads a page as a browser would, and notes what it is made of."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.ids, self.words, self.headings = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        if "style" not in self.open:
            self.words.append(text)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words))

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def read(found, *, redacted=False):
    return Reader(report.page(found, redacted=redacted))


def usual(**changes):
    return outcome(cast(), {"cleo": ["bea", "ben"], "cai": ["ben"]}, **changes)


def cohort(mentees, mentors, teams=None, **changes):
    return outcome(Roster("Made up", VOCABULARY, tuple(mentees), tuple(mentors)), teams or {}, **changes)


def part(html, code):
    """Return one section of a page, as HTML."""
    found = re.search(rf'<(section|article)[^>]* id="{code}".*?</\1>', html, re.DOTALL)
    assert found, code
    return found.group(0)


CASES = {
    "usual": usual,
    "nobody at all": lambda: cohort([], []),
    "no mentors": lambda: many(3, 0),
    "no mentees": lambda: many(0, 3),
    "one and one": lambda: many(1, 1),
    "a large cohort": lambda: many(60, 40, prices={f"o{j:04}": 0.01 * j for j in range(30)}),
}


@pytest.mark.parametrize("redacted", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_a_page_is_whole_and_well_built(case, redacted):
    html = report.page(CASES[case](), redacted=redacted)
    page = Reader(html)
    assert not page.open
    assert len(page.ids) == len(set(page.ids))
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert page.all("html") == [{"lang": "en", "dir": "ltr"}]
    assert [len(page.all(tag)) for tag in ("main", "header", "nav", "footer")] == [1, 1, 1, 1]
    links = {attrs["href"] for attrs in page.all("a")}
    assert "#main" in links
    for link in links:
        assert link.startswith("#")
        assert link[1:] in page.ids
    for svg in page.all("svg"):
        assert svg.get("aria-label") if svg.get("role") == "img" else svg.get("aria-hidden") == "true"
    assert html.count("<caption>") == len(page.all("table"))
    assert all(head["scope"] in {"col", "row"} for head in page.all("th"))


@pytest.mark.parametrize("case", CASES)
def test_a_page_needs_nothing_from_outside(case):
    html = report.page(CASES[case]())
    assert "//" not in html
    assert "<script" not in html
    assert "@import" not in html
    assert not re.search(r"url\(|\bsrc=|<link", html)


def test_the_same_outcome_gives_the_same_bytes():
    assert report.page(usual()) == report.page(usual())


def test_120_mentees_stay_far_under_three_megabytes():
    assert len(report.page(many(120, 80)).encode()) < 1_200_000


@pytest.mark.parametrize("redacted", [False, True])
def test_of_a_very_large_cohort_the_report_says_where_everybody_is(monkeypatch, redacted):
    found = many(40, 30)
    names = tuple(range(40))
    fair = replace(found.fairness, left_out=names)
    whole = report.page(replace(found, fairness=fair), redacted=redacted)
    for module in ("facts", "people"):
        monkeypatch.setattr(f"introducer.report.{module}.LARGEST", 39)
    brief = report.page(replace(found, fairness=fair), redacted=redacted)
    read_whole, read_brief = Reader(whole), Reader(brief)
    assert set(read_brief.ids) >= {"sky", "least", "domains", "mentors", "constellations", "proof", "policy"}
    assert set(read_whole.ids) - set(read_brief.ids) == {f"{kind}{i}" for kind in "mn" for i in range(40)}
    assert "#m0" not in brief
    said = part(brief, "constellations")
    assert "more than 39 mentees" in said
    for place in ("mentees.csv", "ties.csv", "introducer explain"):
        assert place in said.replace("<wbr>", "")
    least, loads = part(brief, "least"), part(brief, "mentors")
    assert least.count("<tr") == 13
    others = len(gather(found, redacted=redacted).least_covered) - 12
    assert f"The other {others} stand in mentees.csv." in least
    assert loads.count("<tr") == 13
    assert "The other 18 stand in mentors.csv." in loads
    assert ("28 more, who stand in outcome.json" in brief) is not redacted
    for code in ("sky", "domains", "proof", "policy"):
        assert part(brief, code) == part(whole, code)


def test_the_report_has_no_other_name():
    with pytest.raises(AttributeError, match="pages"):
        report.pages  # noqa: B018 - reading it is the test


def test_the_four_figures_say_of_what_and_how_many():
    text = read(usual(bound=None)).text
    assert "2 of 2 mentees have a constellation" in text
    assert "1.5 mentees per mentor, nobody above their limit" in text


def test_a_mentor_above_their_limit_is_said():
    found = replace(usual(), loads=(2, 9))
    assert "1 mentor above the limit" in read(found).text


@pytest.mark.parametrize(
    ("bound", "scope", "words"),
    [
        (None, "all", "0\u202f% from the best possible: there is none better, proved over all eligible pairs"),
        (1.0004, "all", "0.04\u202f% at most from the best possible, proved over all eligible pairs"),
        (1.00041, "all", "0.05\u202f% at most"),
        (1.01, "shortlist", "over a shortlist of pairs, which is no proof for all of them"),
        (1.01, "sampled", "estimated from a sample, which is no proof"),
    ],
)
def test_the_certificate_is_said_in_words_and_rounded_up(bound, scope, words):
    found = usual(scope=scope)
    if bound:
        proved = found.certificate
        found = replace(found, certificate=replace(proved, value=1.0, bound=1 / (2 - bound)))
    assert re.sub(r"\s", " ", words) in re.sub(r"\s", " ", read(found).text.replace(" .", "."))


def test_a_run_that_a_time_budget_ended_says_so():
    assert "A time budget ended this run." in read(usual(reproducible=False)).text
    assert "time budget" not in read(usual()).text


def test_every_constellation_stands_with_its_table():
    html = report.page(usual())
    cai = Reader(part(html, "m0")).text
    assert "Cai Thompson" in cai
    assert "1 mentor; 1 of 2 needs covered" in cai
    assert "a lot nobody in this cohort offers it nobody yet" in cai
    assert "quite a bit Ben Castellanos very well" in cai


def test_a_private_need_shows_neither_its_domain_nor_its_mentor_nor_its_level():
    found = usual()
    cleo = part(report.page(found), "m1")
    assert "A private need" in cleo
    assert "covered" in Reader(cleo).text.rsplit("A private need", 1)[1]
    assert "Family" not in report.page(found)
    mentees = gather(found, redacted=False).mentees
    assert len(mentees) == len(found.roster.mentees)
    assert [len(mate.covers or ()) for mate in mentees[1].team] == [1, 1]


@pytest.mark.parametrize(("first", "second"), [("contracts", "talk"), ("talk", "clinic")])
def test_a_page_is_the_same_whatever_a_private_need_is_about(first, second):
    def page(private):
        mentees = [Mentee(id="cleo", name="Cleo", needs={"research": 2, private: 3}, private=frozenset({private}))]
        mentors = [Mentor(id="bea", name="Bea", offers={"research": 3})]
        return report.page(cohort(mentees, mentors, {"cleo": ["bea"]}))

    # Its cause differs (nobody offers either, but one could), its domain and key differ; the page does not.
    assert page(first) == page(second)


def test_the_level_of_a_private_need_changes_nothing_that_is_shown():
    def page(level):
        mentees = [
            Mentee(id="cleo", name="Cleo", needs={"talk": 2, "contracts": level}, private=frozenset({"contracts"}))
        ]
        found = cohort(mentees, [Mentor(id="bea", name="Bea", offers={"talk": 3})], {"cleo": ["bea"]})
        proved = replace(found.certificate, value=1.0, bound=1.0)
        return report.page(replace(found, certificate=proved))

    assert page(1) == page(3)


def test_a_mentor_without_a_shown_need_is_in_the_team_for_other_reasons():
    mentees = [Mentee(id="cleo", name="Cleo", needs={"contracts": 3}, private=frozenset({"contracts"}))]
    found = cohort(mentees, [Mentor(id="bea", name="Bea", offers={"contracts": 3})], {"cleo": ["bea"]})
    assert "Bea : in the team for other reasons" in read(found).text


def test_no_wish_of_a_person_is_anywhere():
    html = report.page(usual(policy=Policy(privacy="background")))
    assert "Rural practice" not in html
    assert "First generation" not in html
    assert "Culture" not in html
    assert "same:" not in html
    assert "Wishes honored" not in html


def wishing(count):
    mentees = [Mentee(id=f"e{i:02}", name=f"E{i}", needs={"talk": 1}, wishes={"rural_path": 1}) for i in range(count)]
    bea = Mentor(id="bea", name="Bea", offers={"talk": 3}, experiences=frozenset({"rural_path"}), capacity=4)
    return cohort(mentees, [bea], {"e00": ["bea"], "e01": ["bea"]})


def test_wishes_are_counted_only_where_ten_people_wished():
    assert "Wishes honored: 2 of 10," in read(wishing(10)).text
    assert "Wishes honored" not in read(wishing(9)).text
    assert "Wishes honored" not in read(wishing(10), redacted=True).text


def test_a_redacted_page_leaves_out_what_is_private_and_what_it_could_be_computed_from():
    found = usual(prices={"bea": 0.25}, bound=2.5)
    html = report.page(found, redacted=True)
    text = Reader(html).text
    assert "rivate need" not in text.replace("private and sensitive needs", "")
    for word in ("Family", "Price of a seat", "Regrets", "Slacks", f"{found.certificate.value:.6f}", "rural"):
        assert word not in html
    assert "This copy is redacted" in text
    assert "2 mentors; 2 of 3 needs covered" in text


def test_a_redacted_page_is_the_same_with_and_without_a_private_need():
    def page(needs, private):
        mentees = [Mentee(id="cleo", name="Cleo", needs=needs, private=frozenset(private))]
        found = cohort(mentees, [Mentor(id="bea", name="Bea", offers={"talk": 2, "contracts": 3})], {"cleo": ["bea"]})
        return report.page(replace(found, certificate=replace(found.certificate, value=1.0, bound=1.0)), redacted=True)

    assert page({"talk": 2}, ()) == page({"talk": 2, "contracts": 3}, ("contracts",))


def test_a_redacted_page_names_the_team_and_not_who_covers_what():
    html = report.page(usual(), redacted=True)
    assert "in the team for other reasons" not in html
    assert 'class="tie' not in html
    assert part(html, "m1").count("not shown") == 2
    assert {helper.covers for mentee in gather(usual(), redacted=True).mentees for helper in mentee.team} == {None}
    assert "Bea Okafor" in html


def test_a_redacted_page_counts_no_refused_pairs_and_tells_no_cause_but_that_nobody_offers():
    causes = {"contracts": Gap("contracts", "no_offer"), "clinic": Gap("clinic", "refused", "stage")}
    found = cohort(cast().mentees, [], causes=causes, refusals={"avoid": 30, "stage": 40})
    html = report.page(found, redacted=True)
    assert "ruled out" not in html.partition('id="policy"')[0]
    assert "nobody in this cohort offers it" in html
    assert "right stage" not in html
    assert "right stage" in report.page(found)


def test_the_mean_coverage_of_a_redacted_page_does_not_rest_on_the_level_of_a_hidden_topic():
    def mean(level, *, redacted):
        needs = {"research": 1, "research.grants": level, "talk": 2}
        mentees = [Mentee(id="cleo", needs=needs, private=frozenset({"research.grants"}))]
        found = cohort(mentees, [Mentor(id="bea", offers={"talk": 3})], {"cleo": ["bea"]})
        return gather(found, redacted=redacted).coverage

    assert mean(1, redacted=True) == mean(3, redacted=True) == pytest.approx(2 / 3)
    assert mean(1, redacted=False) == mean(3, redacted=False)


def test_an_offer_for_a_sensitive_topic_counts_nowhere():
    words = VOCABULARY.model_copy(
        update={"domains": (Domain(id="talk", name="Talk", topics=(Term(id="grief", name="Grief", sensitive=True),)),)}
    )
    mentors = (Mentor(id="bea", offers={"talk.grief": 3}), Mentor(id="ben", offers={"talk": 1}))
    found = outcome(Roster("Made up", words, (Mentee(id="cleo", needs={"talk": 2}),), mentors), {})
    assert [row.offered for row in gather(found, redacted=False).supply] == [1]


def test_a_redacted_page_says_that_all_that_is_shown_is_covered():
    found = cohort([Mentee(id="cai", needs={"talk": 2})], [Mentor(id="bea", offers={"talk": 3})], {"cai": ["bea"]})
    assert "all they asked for and is shown here" in read(found, redacted=True).text


def test_a_redacted_page_hides_a_sensitive_need_too():
    mentees = [Mentee(id="cleo", name="Cleo", needs={"family": 2})]
    found = cohort(mentees, [])
    assert "Family and parenting" in report.page(found)
    assert "Family and parenting" not in report.page(found, redacted=True)
    assert "asked for nothing that is shown here" in read(found, redacted=True).text


def private_asks(here, elsewhere, openly=0):
    mentees = [
        Mentee(id=f"{kind}{i:02}", needs={key: 2}, private=frozenset({key} if private else ()))
        for kind, key, number, private in (
            ("a", "contracts", here, True),
            ("b", "clinic", elsewhere, True),
            ("c", "contracts", openly, False),
        )
        for i in range(number)
    ]
    return gather(cohort(mentees, []), redacted=False)


@pytest.mark.parametrize(("here", "elsewhere", "shown"), [(10, 10, 10), (9, 10, 0), (10, 9, 0), (12, 30, 12)])
def test_a_domain_asked_in_private_is_counted_only_where_that_points_to_nobody(here, elsewhere, shown):
    (row,) = private_asks(here, elsewhere, openly=3).supply
    assert (row.name, row.asked, row.private) == ("Contracts", 3, shown)


def test_private_asks_that_are_counted_stand_apart():
    mentees = [
        Mentee(id=f"{key}{i:02}", needs={key: 2}, private=frozenset({key} if i else ()))
        for key in ("contracts", "clinic")
        for i in range(11)
    ]
    text = read(cohort(mentees, [])).text
    assert "and 10 in private" in text
    assert "counted apart" in text


def sensitive(asked, covered, offers):
    mentees = [Mentee(id=f"e{i:02}", needs={"family": 1}) for i in range(asked)]
    mentors = [Mentor(id=f"o{j:02}", offers={"family": 3}) for j in range(offers)]
    return gather(cohort(mentees, mentors, {f"e{i:02}": ["o00"] for i in range(covered)}), redacted=False).supply


def test_a_sensitive_domain_is_counted_only_where_ten_are_concerned():
    assert sensitive(9, 3, 2) == ()
    (few,) = sensitive(12, 3, 2)
    assert (few.asked, few.offered, few.seats, few.covered) == (12, None, None, None)
    (enough,) = sensitive(25, 12, 11)
    assert (enough.asked, enough.offered, enough.seats, enough.covered) == (25, 11, 22, 12)


def test_small_counts_of_a_sensitive_domain_are_dashes():
    mentees = [Mentee(id=f"e{i:02}", needs={"family": 1}) for i in range(12)]
    html = part(report.page(cohort(mentees, [Mentor(id="bea", offers={"family": 1})])), "domains")
    assert html.count(">–</td>") == 5
    assert "A dash stands for a small number" in html


def test_a_domain_that_nobody_offers_has_a_broken_bar():
    html = part(report.page(usual()), "domains")
    assert html.count('class="bar none"') == 1
    assert "nobody offers it" in html


def test_domains_count_people_once_however_many_topics_they_asked_for():
    mentees = [Mentee(id="cleo", needs={"research": 1, "research.grants": 3})]
    facts = gather(cohort(mentees, [Mentor(id="bea", offers={"research": 2})], {"cleo": ["bea"]}), redacted=False)
    (row,) = facts.supply
    assert (row.asked, row.offered, row.seats, row.covered) == (1, 1, 2, 1)


def test_coverage_is_the_mean_of_those_who_asked_and_leaves_private_needs_of_few_out():
    mentees = [
        Mentee(id="cai", needs={"talk": 1, "contracts": 1}),
        Mentee(id="cleo", needs={"talk": 1, "clinic": 3}, private=frozenset({"clinic"})),
        Mentee(id="cyd", needs={"clinic": 1}, private=frozenset({"clinic"})),
        Mentee(id="cole"),
    ]
    bea = Mentor(id="bea", offers={"talk": 3}, capacity=4)
    found = cohort(mentees, [bea], {"cai": ["bea"], "cleo": ["bea"]})
    facts = gather(found, redacted=False)
    assert facts.coverage == pytest.approx((0.5 + 1.0) / 2)
    assert facts.coverage_is_partial
    assert "private needs are left out" in read(found).text
    openly = gather(cohort(mentees[:1], [bea], {"cai": ["bea"]}), redacted=False)
    assert (openly.coverage, openly.coverage_is_partial) == (0.5, False)
    assert gather(cohort(mentees[3:], []), redacted=False).coverage is None
    assert gather(cohort(mentees[2:3], []), redacted=True).coverage is None


def test_people_without_a_mentor_stand_first_and_then_the_least_covered():
    mentees = [
        Mentee(id="a", name="A", needs={"talk": 1}),
        Mentee(id="b", name="B", needs={"talk": 1, "contracts": 3}),
        Mentee(id="c", name="C", needs={"talk": 3}),
        Mentee(id="d", name="D", needs={"talk": 3, "contracts": 1}),
        Mentee(id="e", name="E"),
    ]
    bea = Mentor(id="bea", name="Bea", offers={"talk": 3}, capacity=5)
    facts = gather(cohort(mentees, [bea], {"a": ["bea"], "b": ["bea"], "d": ["bea"]}), redacted=False)
    assert [mentee.name for mentee in facts.least_covered] == ["C", "E", "B", "D"]


def test_the_list_says_how_many_have_no_mentor():
    found = outcome(cast(), {"cai": ["ben"]})
    assert "1 mentee has no mentor; they stand first. 1 mentee has a need that nobody" in read(found).text
    assert "they stand first" not in read(usual()).text


def test_needs_left_open_for_one_cause_stand_together():
    mentees = [
        Mentee(id="cleo", needs={"talk": 1, "clinic": 2, "contracts": 1}),
        Mentee(id="cai", needs={"talk": 1, "clinic": 2}, private=frozenset({"talk", "clinic"})),
    ]
    html = part(report.page(cohort(mentees, [], causes={"contracts": Gap("contracts", "team_spent")})), "least")
    assert "Clinic building and Patient communication</span>: nobody in this cohort offers it" in html
    assert "Contracts</span>: the team is complete; one more mentor would cover it" in html
    assert '<span class="gap">2 private needs</span></div>' in html


def test_everything_covered_is_said_in_one_sentence():
    mentees = [Mentee(id="cleo", needs={"talk": 1})]
    found = cohort(mentees, [Mentor(id="bea", offers={"talk": 3})], {"cleo": ["bea"]})
    assert "Every mentee has a team that covers all they asked for." in read(found).text


def test_a_mentee_who_takes_no_part_is_told_apart():
    mentees = [
        Mentee(id="a", needs={"talk": 1}, paused=True),
        Mentee(id="b", needs={"talk": 1}, consent=False),
        Mentee(id="c", needs={"talk": 1}, team_size=0),
    ]
    text = read(cohort(mentees, [])).text
    for words in ("is paused, so nobody was sought", "has not agreed to be matched", "asked for no mentor"):
        assert words in text
        assert words not in read(cohort(mentees, []), redacted=True).text
    assert "takes no part in this run" in read(cohort(mentees, []), redacted=True).text


def test_mentors_without_a_mentee_are_named():
    assert "Without a mentee: Bea Okafor ." in read(outcome(cast(), {"cai": ["ben"]})).text
    assert "and 3 more" in part(report.page(many(0, 15)), "mentors")


def test_mentors_who_offer_no_seat_have_a_band_of_their_own():
    closed = cohort([], [Mentor(id="bea", capacity=0), Mentor(id="ben", capacity=1)])
    assert "offer no seat" in read(closed).text
    assert "offer no seat" not in read(many(0, 1)).text


def test_a_mentor_with_many_seats_has_a_bar():
    found = cohort([], [Mentor(id="bea", capacity=13), Mentor(id="ben", capacity=2)])
    html = part(report.page(found), "mentors")
    assert html.count('class="seats"') == 1
    assert html.count('class="bar"') == 1


def test_the_price_of_a_seat_names_whose_seats_are_worth_most():
    text = read(usual(prices={"bea": 0.214})).text
    assert "Bea Okafor 21 % 1 of 2" in text
    assert "1 mentor has the price 0" in text
    assert "no mentor is so much in demand" in read(usual()).text
    assert "have the price 0" not in read(usual(prices={"bea": 0.2, "ben": 0.1})).text


def test_refusals_are_said_in_words_and_confidential_ones_together_and_never_when_few():
    text = read(usual(refusals={"conflict": 3, "avoid": 4, "stage": 17, "veto": 0})).text
    assert "too close or too far apart 17" in text
    assert "a list of people to avoid fewer than 10" in text
    assert "ruled the pair out" not in text
    assert "a list of people to avoid 12" in read(usual(refusals={"conflict": 8, "avoid": 4})).text
    assert "everybody could be tied to everybody" in read(usual()).text


def test_every_refusal_code_has_words():
    assert set(REFUSALS) == set(CODES)


@pytest.mark.parametrize("code", ["conflict", "evaluator", "avoid", "consent", "paused", "self", "quota"])
def test_a_confidential_cause_is_said_as_any_other(code):
    assert cause(Gap("talk", "refused", code)) == "everyone who offers it is ruled out for this mentee"


def test_other_causes_say_what_happened():
    assert cause(Gap("talk", "refused", "same_site")) == "everyone who offers it is at the same site"
    assert len({cause(Gap("talk", c)) for c in CAUSES}) == len(CAUSES) == 6


def test_the_policy_is_said_in_words():
    usual_words = dict(policy_lines(Policy(), VOCABULARY))
    strict = Policy(
        privacy="neutral",
        min_load=1,
        weights={"wish": 0, "pair": 0},
        same_site="allow",
        shared_language="prefer",
        guests="forbid",
        institution_limit=0,
        equity={"rural": 1.25, "no_home_program": 1.5},
        fit_floor=0.4,
        stage={"least": None, "most": None},
        lottery={"loss": 0.01, "each": 0.2},
    )
    other = dict(policy_lines(strict, VOCABULARY.model_copy(update={"template": ""})))
    assert usual_words.keys() == other.keys()
    differing = {topic for topic in other if other[topic] != usual_words[topic]}
    assert differing == set(other) - {"Teams", "Existing ties", "Topics", "What is sought", "Run"}
    assert other["Equity"].endswith("except: no home program counts 1.5 times and rural counts 1.25 times.")
    assert usual_words["Chance"] == "Nothing is left to chance."
    assert "at most 1.00\u202f% of the total, and nobody more than 0.2" in other["Chance"]
    assert "at least 0 and at most 9 steps" in dict(policy_lines(Policy(stage={"most": 9}), VOCABULARY))["Stage"]


@pytest.mark.parametrize("privacy", ["neutral", "experience", "background"])
def test_the_profile_of_privacy_is_on_top(privacy):
    assert f"Profile {privacy}:" in read(usual(policy=Policy(privacy=privacy))).text


NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "مريم الخطيب",
    "N" * 80,
    "A" * 39 + " " + "B" * 40,
]


def test_what_people_wrote_is_escaped_everywhere():
    mentees = [Mentee(id=f"e{k}", name=words, stage=words, needs={"talk": 1}) for k, words in enumerate(NASTY)]
    mentors = [Mentor(id=f"o{k}", name=words, offers={"talk": 2}) for k, words in enumerate(NASTY)]
    found = cohort(mentees, mentors, {f"e{k}": [f"o{k}"] for k in range(5)}, prices={f"o{k}": 0.1 for k in range(5)})
    html = report.page(replace(found, roster=replace(found.roster, program=NASTY[0])))
    page = Reader(html)
    assert not page.all("script")
    assert not page.all("img")
    assert "<bdi>مريم الخطيب</bdi>" in html
    assert not page.open


def test_people_of_one_name_are_told_apart_and_people_without_one_have_their_id():
    people = [Mentor(id="b1", name="Bea"), Mentor(id="b2", name=" Bea"), Mentor(id="b3")]
    facts = gather(cohort([], people), redacted=False)
    assert [mentor.name for mentor in facts.mentors] == ["Bea (b1)", "Bea (b2)", "b3"]


def luminance(color):
    digits = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])
    parts = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


STYLE = resources.files("introducer.report").joinpath("style.css").read_text("utf-8")
PALETTES = [dict(re.findall(r"--(\w+):(#\w+)", block)) for block in re.findall(r":root\{(.*?)\}", STYLE)]


@pytest.mark.parametrize("palette", PALETTES, ids=["light", "dark", "print"])
def test_colors_can_be_read_by_everyone(palette):
    for ground in ("paper", "card", "wash"):
        for ink in ("ink", "soft", "accent", "gap"):
            assert contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)
    for ground in ("paper", "card"):
        for mark in ("star", "mark"):
            assert contrast(palette[mark], palette[ground]) >= 3, (mark, ground)


def test_there_are_three_palettes():
    assert len(PALETTES) == 3


def test_the_style_sheet_knows_no_side_but_start_and_end():
    page = STYLE.partition("/* picture */")[0]
    assert not re.search(
        r"(margin|padding|border)-(left|right|top|bottom)|text-align:(left|right)|[{;](left|right):", page
    )
