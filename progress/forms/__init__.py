from progress.forms.breakdown import BreakdownForm
from progress.forms.filed import HandBackForm, SignedFormForm
from progress.forms.filing import ReportForm
from progress.forms.parts import differences
from progress.forms.release import ApprovalForm, ClearanceForm, CorrectionForm, ExtendForm, LiftForm, TakeDownForm
from progress.forms.review import AgreeForm, ReturnForm, VerdictForm
from progress.forms.year_end import YearEndForm

__all__ = [
    "AgreeForm",
    "ApprovalForm",
    "BreakdownForm",
    "ClearanceForm",
    "CorrectionForm",
    "ExtendForm",
    "HandBackForm",
    "LiftForm",
    "ReportForm",
    "ReturnForm",
    "SignedFormForm",
    "TakeDownForm",
    "VerdictForm",
    "YearEndForm",
    "differences",
]
