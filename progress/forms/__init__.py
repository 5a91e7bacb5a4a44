from progress.forms.filing import ReportForm
from progress.forms.parts import differences
from progress.forms.release import CorrectionForm, WithholdingForm
from progress.forms.review import ReturnForm, VerdictForm

__all__ = ["CorrectionForm", "ReportForm", "ReturnForm", "VerdictForm", "WithholdingForm", "differences"]
