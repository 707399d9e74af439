"""Every number that a synthetic cohort is drawn from, with its source.

A figure without a source says ``uncalibrated``: it was chosen so that cohorts look plausible, and
nothing may be concluded from it. ``Derived`` means computed by us from the source that follows.
``FIGURES`` is written beside every cohort (``calibration.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from introducer.cohorts.rates import MENTEE_NEEDS, MENTOR_OFFERS, PATHS, PROCEDURE_SHARES

__all__ = ["FIGURES", "UNCALIBRATED", "Figure"]

T = TypeVar("T")

#: What stands in the place of a source where there is none.
UNCALIBRATED = "uncalibrated"

_JVIR = "Gender and IR trainees, J Vasc Interv Radiol 2022, doi 10.1016/j.jvir.2022.01.010"
_JACR = "Jambhekar, J Am Coll Radiol 2025, doi 10.1016/j.jacr.2025.05.009"
_WILKINS = "Wilkins, Acad Radiol 2021, doi 10.1016/j.acra.2021.02.023"
_OBSTACLES = "Mentorship in IR, Acad Radiol 2021, doi 10.1016/j.acra.2021.10.028"
_SETTINGS = "derived: SIR 2019, a burnout survey and Wilkins 2021"


@dataclass(frozen=True, slots=True)
class Figure(Generic[T]):
    """One number, or one table of numbers.

    Attributes
    ----------
    name : str
        The constant's own name in lower case.
    value
        A number, or a mapping from codes to numbers.
    unit : str
    source : str
        Where it stands, or ``uncalibrated``, perhaps with a remark after it.
    """

    name: str
    value: T
    unit: str
    source: str = UNCALIBRATED

    @property
    def is_calibrated(self) -> bool:
        """Whether all of the figure has a source."""
        return UNCALIBRATED not in self.source


# Places

REGIONS = Figure(
    "regions",
    {"Northeast": 0.296, "South": 0.280, "Central": 0.228, "West": 0.195},
    "share of people",
    "all residents, Health Affairs 2023, PMC9954659; of IR alone not seen",
)
PROGRAM_TYPES = Figure(
    "program_types",
    {"integrated": 0.20, "independent": 0.25, "both": 0.49, "esir": 0.04},
    "share of institutions with a residency",
    "survey of program directors (APDIR), as planned",
)
PROGRAMS = Figure(
    "programs", 95, "institutions with a residency, at most", "derived: 78 in 2018, about 90 to 100 since"
)
PEOPLE_PER_INSTITUTION = Figure("people_per_institution", 8.0, "people of a cohort in one institution, mean")
INSTITUTION_SPREAD = Figure("institution_spread", 2.0, "shape of a gamma distribution of sizes")
PEOPLE_PER_PRACTICE = Figure("people_per_practice", 2.5, "mentors of a cohort in one practice, mean")
NEED_LIKENESS = Figure(
    "need_likeness",
    0.05,
    "correlation within an institution of who needs what",
    "uncalibrated: the value with which sample sizes are usually planned",
)
OFFER_LIKENESS = Figure("offer_likeness", 0.05, "correlation within an institution of who offers what")

# Who they are

MENTEE_KINDS = Figure(
    "mentee_kinds",
    {"student": 0.3375, "resident": 0.5625, "early": 0.08, "established": 0.02},
    "share of mentees",
    f"students to residents as 267 to 445 invited, {_OBSTACLES}; the attendings' tenth is uncalibrated",
)
STUDENT_YEARS = Figure(
    "student_years",
    {"premed": 0.03, "ms1": 0.15, "ms2": 0.20, "ms3": 0.22, "research_year": 0.12, "ms4": 0.28},
    "share of students",
)
TRACKS = Figure(
    "tracks",
    {"integrated": 900.0, "independent": 220.0, "esir": 135.0},
    "residents in the country",
    "derived: match results 2022 to 2025; ESIR positions of the APDIR survey",
)
CLASS_GROWTH = Figure(
    "class_growth", 0.06, "growth of integrated classes a year", "derived: NRMP 2022 to 2025, 4 to 8 %"
)
INTERNS = Figure("interns", 50.0, "interns beside 900 integrated residents", "derived: NRMP 2022 to 2025")
ESIR_BEFORE_INDEPENDENT = Figure("esir_before_independent", 0.48, "independent residents in their one year after ESIR",
                                 "uncalibrated: between 135 ESIR and 157 independent positions (APDIR survey) "
                                 "and about 220 residents")  # fmt: skip
MENTOR_STAGES = Figure(
    "mentor_stages",
    {"attending_early": 0.35, "attending_mid": 0.42, "attending_late": 0.20, "retired": 0.03},
    "share of attending mentors",
)
NEAR_PEERS = Figure("near_peers", 0.10, "share of mentors who are senior residents")
BOTH = Figure("both", 0.5, "share of near-peer mentors who are mentees too")
GUESTS = Figure("guests", 0.03, "share of mentors who are no members")
GUEST_KINDS = Figure("guest_kinds", {"adviser": 0.4, "industry": 0.3, "administrator": 0.3}, "share of guests")
SETTINGS = Figure("settings", {"academic": 0.40, "private": 0.43, "hybrid": 0.17}, "share of attendings", _SETTINGS)
PRIVATE_SETTINGS = Figure(
    "private_settings",
    {"private_ir_dr": 0.30, "private_ir": 0.06, "obl": 0.05, "multispecialty": 0.005, "hospital_employed": 0.005,
     "locums": 0.005, "va": 0.0025, "military": 0.0025},
    "share of attendings",
)  # fmt: skip
RURAL_ATTENDINGS = Figure("rural_attendings", 0.05, "share of attendings, all of them in private practice",
                          "derived: Ahmad, JVIR 2023, doi 10.1016/j.jvir.2023.10.021")  # fmt: skip
SOLO_ATTENDINGS = Figure("solo_attendings", 141 / 2989, "share of attendings, all of them rural here",
                         "derived: 141 counties with one of 2,989 IRs, Ahmad, JVIR 2023")  # fmt: skip
RURAL_MENTEES = Figure("rural_mentees", 0.05, "share of mentees", "uncalibrated: as for attendings")
NO_HOME_PROGRAM = Figure("no_home_program", 0.45, "share of students")
ASPIRATIONS = Figure(
    "aspirations",
    {"academic": 0.43, "private_ir_dr": 0.33, "hybrid": 0.17, "obl": 0.12, "private_ir": 0.08, "rural": 0.04},
    "share of mentees who look for it, where they answer",
    f"uncalibrated: near to where early attendings work ({_WILKINS})",
)

# What they tell of themselves

WOMEN_STUDENTS = Figure("women_students", 0.30, "share", _JVIR)
WOMEN_RESIDENTS = Figure("women_residents", 0.223, "share of integrated residents, 2022-23", _JACR)
WOMEN_EARLY = Figure("women_early", 0.13, "share of early attendings", f"derived: 87 % men, {_WILKINS}")
WOMEN_ATTENDINGS = Figure(
    "women_attendings", 0.095, "share of all attendings", "between AAMC 2019, SIR and Ghatan 2016"
)
OTHER_GENDER = Figure("other_gender", 1 / 339, "share", "one of 339 described it otherwise, Bundy")
ETHNICITY_RESIDENTS = Figure(
    "ethnicity_residents",
    {"white": 0.58, "asian": 0.26, "hispanic": 0.066, "black": 0.038, "american indian or alaska native": 0.007,
     "native hawaiian or pacific islander": 0.001, "other": 0.048},
    "share, first answer",
    f"Black, Hispanic, Native: {_JACR}; White, Asian and other are uncalibrated",
)  # fmt: skip
ETHNICITY_ATTENDINGS = Figure(
    "ethnicity_attendings",
    {"white": 0.70, "asian": 0.20, "hispanic": 0.018, "black": 0.018, "american indian or alaska native": 0.012,
     "native hawaiian or pacific islander": 0.006, "other": 0.046},
    "share, first answer",
    "Black, Hispanic and Native together: faculty 2012, Higgins, JVIR; the rest is uncalibrated",
)  # fmt: skip
SECOND_ETHNICITY = Figure("second_ethnicity", 0.04, "share with a second answer")
RELIGIONS = Figure(
    "religions",
    {"christian": 0.45, "none": 0.25, "jewish": 0.08, "muslim": 0.07, "hindu": 0.08, "buddhist": 0.03, "sikh": 0.02,
     "bahai": 0.02},
    "share",
)  # fmt: skip
MARITAL = Figure("marital", {"married": 0.737, "single": 0.16, "partnered": 0.083, "divorced": 0.02}, "share",
                 "married: a radiology family survey of 76 people; the rest is uncalibrated")  # fmt: skip
FAMILIES = Figure("families", {"no children": 0.5, "young children": 0.32, "older children": 0.12,
                               "caring for parents": 0.06}, "share")  # fmt: skip
CULTURES = Figure(
    "cultures",
    {"midwestern": 0.2, "southern": 0.2, "south asian": 0.13, "east asian": 0.12, "latin american": 0.1,
     "west african": 0.05, "caribbean": 0.04, "persian": 0.04, "arab": 0.04, "eastern european": 0.08},
    "share",
)  # fmt: skip
LANGUAGES = Figure(
    "languages",
    {"spanish": 0.10, "mandarin": 0.05, "hindi": 0.05, "arabic": 0.03, "korean": 0.02, "french": 0.02, "farsi": 0.01},
    "share who speak it beside English",
)
DISCLOSE_OPEN = Figure("disclose_open", 0.55, "share who tell gender, or ethnicity",
                       "uncalibrated: the middle of an assumed 40 to 70 %")  # fmt: skip
DISCLOSE_CLOSE = Figure("disclose_close", 0.175, "share who tell each other private attribute",
                        "uncalibrated: the middle of an assumed 10 to 25 %")  # fmt: skip
CONSENT_TO_USE = Figure("consent_to_use", 0.8, "share of those who tell that let it be used for matching")
POLES_ANSWERED = Figure("poles_answered", 0.7, "share who divide the 100 points")
POLES = Figure("poles", {"radiologist": 2.0, "surgeon": 1.5, "clinician": 2.5}, "weights of a Dirichlet distribution")

# What they ask for and offer

NEEDS = Figure("needs", MENTEE_NEEDS, "share of students, junior and senior residents, early and later attendings",
               f"research: 31 % found no research mentor (IRQ, The need for IR mentorship), read as wanting one; "
               f"the rest is {UNCALIBRATED}")  # fmt: skip
OFFERS = Figure("offers", MENTOR_OFFERS,
                "share of academic, private, OBL, hybrid, near-peer, adviser, industry, administrator")  # fmt: skip
TOPIC_SHARE = Figure("topic_share", 0.3, "share of needs and offers that name a topic, where the form has topics")
NEED_LEVELS = Figure("need_levels", (0.25, 0.40, 0.35), "share of levels 1, 2 and 3 of needs and wishes")
OFFER_LEVELS = Figure("offer_levels", (0.20, 0.40, 0.40), "share of levels 1, 2 and 3")
PRIVATE_SENSITIVE = Figure("private_sensitive", 0.6, "share of needs in sensitive domains that are private")
PRIVATE_OTHER = Figure("private_other", 0.03, "share of other needs that are private")
PATHS_WALKED = Figure(
    "paths_walked",
    PATHS,
    "share of mentees, of mentors",
    "DO: 34 of 226 applicants; pregnancy: 55 % of women attendings; changed practice: 23 % of early attendings; "
    "the rest is uncalibrated",
)
SPEAK_OF_PATH = Figure("speak_of_path", 0.5, "share of a mentor's own paths that they offer to speak to")
WISH_OWN_PATH = Figure("wish_own_path", 0.35, "share of a mentee's own paths that they wish for")
WISH_OTHER_PATH = Figure("wish_other_path", 0.02, "share of each other path that they wish for")
WISH_SAME_WOMEN = Figure("wish_same_women", 2.5 / 4, "share of women who tell it and wish for the same gender",
                         "derived: importance 2.5 of 4, Cheng, Clin Imaging")  # fmt: skip
WISH_SAME_MEN = Figure("wish_same_men", 0.4 / 4, "share of men who tell it and wish for the same gender",
                       "derived: importance .4 of 4, Cheng, Clin Imaging")  # fmt: skip
WISH_SAME = Figure("wish_same", 0.25, "share of those who tell any other attribute and wish for the same")
PROCEDURES = Figure("procedures", PROCEDURE_SHARES, "weight of a line: private, academic",
                    "PAD, MSK, dialysis, oncology: Oladini, 176 practices; the rest is uncalibrated")  # fmt: skip
LINES = Figure("lines", (2.0, 5.0), "lines a mentee looks for, a mentor brings, mean")
ROLES = Figure(
    "roles",
    {"mentor": 0.6, "coach": 0.4, "sponsor": 0.3, "connector": 0.3, "near_peer": 0.2, "role_model": 0.2,
     "adviser": 0.15, "accountability": 0.1, "peer": 0.1},
    "share who look for it, or take it on",
)  # fmt: skip

# Seats, and what is special about some

TEAM_SIZES = Figure("team_sizes", {1: 0.12, 2: 0.25, 3: 0.50, 4: 0.08, 5: 0.05}, "share of mentees")
CAPACITIES = Figure("capacities", {1: 0.30, 2: 0.40, 3: 0.25, 4: 0.05},
                    "share of mentors, tilted to the seats asked for, wider where these are out of reach")  # fmt: skip
PAUSED = Figure("paused", 0.02, "share of people")
NO_CONSENT = Figure("no_consent", 0.015, "share of people")
KEEP_LOCAL = Figure("keep_local", 0.04, "share of mentees who want one mentor of their region")
KEEP_OUTSIDE = Figure("keep_outside", 0.03, "share of mentees who want one mentor from elsewhere")
EVALUATED = Figure("evaluated", 0.4, "share of residents who name an evaluator at their own site")
AVOID = Figure("avoid", 0.02, "share of people who name someone to avoid")
LOWER_LOADS = Figure("lower_loads", 0.04, "share of mentors who want at least one mentee, at most")
QUOTAS = Figure("quotas", 0.25, "share of mentors with a rare path who limit how often it is asked of them")
RARE = Figure("rare", 0.06, "share of mentors under which a path is rare")
EXISTING = Figure("existing", 0.05, "share of mentees with a tie that exists")
PINS = Figure("pins", 0.025, "share of mentees with a pin")
VETOES = Figure("vetoes", 0.01, "share of mentees with a veto")
CONFLICTS = Figure("conflicts", 0.025, "share of mentees with a conflict")
PREFERRING_MENTEES = Figure("preferring_mentees", 0.12, "share of mentees who rank mentors")
PREFERRING_MENTORS = Figure("preferring_mentors", 0.05, "share of mentors who rank mentees")

#: All of them, in the order above.
FIGURES: tuple[Figure[Any], ...] = tuple(value for value in globals().values() if isinstance(value, Figure))
