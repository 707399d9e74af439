"""A real export is mapped by a ``program.toml`` alone."""

import shutil
from pathlib import Path

import pytest
from folders import write_folder

from introducer.io import read

EXPORT = Path(__file__).parents[3] / "shared" / "data" / "mentor-match" / "large"
GRADES = ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4")

COLUMNS = """
id = "email address"
email = "email address"
name = ["first name", "last name"]
stage = "grade"
institution = "organisation"
procedures = "profession"
"""

PROGRAM = (
    """
format = 1
[program]
name = "Civil service"
[policy]
privacy = "background"
[values.level]
yes = 3
[constants.mentees]
"consent:identity" = "yes"
[constants.mentors]
"consent:identity" = "yes"
[[attributes]]
id = "identity"
name = "Identity"
"""
    + "".join(
        f'[[stages]]\nid = "{grade.lower().replace(" ", "_")}"\nname = "{grade}"\nrank = {rank}\n'
        for rank, grade in enumerate(GRADES)
    )
    + f'[columns.mentees]{COLUMNS}"wish:same:identity" = "match with similar identity"\n'
    + '"attr:identity" = "identity to match"\n'
    + f'[columns.mentors]{COLUMNS}"attr:identity" = "characteristics"\n'
)


@pytest.mark.shared
@pytest.mark.skipif(not EXPORT.is_dir(), reason="the civil-service export is not beside this checkout")
def test_the_civil_service_export_is_read_with_a_program_alone(tmp_path):
    write_folder(tmp_path, program=PROGRAM)
    for name in ("mentees.csv", "mentors.csv"):
        shutil.copy(EXPORT / name, tmp_path)
    found = read(tmp_path)
    mentees, mentors = found.roster.mentees, found.roster.mentors
    assert (len(mentees), len(mentors), found.set_aside) == (500, 500, ())
    assert sum(bool(person.wishes) for person in mentees) == 262
    assert all(person.stage for person in (*mentees, *mentors))
    assert (mentees[2].name, mentees[2].stage, dict(mentees[2].wishes)) == ("mentee 002", "scs1", {"same:identity": 3})
    assert mentors[1].attributes == {"identity": {"transgender", "gay", "non-binary"}}
    ignored = "these columns are no fields and were not read: 'both mentor and mentee', 'job title', 'biography'."
    assert found.notices == (f"mentees.csv: {ignored}", f"mentors.csv: {ignored}")
