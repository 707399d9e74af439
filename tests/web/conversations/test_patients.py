"""What would say who a patient is is seen, and what people talk of all day is not."""

import time

import pytest

from introducer_web.conversations import patients


def kinds(text):
    return [(seen.kind, seen.text) for seen in patients.look(text)]


SEEN = [
    ("MRN 00123456 was the hard one.", "record", "00123456"),
    ("mrn: 12-34-567", "record", "12-34-567"),
    ("Medical record number 8812345 again", "record", "8812345"),
    ("Chart #A12345", "record", "A12345"),
    ("NHC 445566 del turno de noche", "record", "445566"),
    ("la historia clínica n.º 778899", "record", "778899"),
    ("DOB 03/14/1951", "birth", "03/14/1951"),
    ("date of birth: March 14, 1951", "birth", "March 14, 1951"),
    ("born on 14 Mar 1951", "birth", "14 Mar 1951"),
    ("nacida el 3 de marzo de 1950", "birth", "3 de marzo de 1950"),
    ("fecha de nacimiento: 03/03/1950", "birth", "03/03/1950"),
    ("The patient was admitted on 3/14/2026.", "date", "3/14/2026"),
    ("She underwent embolization on March 3rd", "date", "March 3rd"),
    ("He died in February 2026.", "date", "February 2026"),
    ("On 2026-03-14 she was discharged", "date", "2026-03-14"),
    ("El paciente ingresó el 3 de marzo", "date", "3 de marzo"),
    ("Fue dada de alta el 12/4/26", "date", "12/4/26"),
    ("Mrs. Alvarez bled on 3/14/2026.", "date", "3/14/2026"),
    ("MRN 00123456, March 14", "date", "March 14"),
    ("a 92-year-old with a leak", "age", "92-year-old"),
    ("94 y/o male", "age", "94 y/o"),
    ("aged 101, frail", "age", "101"),
    ("una mujer de 93 años", "age", "93 años"),
    ("My patient John Smith bled.", "name", "John Smith"),
    ("pt Mrs. Alvarez", "name", "Mrs. Alvarez"),
    ("Mr. Jones taught me humility", "name", "Mr. Jones"),
    ("la paciente María López", "name", "María López"),
    ("La Sra. Gómez volvió", "name", "Sra. Gómez"),
    ("patient J.S. came back", "name", "J.S."),
    ("JS, 64M, with a leak", "name", "JS"),
    ("call (312) 555-0142", "phone", "(312) 555-0142"),
    ("312-555-0142", "phone", "312-555-0142"),
    ("ring +1 312 555 0142", "phone", "+1 312 555 0142"),
    ("+34 612 34 56 78", "phone", "+34 612 34 56 78"),
    ("su móvil: 612 345 678", "phone", "612 345 678"),
    ("pager 555-0142", "phone", "555-0142"),
    ("fax: 3125550142", "phone", "3125550142"),
    ("her son is at son@example.org", "email", "son@example.org"),
    ("123-45-6789", "ssn", "123-45-6789"),
    ("social security number 123456789", "ssn", "123456789"),
    ("DNI 12345678Z", "ssn", "12345678Z"),
    ("NIE X1234567L", "ssn", "X1234567L"),
    ("GOMC600101HDFRRL09", "ssn", "GOMC600101HDFRRL09"),
    ("Accession 7788123", "accession", "7788123"),
    ("ACC# E12345678", "accession", "E12345678"),
    ("número de estudio 99812", "accession", "99812"),
    ("member ID XYZ123456", "plan", "XYZ123456"),
    ("1EG4-TE5-MK73", "plan", "1EG4-TE5-MK73"),
    ("Medicare number 1EG4TE5MK72", "plan", "1EG4TE5MK72"),
    ("acct 55443322", "account", "55443322"),
    ("the stent, S/N 4455-AB1", "account", "4455-AB1"),
    ("logged in from 10.11.12.13", "ip", "10.11.12.13"),
    ("The patient, 00483920, came in at night", "number", "00483920"),
    ("the patient lives in Cedar Falls", "place", "Cedar Falls"),
    ("patient of 12 Oak Street", "place", "12 Oak Street"),
    ("el paciente de la calle Mayor 12", "place", "calle Mayor 12"),
]  # fmt: skip

NOT_SEEN = [
    "Patient communication is what I want to learn.",
    "We talked about Patient Safety and the Patient Portal for an hour.",
    "Let us meet on March 14 at 7, or on 3/21.",
    "The contract runs from 2026-07-01 to 2027-06-30.",
    "I was born in Ohio and trained in 2019.",
    "She is 64 years old and became chair at 45.",
    "An 89-year-old society, 1,000 members, 95 percent of them here.",
    "Dr. Abara and Prof. Okafor will be at the meeting.",
    "See https://doi.org/10.1016/j.jvir.2019.01234 and page 1234.",
    "My salary offer is 450,000 dollars with 25 days off.",
    "Ask about call: 1 in 5, RVU target 9500.",
    "I learned to be patient. In May we go on.",
    "The patients of this year taught us more than the books.",
    "I may present the TACE series on June 3.",
    "Version 2.10.3 of the protocol, room 4.221.",
    "Hablamos de la comunicación con pacientes y del congreso del 14 de mayo.",
    "La sociedad cumple treinta años; nos vemos el 3 de marzo.",
    "Tengo 34 años y empiezo en julio de 2027.",
    "I am patient and Ben is too.",
    "Dear Mr. Castellanos, thank you for the evening of May 3.",
    "Estimada Sra. Okafor: nos vemos el 3 de mayo.",
    "A five-year plan for IR: 6 year program, PI 3 year grant, +0.0045% a year.",
    "Policy 2027, group 12, Insurance 101, member 7.",
    "Goal 1: submit by 12/31. Goal 2: two first conversations.",
    "",
]


@pytest.mark.parametrize(("text", "kind", "found"), SEEN)
def test_what_would_say_who_a_patient_is_is_seen(text, kind, found):
    assert (kind, found) in kinds(text)


@pytest.mark.parametrize("text", NOT_SEEN)
def test_what_people_talk_of_all_day_is_not(text):
    assert kinds(text) == []


def test_it_says_where_it_stands():
    [seen] = patients.look("A long night.\nThen MRN 00123456 bled again.\nWe slept.")
    assert (seen.line, seen.before, seen.text, seen.after) == (
        2, "A long night. Then MRN ", "00123456", " bled again. We slept.")  # fmt: skip
    assert str(seen.what) == "a number of a medical record"


def test_a_date_of_another_sentence_is_no_date_of_the_patient():
    assert kinds("The patient bled. We meet again on March 14.") == []
    assert kinds("The patient bled\nNext meeting: March 14") == []


def test_a_mark_stands_for_what_was_found_and_for_nothing_more():
    one, two = patients.look("MRN 00123456"), patients.look("MRN 00123456, Mrs. Alvarez")
    assert patients.mark_of(one) == patients.mark_of(patients.look("It was MRN 00123456, wasn't it?"))
    assert patients.mark_of(one) != patients.mark_of(two)


def test_a_long_text_takes_no_time():
    began = time.perf_counter()
    for text in ("patient " * 1000, "Aa " * 2700, "1-" * 4000, "a@" * 4000, "12 de " * 1300, "+1 (1) " * 1100,
                 "calle " + "a " * 4000, "Mr. A" * 1600, "patient 123456 " * 530,
                 "Mr. Ab 3/14/26 " * 530):  # fmt: skip
        patients.look(text[:8000])
    assert time.perf_counter() - began < 9.0
