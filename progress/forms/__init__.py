from progress.forms.breakdown import BreakdownForm
from progress.forms.coordination import (
    CoordinationForm,
    DecisionForm,
    InstructionForm,
    OutcomeForm,
    ReplyForm,
    SinceForm,
)
from progress.forms.correction import CorrectionForm, ReturnCorrectionForm
from progress.forms.filed import HandBackForm, SignedFormForm
from progress.forms.filing import ReportForm
from progress.forms.parts import differences
from progress.forms.release import (
    ApprovalForm,
    ClearanceForm,
    EarlyClosingForm,
    ExtendForm,
    LiftForm,
    TakeDownForm,
)
from progress.forms.review import AgreeForm, ReturnForm, VerdictForm
from progress.forms.year_end import YearEndForm

__all__ = [
    "AgreeForm",
    "ApprovalForm",
    "BreakdownForm",
    "ClearanceForm",
    "CoordinationForm",
    "CorrectionForm",
    "DecisionForm",
    "EarlyClosingForm",
    "ExtendForm",
    "HandBackForm",
    "InstructionForm",
    "LiftForm",
    "OutcomeForm",
    "ReplyForm",
    "ReportForm",
    "ReturnCorrectionForm",
    "ReturnForm",
    "SignedFormForm",
    "SinceForm",
    "TakeDownForm",
    "VerdictForm",
    "YearEndForm",
    "differences",
]
