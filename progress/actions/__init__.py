from progress.actions.breakdowns import (
    Slot,
    confirm_breakdown,
    open_slots,
    propose_breakdown,
    return_breakdown,
    withdraw_breakdown,
)
from progress.actions.corrections import (
    Correction,
    correcting_unit,
    no_correction,
    propose_correction,
    publish_correction,
    return_correction,
)
from progress.actions.evidence import add_evidence, remove_evidence
from progress.actions.objections import decide_objection, file_objection, no_decision, no_objection
from progress.actions.periods import close_period, close_periods, generate_periods, open_period, open_periods
from progress.actions.recusal import recused, recusing_units
from progress.actions.releases import Withheld, approve_release, drop_release, prepare_release, publish_release
from progress.actions.reports import Filing, save_draft, submit_report
from progress.actions.requests import (
    ask_extension,
    grant_extension,
    no_extension,
    no_unlock,
    refuse_extension,
    unlock_report,
)
from progress.actions.reviews import Verdict, agree_with_report, return_report, verify_report
from progress.actions.revisions import publish_revision
from progress.actions.signing import hand_back_report, recall_report, send_to_sign, sign_report, wrote
from progress.actions.withholding import extend_withholding, lift_withholding, take_down_publication
from progress.actions.year_ends import (
    Closing,
    has_ended,
    prepare_year_end,
    publish_year_end,
    year_end_content,
    year_end_digest,
    year_ends_of,
)

__all__ = [
    "Closing",
    "Correction",
    "Filing",
    "Slot",
    "Verdict",
    "Withheld",
    "add_evidence",
    "agree_with_report",
    "approve_release",
    "ask_extension",
    "close_period",
    "close_periods",
    "confirm_breakdown",
    "correcting_unit",
    "decide_objection",
    "drop_release",
    "extend_withholding",
    "file_objection",
    "generate_periods",
    "grant_extension",
    "hand_back_report",
    "has_ended",
    "lift_withholding",
    "no_correction",
    "no_decision",
    "no_extension",
    "no_objection",
    "no_unlock",
    "open_period",
    "open_periods",
    "open_slots",
    "prepare_release",
    "prepare_year_end",
    "propose_breakdown",
    "propose_correction",
    "publish_correction",
    "publish_release",
    "publish_revision",
    "publish_year_end",
    "recall_report",
    "recused",
    "recusing_units",
    "refuse_extension",
    "remove_evidence",
    "return_breakdown",
    "return_correction",
    "return_report",
    "save_draft",
    "send_to_sign",
    "sign_report",
    "submit_report",
    "take_down_publication",
    "unlock_report",
    "verify_report",
    "withdraw_breakdown",
    "wrote",
    "year_end_content",
    "year_end_digest",
    "year_ends_of",
]
