from feedback.choices import AT_THE_UNIT, OPEN, REPLIED, RUNNING, Is, TicketStatus

MOVES: dict[str, list[TicketStatus]] = {
    "accept": [Is.RECEIVED],
    "decline": [Is.RECEIVED],
    "redirect": [Is.RECEIVED],
    "spam": [Is.RECEIVED],
    "merge": [Is.RECEIVED, Is.ACCEPTED],
    "unmerge": [Is.MERGED],
    "ask_more": [Is.RECEIVED, Is.HANDLING],
    "resume": [Is.NEEDS_MORE],
    "assign": [Is.ACCEPTED],
    "reassign": [*AT_THE_UNIT, Is.NEEDS_MORE],
    "take": [Is.ASSIGNED],
    "hand_back": AT_THE_UNIT,
    "ask_extension": AT_THE_UNIT,
    "extend": AT_THE_UNIT,
    "refuse_extension": AT_THE_UNIT,
    "reply": [Is.HANDLING],
    "pass_reply": [Is.CHECKING],
    "return_reply": [Is.CHECKING],
    # Whoever is asked and does not answer is not forgotten either.
    "escalate": [*RUNNING, Is.NEEDS_MORE],
    # Whoever wanted a call hears of the answer, of a question and of a refusal alike.
    "tell": [*REPLIED, Is.NEEDS_MORE, Is.DECLINED, Is.REDIRECTED],
    "follow_up": [Is.CLOSED],
    "publish": REPLIED,
    "take_down": REPLIED,
    "dispute": [*RUNNING, *REPLIED],
    "decide_review": list(Is),
    "close": [Is.ANSWERED],
    # What the citizen does with number and code.
    "supplement": [Is.NEEDS_MORE],
    "add": [one for one in OPEN if one != Is.NEEDS_MORE],
    "rate": [Is.ANSWERED],
    "reopen": REPLIED,
    "withdraw": [*OPEN, *REPLIED],
    "withdraw_consent": list(Is),
    "delete_contact": list(Is),
}
# Steps after which somebody else has it, or has it anew: from one to the next it is counted how long it lay.
HAND_OFFS = ["receive", "accept", "ask_more", "supplement", "resume", "merge", "unmerge", "assign", "take", "hand_back"]
HAND_OFFS += ["reassign", "send_to_check", "return_reply", "reply", "reopen"]
# Steps that whoever looks nothing up will not learn of.
TO_BE_TOLD = ["ask_more", "decline", "redirect", "reply"]
