from progress.forms.filing import HandBackForm, ReportForm, SignedFormForm
from progress.forms.parts import differences
from progress.forms.release import CorrectionForm, WithholdingForm
from progress.forms.review import AgreeForm, ReturnForm, VerdictForm

__all__ = [
    "AgreeForm",
    "CorrectionForm",
    "HandBackForm",
    "ReportForm",
    "ReturnForm",
    "SignedFormForm",
    "VerdictForm",
    "WithholdingForm",
    "differences",
]
