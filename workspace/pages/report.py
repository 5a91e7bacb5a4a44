"""One report as its unit meets it: the form, the report as filed, and the keeping of the draft.

Views show these two pages at several addresses, one for each action.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from common.text.wording import cn_date
from common.ui.form_parts import typed_words
from departments.models import Department
from progress.access import HOME, filing_units, require, requirements_in_sight
from progress.actions.evidence import add_evidence, remove_evidence
from progress.actions.reports import save_draft
from progress.actions.signing import authored_by
from progress.choices import EvidenceKind, PeriodState, ReportStatus
from progress.forms.parts import differences
from progress.forms.report import ReportForm
from progress.forms.signing import HandBackReportForm, SignedFormForm
from progress.models import Evidence, ProgressReport, ReportingPeriod
from progress.permissions import can_recall, can_sign
from progress.read_models.chips import pace_chip
from progress.read_models.filed_report import filed
from progress.requirements.deadlines import takes_filings
from progress.requirements.report import ReportRequirements
from progress.transitions import TRANSITIONS
from supervision.read_models.coordination import about_report
from supervision.read_models.proposals import slips_beside
from workspace.addresses import task_address
from workspace.crumbs import REPORTS
from workspace.read_models.previous_reports import earlier_part, offered, published_before
from workspace.read_models.requests import rights_of


def about(request: HttpRequest, requirements: ReportRequirements) -> dict:
    """What every page of the report shows."""
    today = timezone.localdate()
    return {
        "requirements": requirements,
        "task": requirements.task,
        "period": requirements.period,
        "report": requirements.report,
        "filed": filed(requirements),
        "rights": rights_of(request.user, requirements, today),
        "slips": slips_beside(request.user, requirements, today),
        "crumbs": [HOME, REPORTS, (f"{requirements.task.code} {requirements.period.label}", "")],
    }


def chosen_unit(request: HttpRequest, requirements: ReportRequirements) -> Department | None:
    """The unit the person writes for: the one named in the address, else the first."""
    units = filing_units(request.user, requirements)
    named = [unit for unit in units if unit.slug == request.GET.get("unit")]
    return next(iter([*named, *units]), None)


def to_write(request: HttpRequest, code: str, year: int, quarter: int) -> tuple[ReportRequirements, Department]:
    """The report and the unit the person writes for; out of sight 404, nobody's writer 403."""
    requirements = requirements_in_sight(request.user, code, year, quarter)
    department = chosen_unit(request, requirements)
    require(department is not None)
    return requirements, department


def unit_query(request: HttpRequest) -> str:
    """Carried from address to address, so that a person of two units keeps writing for the same."""
    unit = request.GET.get("unit")
    return f"?{urlencode({'unit': unit})}" if unit else ""


def page_address(request: HttpRequest, requirements: ReportRequirements) -> str:
    return task_address("report", requirements.task, requirements.period) + unit_query(request)


def form_page(request: HttpRequest, form: ReportForm, *, stale: str = "") -> HttpResponse:
    """`stale`: the sentence about somebody who saved in between; both versions are shown then."""
    requirements = form.requirements
    before, today = published_before(requirements.task, requirements.period), timezone.localdate()
    earlier = None if form.is_bound else earlier_part(requirements, form.department)
    prefilled = earlier is not None and "prefill" in request.GET
    if prefilled:
        form.offer(offered(requirements, earlier))
    context = {
        "form": form,
        "units": filing_units(request.user, requirements),
        "unit_query": unit_query(request),
        "answers": form.answers(before.chips),
        "numbers": form.numbers(before.values),
        "rest": form.rest_answers(before.chips),
        "before": before.publication,
        "gaps": form.missing_item_links(today),
        "nodes": requirements.task.nodes,
        "no_longer_awaited": form.no_longer_awaited(today),
        "earlier": earlier,
        "prefilled": prefilled,
        "stale": stale,
        "differences": differences(form) if stale else [],
    }
    return render(request, "staff/report_form.html", about(request, requirements) | context)


def filed_page(
    request: HttpRequest,
    requirements: ReportRequirements,
    *,
    back: HandBackReportForm | None = None,
    scan: SignedFormForm | None = None,
    refused: Sequence[str] = (),
) -> HttpResponse:
    """A report that is no draft any more; `back` and `scan` are its forms where one was refused."""
    report, assessment = requirements.report, requirements.assessment
    signing = report is not None and report.status == ReportStatus.SIGNING
    signs = signing and can_sign(request.user, report)
    sources = TRANSITIONS["add_signed_form"].sources
    takes_scans = report is not None and report.status in sources
    adds_scans = takes_scans and filing_units(request.user, requirements)
    item, raises = about_report(request.user, requirements)
    demo = requirements.period.demonstration
    context = {
        "item": item,
        "raises": raises,
        "assessment": assessment,
        "assessed": pace_chip(assessment.pace, demo=demo) if assessment else None,
        "signs": signs,
        "recalls": signing and can_recall(request.user, report) and _is_still_taken(requirements),
        "wrote": signs and authored_by(report, requirements.lead.department_id, request.user),
        "unsaved": [] if signs else typed_words(request.POST),
        "unit_query": unit_query(request),
        "back": back or HandBackReportForm(),
        "scan": (scan or SignedFormForm()) if adds_scans else None,
        "refused": refused,
    }
    return render(request, "staff/report_filed.html", about(request, requirements) | context)


def _is_still_taken(requirements: ReportRequirements) -> bool:
    """Taken back after the closing it could not be sent again."""
    return takes_filings(requirements.deadline, requirements.report, today=timezone.localdate())


def review_ahead(period: ReportingPeriod) -> str:
    """What comes after the submission."""
    late = period.state == PeriodState.RELEASED
    return "核查后补充公布。" if late else f"{cn_date(period.review_due_on)}前会有核查结果。"


@transaction.atomic
def keep_draft(request: HttpRequest, form: ReportForm) -> ProgressReport | None:
    """The draft together with its papers: all of it or, when one is refused, nothing.

    An untouched form is no draft. Raises Refused as the actions do, Stale when somebody saved in
    between, Http404 for a paper that is not the unit's own.
    """
    removed = request.POST.getlist("remove")
    if not form.says_anything and not removed:
        return form.requirements.report
    at, cleaned, requirements = timezone.now(), form.cleaned_data, form.requirements
    report = save_draft(
        task=requirements.task,
        period=requirements.period,
        department=form.department,
        filing=form.filing(),
        expected_version=cleaned["version"],
        by=request.user,
        at=at,
    )
    described = {name: cleaned[name] for name in ("caption", "is_public")}
    described["kind"] = cleaned["kind"] or EvidenceKind.MATERIAL
    given = {"department": form.department, "by": request.user, "at": at} | described
    for upload in cleaned["files"]:
        add_evidence(report=report, upload=upload, **given)
    if removed:
        _take_out(report, form.department, removed)
    return report


def _take_out(report: ProgressReport, department: Department, marks: list[str]) -> None:
    own = Evidence.objects.filter(contribution__report=report, contribution__department=department)
    papers = {str(paper.pk): paper for paper in own}
    for mark in marks:
        if mark not in papers:
            raise Http404
        remove_evidence(evidence=papers[mark])
