"""The long tables among the figures: rates by domain, path and procedure line.

Codes are those of the template ``ir/1``; a test holds the two equal.
"""

from __future__ import annotations

from types import MappingProxyType

__all__ = ["MENTEE_NEEDS", "MENTOR_OFFERS", "PATHS", "PROCEDURE_SHARES"]

#: Share who ask for help: students, junior residents (to PGY-3), senior residents, early and later attendings.
MENTEE_NEEDS = MappingProxyType(
    {
        "procedural": (0.15, 0.45, 0.50, 0.25, 0.10),
        "clinic_building": (0.03, 0.10, 0.25, 0.40, 0.25),
        "patient_comm": (0.10, 0.20, 0.20, 0.10, 0.05),
        "referring_relations": (0.02, 0.08, 0.20, 0.35, 0.20),
        "leadership": (0.05, 0.10, 0.20, 0.30, 0.45),
        "hospital_politics": (0.01, 0.05, 0.15, 0.35, 0.40),
        "business_billing": (0.02, 0.05, 0.20, 0.40, 0.30),
        "contracts": (0.02, 0.06, 0.50, 0.35, 0.15),
        "finance": (0.10, 0.20, 0.30, 0.25, 0.15),
        "family_parenting": (0.08, 0.18, 0.22, 0.25, 0.10),
        "wellbeing": (0.15, 0.25, 0.22, 0.22, 0.20),
        "career_transition": (0.02, 0.04, 0.12, 0.25, 0.35),
        "job_search": (0.03, 0.08, 0.60, 0.25, 0.10),
        "research": (0.31, 0.31, 0.31, 0.31, 0.31),
        "identity": (0.25, 0.22, 0.15, 0.08, 0.05),
        "inclusion": (0.15, 0.15, 0.12, 0.10, 0.08),
        "exams_boards": (0.35, 0.50, 0.45, 0.12, 0.01),
        "applications": (0.80, 0.20, 0.08, 0.01, 0.005),
        "teaching": (0.05, 0.10, 0.15, 0.20, 0.25),
        "innovation": (0.10, 0.10, 0.12, 0.12, 0.15),
        "global_rural": (0.08, 0.07, 0.07, 0.06, 0.05),
        "military_va": (0.04, 0.04, 0.03, 0.02, 0.02),
        "advocacy": (0.08, 0.07, 0.08, 0.10, 0.15),
        "law_ethics": (0.03, 0.06, 0.10, 0.15, 0.12),
    }
)

#: Share who offer help: academic, private, OBL or IR-only group, hybrid, near-peer, adviser, industry, administrator.
MENTOR_OFFERS = MappingProxyType(
    {
        "procedural": (0.70, 0.60, 0.60, 0.65, 0.25, 0.0, 0.05, 0.0),
        "clinic_building": (0.30, 0.25, 0.70, 0.40, 0.0, 0.0, 0.05, 0.15),
        "patient_comm": (0.35, 0.25, 0.30, 0.30, 0.20, 0.0, 0.0, 0.05),
        "referring_relations": (0.30, 0.40, 0.45, 0.40, 0.02, 0.0, 0.0, 0.10),
        "leadership": (0.35, 0.20, 0.25, 0.30, 0.05, 0.20, 0.30, 0.80),
        "hospital_politics": (0.30, 0.20, 0.15, 0.30, 0.0, 0.0, 0.05, 0.70),
        "business_billing": (0.10, 0.35, 0.75, 0.30, 0.0, 0.40, 0.20, 0.50),
        "contracts": (0.10, 0.45, 0.50, 0.25, 0.02, 0.50, 0.0, 0.25),
        "finance": (0.10, 0.25, 0.30, 0.15, 0.05, 0.95, 0.05, 0.20),
        "family_parenting": (0.20, 0.18, 0.18, 0.18, 0.12, 0.0, 0.0, 0.0),
        "wellbeing": (0.22, 0.18, 0.18, 0.20, 0.20, 0.0, 0.0, 0.05),
        "career_transition": (0.15, 0.25, 0.35, 0.35, 0.0, 0.05, 0.20, 0.10),
        "job_search": (0.30, 0.40, 0.35, 0.35, 0.15, 0.05, 0.05, 0.15),
        "research": (0.65, 0.06, 0.10, 0.30, 0.25, 0.0, 0.25, 0.0),
        "identity": (0.30, 0.20, 0.25, 0.25, 0.25, 0.0, 0.0, 0.0),
        "inclusion": (0.18, 0.10, 0.10, 0.12, 0.15, 0.0, 0.0, 0.05),
        "exams_boards": (0.35, 0.12, 0.10, 0.20, 0.75, 0.0, 0.0, 0.0),
        "applications": (0.55, 0.10, 0.10, 0.25, 0.80, 0.0, 0.0, 0.0),
        "teaching": (0.55, 0.08, 0.08, 0.25, 0.20, 0.0, 0.0, 0.05),
        "innovation": (0.25, 0.10, 0.25, 0.18, 0.05, 0.0, 0.95, 0.0),
        "global_rural": (0.10, 0.12, 0.08, 0.10, 0.02, 0.0, 0.0, 0.0),
        "military_va": (0.06, 0.05, 0.03, 0.05, 0.03, 0.0, 0.0, 0.0),
        "advocacy": (0.22, 0.12, 0.18, 0.18, 0.05, 0.0, 0.10, 0.10),
        "law_ethics": (0.12, 0.12, 0.12, 0.12, 0.0, 0.20, 0.0, 0.30),
    }
)

