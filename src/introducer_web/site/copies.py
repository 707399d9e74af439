"""What the files are called that a person's copy consists of, and what each of them holds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

__all__ = ["FILES"]

#: By model: name of the file, what it holds. Every model of which something is handed out stands here.
FILES = {
    "tenants.User": ("account.json", _("Your account: address, name, language.")),
    "people.Participant": ("your-places.json", _("Each program that you joined, and what you said of yourself there.")),
    "people.Need": ("what-you-asked-for.json", _("What you asked for openly, and how much.")),
    "people.Offer": ("what-you-offered.json", _("What you offered, and how well.")),
    "people.Claim": ("what-you-can-speak-to.json", _("Experiences that you can speak to.")),
    "people.Answer": ("answers-to-questions.json", _("Your answers to the programs' own questions.")),
    "people.PrivateAnswers": (
        "said-in-confidence.json",
        _("What you said in confidence, opened: private needs, wishes, attributes, whom to avoid."),
    ),
    "people.Consent": (
        "consents.json",
        _("Each use of something private that you agreed to, and when you took it back."),
    ),
    "relationships.Relationship": ("relationships.json", _("Who you were introduced to, and what became of it.")),
    "relationships.Introduction": ("introductions.json", _("The introductions, and what was answered.")),
    "relationships.SwapRequest": ("asked-for-somebody-else.json", _("When you asked for another mentor.")),
    "relationships.SaidRoles": (
        "what-you-are-for-each-other.json",
        _("Roles and domains that you said a relationship has."),
    ),
    "relationships.OrganicTie": (
        "who-helped-you-already.json",
        _("People whom you added yourself, opened: who they are, what for, when you talked."),
    ),
    "relationships.Renewal": ("asked-to-go-on.json", _("When the two of you were asked whether you go on.")),
    "relationships.Farewell": ("ended.json", _("What you ended, and what you said to yourself then.")),
    "relationships.Thanks": ("thanks.json", _("Thank-yous that you wrote.")),
    "relationships.Onward": ("told-to-mentors.json", _("What you let your mentors know of how it goes on.")),
    "people.Block": ("kept-away.json", _("Whom you keep away, with your notes.")),
    "care.Recognition": ("letters-of-recognition.json", _("Letters of recognition that you made.")),
    "safety.Report": ("written-to-confidants.json", _("What you wrote to confidants.")),
    "safety.Delivery": ("answers-of-confidants.json", _("What became of it, and what they answered.")),
    "finding.Listing": ("in-the-directory.json", _("Whether you stand in the directory, and by which words.")),
    "finding.CareerMove": ("moves-that-you-made.json", _("The moves that you named for others to find.")),
    "finding.FirstTalk": ("first-conversations.json", _("With whom a first conversation was proposed to you.")),
    "finding.Request": ("who-asked-whom.json", _("Whom you asked or who asked you, and what became of it.")),
    "finding.Preference": (
        "whom-you-would-rather-have.json",
        _("Your ranking with its reasons, or whom you marked, opened."),
    ),
    "conversations.Conversation": ("conversations.json", _("When you talked with whom, and who noted it.")),
    "goals.Goal": ("goals.json", _("Your goals, and where each stands.")),
    "goals.GoalChange": ("goals-history.json", _("How each goal was begun, said otherwise, noted and closed.")),
    "goals.Decision": ("decisions.json", _("What you decided, among what, and why.")),
    "goals.Track": ("first-hundred-days.json", _("The first hundred days that you were on, step by step.")),
    "goals.Transition": ("what-changes.json", _("What you said changes for you, and when.")),
    "goals.FreshLook": ("fresh-looks.json", _("When you asked for a fresh look at the match.")),
    "agreements.Agreement": ("agreement-dates.json", _("When you look at each agreement again.")),
    "agreements.AgreementVersion": (
        "agreements.json",
        _("Each version of your agreements: which clauses you two said otherwise, and how."),
    ),
    "agreements.Signature": ("signatures.json", _("Who signed which version, and when.")),
    "conversations.Note": ("notes.json", _("Your own notes on your mentoring, opened.")),
    "conversations.Letter": ("letters.json", _("What you wrote to the other one of the two, opened.")),
    "care.Reminder": ("reminders.json", _("What you were reminded of, and when.")),
    "care.Silence": ("quiet.json", _("Of which relationships you wanted no reminders, and until when.")),
    "plans.Availability": (
        "when-you-can-be-asked-for.json",
        _("Your hours and times away, your calendar's address, and when it says that you are busy."),
    ),
    "plans.Series": ("series-of-conversations.json", _("Conversations that you planned to have again and again.")),
    "plans.Plan": ("planned-conversations.json", _("Conversations that you planned, and where.")),
    "plans.Proposal": ("proposed-times.json", _("Times that you and others proposed, and what was answered.")),
    "plans.AgendaPoint": ("agenda.json", _("What the two of you wanted to talk about.")),
    "feedback.Feedback": ("feedback.json", _("How it went, in your own words, and what you told the other one of it.")),
    "network.Sketch": (
        "how-close-they-are.json",
        _("How close you called each of your people, and who of them knows whom, by the codes of the other files."),
    ),
    "programs.Staff": ("roles.json", _("What you coordinate or research.")),
}
