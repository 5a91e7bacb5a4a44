"""The forms for a letter under way: questions to its writer, extensions, the reply, its check."""

from typing import Any

from django import forms

from common.text.wording import cn_date
from feedback.actions.extensions import latest_day
from feedback.choices import Adoption, TicketKind
from feedback.forms.action_form import ActionForm, day, words


class AskMoreForm(ActionForm):
    question = words("请来信人补充什么", "请写明要补充什么。", "来信人会看到。补充之前，期限停算。")


class ResumeForm(ActionForm):
    consequence = "等不到补充时用。期限从明天起接着算，还剩几个工作日不变。"


class TakeForm(ActionForm):
    consequence = "接收以后由您单位办理和答复。不该由您单位办的，请在下面退回。"


class HandBackTicketForm(ActionForm):
    reason = words("退回理由", "请写明退回理由。", "只能退回一次。受理员会看到理由，来信人看不到。")


class AskExtensionForm(ActionForm):
    until = day("申请延期至", "请填写申请延期到哪一天。")
    reason = words("延期理由", "请写明延期理由。", "答复延期的人会看到，来信人看不到。")

    def adapt_fields(self) -> None:
        self.fields["until"].help_text = f"最晚到{cn_date(latest_day(self.ticket))}。"


class ExtendTicketForm(ActionForm):
    until = day("延期至", "请填写延期到哪一天。")
    note = words("为什么延期", "请写明为什么延期。", "来信人会看到。")

    def get_initial(self) -> dict[str, Any]:
        return {"until": self.ticket.extension_asked_until}

    def adapt_fields(self) -> None:
        help_text = f"最晚到{cn_date(latest_day(self.ticket))}。来信人会看到原来的期限和新的期限。"
        self.fields["until"].help_text = help_text


class RefuseExtensionForm(ActionForm):
    reason = words("不同意的理由", "请写明不同意的理由。", "主办单位会看到，来信人看不到。")


# What a reply begins with; the unit writes on from there.
TEMPLATES: dict[str, str] = {
    TicketKind.ENQUIRY: "您好，您的来信收悉。关于您问的事，答复如下：\n",
    TicketKind.COMPLAINT: "您好，您的来信收悉。经核实：\n处理结果：\n",
    TicketKind.SUGGESTION: "您好，您的建议收悉。经研究：\n理由：\n",
}


class TicketReplyForm(ActionForm):
    adoption = forms.ChoiceField(
        label="这条建议",
        choices=Adoption,
        widget=forms.RadioSelect,
        help_text="部分采纳、不采纳的，请在答复里写明理由。",
        error_messages={"required": "请选择采纳、部分采纳或不采纳。"},
    )
    text = words("给来信人的答复", "请写下答复。", "开头可以改。", rows=8)

    def get_initial(self) -> dict[str, Any]:
        """A returned reply is continued by its unit;
        otherwise the reply begins as the kind of letter does.
        """
        last = self.ticket.replies.filter(department=self.ticket.lead_department_id).last()
        if last and last.return_reason:
            return {"text": last.text, "adoption": last.adoption}
        return {"text": TEMPLATES[self.ticket.kind]}

    def adapt_fields(self) -> None:
        if self.ticket.kind != TicketKind.SUGGESTION:
            del self.fields["adoption"]

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if any(text == beginning.strip() for beginning in TEMPLATES.values()):
            raise forms.ValidationError("这还只是开头，请写下答复。")
        return text


class PassReplyForm(ActionForm):
    consequence = "请看上面的答复。通过后来信人马上可以看到，不能收回。"


class ReturnReplyForm(ActionForm):
    reason = words("哪里要改", "请写明哪里要改。", "主办单位会看到，来信人看不到。")