#: Share who walked a path: mentees, mentors. Pregnancy is a share of women. ``rural_practice``, ``only_ir`` and
#: ``no_home_program`` follow from where people are, so that they have no rate of their own.
PATHS = MappingProxyType(
    {
        "first_gen_college": (0.12, 0.10),
        "first_gen_medicine": (0.45, 0.45),
        "img": (0.08, 0.10),
        "do_path": (34 / 226, 0.04),
        "visa": (0.05, 0.05),
        "earlier_career": (0.10, 0.08),
        "switched_into_ir": (0.05, 0.06),
        "unmatched": (0.06, 0.04),
        "exam_retake": (0.06, 0.05),
        "couples_match": (0.06, 0.06),
        "dual_career": (0.18, 0.30),
        "parent_in_training": (0.14, 0.25),
        "pregnancy_in_training": (0.15, 0.55),
        "fertility": (0.03, 0.06),
        "caregiver": (0.04, 0.08),
        "returned_after_leave": (0.03, 0.06),
        "disability": (0.03, 0.03),
        "lgbtq": (0.06, 0.04),
        "only_one": (0.10, 0.10),
        "faith_in_practice": (0.08, 0.08),
        "new_country": (0.10, 0.12),
        "second_victim": (0.05, 0.20),
        "burnout_recovery": (0.08, 0.15),
        "sued": (0.01, 0.15),
        "military_service": (0.04, 0.06),
        "academic_to_private": (0.01, 0.23),
        "private_to_academic": (0.005, 0.08),
        "obl_builder": (0.005, 0.08),
    }
)

#: How often a procedure line occurs: private, academic.
PROCEDURE_SHARES = MappingProxyType(
    {
        "pad": (7.0, 3.0),
        "aortic": (2.0, 3.0),
        "oncology": (10.0, 22.0),
        "portal": (2.0, 5.0),
        "pe_dvt": (5.0, 5.0),
        "ivc_filters": (4.0, 3.0),
        "superficial_pelvic_venous": (6.0, 2.0),
        "neuro": (3.0, 2.0),
        "ufe": (5.0, 3.0),
        "pae": (4.0, 3.0),
        "msk_embolization": (3.0, 1.5),
        "msk_pain": (6.0, 3.0),
        "biliary": (4.0, 6.0),
        "gu": (4.0, 4.0),
        "gi_access": (4.0, 3.0),
        "dialysis": (10.0, 6.0),
        "central_access": (8.0, 6.0),
        "drainage_biopsy": (8.0, 7.0),
        "trauma": (3.0, 5.0),
        "lymphatic": (0.3, 1.5),
        "vascular_anomalies": (0.5, 2.0),
        "pediatric": (0.5, 2.5),
        "womens_health": (2.0, 1.5),
        "mens_health": (2.0, 1.5),
        "transplant": (0.3, 3.0),
        "thyroid": (0.7, 0.7),
        "bariatric": (0.1, 0.4),
        "image_guided": (8.0, 6.0),
    }
)
