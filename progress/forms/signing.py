"""The forms on a report that is no draft any more: handing back, and adding the signed form."""

from django import forms

from common.ui.form_fields import EachCheckedFile, GoodFiles, PlainForm
from progress.forms.parts import lines


class HandBackReportForm(PlainForm):
    """A signer's return of a report to its authors, with a reason."""

    reason = forms.CharField(
        label="退回理由",
        help_text="填报员会看到，请写明要改什么、补什么。",
        error_messages={"required": "退回填报员请写明理由，填报员会看到。"},
        **lines(3),
    )


class SignedFormForm(PlainForm):
    """The scan of the signed form, which may follow a report being signed or submitted."""

    # Django takes declared fields out of the class, so that the files of the form stay reachable.
    files = EachCheckedFile(label="上传盖章报告表")  # type: ignore[assignment]

    def clean_files(self) -> GoodFiles:
        files: GoodFiles = self.cleaned_data["files"]
        if not files:
            raise forms.ValidationError(files.refused or ["请先选择文件。"])
        return files
