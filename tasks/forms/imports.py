"""The forms of the files that become plans: upload, questions, what is set right, the reasons."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from common.errors import Refused
from common.files.uploads import display_name
from common.ui.form_fields import UNKNOWN, DayField, PlainForm
from departments.models import Department
from tasks.choices import ImportState, PlanKind
from tasks.importing.apply import PREFIXES
from tasks.importing.blocks import Document
from tasks.importing.corrections import COLLECTIVE, NEW, Corrections, preset_unit
from tasks.importing.readers import MAX_FILE, document_from_bytes
from tasks.models import ImportRun, Plan

WANTED = "请选 Word（.docx）、Excel（.xlsx）、网页（.html）或文本文件，不超过 20 MB。"
ASK_FOR_FILE = {"required": WANTED, "empty": "这个文件是空的，请另选一个。"}
CHOOSE = {"required": "请选择一项。"} | UNKNOWN


# Kinds of questions that the facts of the page answer: nobody is asked twice.
SAID_BY_FACTS = ("title", "year", "years")


class UploadForm(PlainForm):
    """The file of a plan; `document` of a valid form is what was read from it."""

    file = forms.FileField(label="文件", help_text=WANTED, error_messages=ASK_FOR_FILE)
    document: Document

    def clean_file(self) -> UploadedFile:
        upload = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_FILE:
            raise forms.ValidationError(f"文件太大。{WANTED}")
        try:
            name = display_name(upload.name or "")
            self.document = document_from_bytes(upload.read(MAX_FILE + 1), name)
        except Refused as refused:
            raise forms.ValidationError(refused.reasons) from refused
        return upload


class ReasonForm(PlainForm):
    """Why a draft is sent back, or a plan withdrawn."""

    reason = forms.CharField(
        label="理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由。"},
    )


class CheckForm(PlainForm):
    """What a supervisor answers and sets right: the facts, the questions and the units of a run."""

    title = forms.CharField(
        label="文件名称", max_length=200, error_messages={"required": "请填写文件名称。"}
    )
    short_title = forms.CharField(label="简称", max_length=40, required=False)
    document_number = forms.CharField(label="文号", max_length=60, required=False)
    starts_on = DayField(label="开始日期", error_messages={"required": "请填写开始日期。"})
    ends_on = DayField(label="结束日期", error_messages={"required": "请填写结束日期。"})
    tracked_from = DayField(
        label="开始跟踪日期",
        required=False,
        help_text="从这一天起收集进展。不填就不收集，执行期已过的收作历史。",
    )
    slug = forms.RegexField(
        r"^[a-z][a-z0-9-]*\Z",
        label="网址名",
        max_length=20,
        help_text="公开以后不能改，例如 ap2017。",
        error_messages={
            "required": "请填写网址名。",
            "invalid": "网址名只能用小写字母、数字和连字符，以字母开头。",
        },
    )

    def __init__(self, run: ImportRun, data: Mapping[str, Any] | None = None):
        super().__init__(data, initial=stored_facts(run))
        self.run = run
        self.registered = list(Department.objects.all())
        self.questions = {f"question-{i}": one for i, one in enumerate(asked_apart(run))}
        self.unit_names = {f"unit-{i}": name for i, name in enumerate(names_in(run.draft))}
        matched = run.corrections.get("units") or earlier_matches(self.registered)
        self.fields |= {
            name: question_field(question, run.answers) for name, question in self.questions.items()
        }
        self.fields |= {
            name: unit_field(printed, matched.get(printed), self.registered)
            for name, printed in self.unit_names.items()
        }

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if Plan.objects.filter(slug=slug).exists():
            raise forms.ValidationError(f"{slug} 已经有一份文件在用，请另取一个，例如 {slug}b。")
        return slug

    def clean(self) -> dict[str, Any]:
        starts_on, ends_on = map(self.cleaned_data.get, ("starts_on", "ends_on"))
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "结束日期不能早于开始日期。")
        return self.cleaned_data

    @property
    def answers(self) -> dict[str, str]:
        """By the key of the question; only of a valid form."""
        said = {each["key"]: self.cleaned_data[name] for name, each in self.questions.items()}
        by_facts = (one for one in self.run.questions if one["kind"] in SAID_BY_FACTS)
        return said | {one["key"]: self._said_by_facts(one["kind"]) for one in by_facts}

    def _said_by_facts(self, kind: str) -> str:
        """The answer to a question about the title or the years, which the facts ask as well."""
        years = [self.cleaned_data[day].year for day in ("starts_on", "ends_on")]
        answers = {"title": self.cleaned_data["title"], "year": str(years[0])}
        return answers.get(kind) or f"{years[0]}-{years[1]}"

    @property
    def corrections(self) -> Corrections:
        """What was set right; only of a valid form."""
        facts = {name: self.cleaned_data[name] for name in CheckForm.base_fields}
        units = {name: self.cleaned_data[field] for field, name in self.unit_names.items()}
        return Corrections(**facts, units=units)

    @property
    def facts_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in CheckForm.base_fields]

    @property
    def question_fields(self) -> list[tuple[dict, forms.BoundField]]:
        """Each question with its field, in the order of the document."""
        return [(each, self[name]) for name, each in self.questions.items()]

    @property
    def unit_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.unit_names]


def stored_facts(run: ImportRun) -> dict[str, Any]:
    """What was saved before, else what was read."""
    if run.corrections:
        return dict(run.corrections)
    return {
        "title": run.draft["title"],
        "document_number": run.draft["document_number"],
        **days_and_slug(run),
    }


def days_and_slug(run: ImportRun) -> dict[str, str]:
    """The days and the address by the years that were read; nothing where no year was."""
    if not run.draft["year"]:
        return {}
    first, last = years_of(run)
    prefix = PREFIXES[PlanKind(run.draft["kind"])]
    slug = free_slug(f"{prefix}{first}")
    return {"starts_on": f"{first}-01-01", "ends_on": f"{last}-12-31", "slug": slug}


def years_of(run: ImportRun) -> tuple[str, str]:
    """The first and the last year of the document, as far as it says."""
    for question in run.questions:
        if question["kind"] == "years" and "-" in question["preset"]:
            first, _, last = question["preset"].partition("-")
            return first, last
    return str(run.draft["year"]), str(run.draft["year"])


def free_slug(slug: str) -> str:
    """The address, with the first letter behind it that no plan has taken."""
    taken = set(Plan.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    candidates = [slug, *(f"{slug}{letter}" for letter in "bcdefghij")]
    return next((one for one in candidates if one not in taken), "")


def earlier_matches(registered: Iterable[Department]) -> dict[str, str]:
    """What printed names stood for in plans that were published, as far as it still can be."""
    known = {COLLECTIVE, *(unit.short_name for unit in registered)}
    published = ImportRun.objects.filter(state=ImportState.APPLIED).order_by("pk")
    found: dict[str, str] = {}
    for corrections in published.values_list("corrections", flat=True):
        found |= corrections.get("units", {})
    return {printed: unit for printed, unit in found.items() if unit in known}


def names_in(draft: dict) -> list[str]:
    """The units that the draft prints, each once, in order."""
    tasks = (task for section in draft["sections"] for task in section["tasks"])
    return list(dict.fromkeys(name for task in tasks for name, _ in task["units"]))


def asked_apart(run: ImportRun) -> list[dict]:
    """The questions that the facts of the page do not answer."""
    return [one for one in run.questions if one["kind"] not in SAID_BY_FACTS]


def question_field(question: Mapping, answers: Mapping[str, str]) -> forms.Field:
    """The choice of a question, with its preset or what was answered; a text without choices."""
    initial = answers.get(question["key"], question["preset"])
    label = question["message"]
    if not question["choices"]:
        return forms.CharField(label=label, max_length=200, initial=initial, error_messages=CHOOSE)
    choices = [(each["value"], each["label"]) for each in question["choices"]]
    return forms.ChoiceField(
        label=label,
        choices=choices,
        initial=initial,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )


def unit_field(
    printed: str, matched: str | None, registered: Iterable[Department]
) -> forms.ChoiceField:
    """What a printed name stands for: a registered unit, a collective, or a new unit."""
    units = [(unit.short_name, unit.short_name) for unit in registered]
    choices = [(COLLECTIVE, "统称，不对应一个单位"), (NEW, "新单位，公布时登记"), *units]
    return forms.ChoiceField(
        label=printed,
        choices=choices,
        initial=matched or preset_unit(printed, registered),
        error_messages=CHOOSE,
    )
