from progress.actions.evidence import add_evidence, remove_evidence
from progress.actions.periods import close_period, generate_periods, open_period
from progress.actions.releases import drop_release, prepare_release, publish_release
from progress.actions.reports import Filing, save_draft, submit_report
from progress.actions.reviews import Verdict, recused, recusing_units, return_report, verify_report
from progress.actions.revisions import Correction, correct_publication, publish_revision

__all__ = [
    "Correction",
    "Filing",
    "Verdict",
    "add_evidence",
    "close_period",
    "correct_publication",
    "drop_release",
    "generate_periods",
    "open_period",
    "prepare_release",
    "publish_release",
    "publish_revision",
    "recused",
    "recusing_units",
    "remove_evidence",
    "return_report",
    "save_draft",
    "submit_report",
    "verify_report",
]
