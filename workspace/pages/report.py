"""The two pages of one report, its form and the report as filed, and the saving of its draft.

Views answer with these pages at several addresses, one for each action.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from common.errors import Refused
from common.text.wording import cn_date
from common.ui.crumbs import STAFF_HOME
from common.ui.form_fields import GoodFiles
from common.ui.form_parts import typed_words
from departments.http import StaffRequest
from departments.models import Department, User
from progress.access import filing_units, get_requirements_or_404
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
from progress.read_models.filed_report import filed_report
from progress.read_models.partners import silent_partners
from progress.requirements.deadlines import can_be_filed
from progress.requirements.report import ReportRequirements
from progress.transitions import TRANSITIONS
from publishing.actions.taking_back import withdrawal_refusal_reason
from supervision.read_models.coordination import coordination_about
from supervision.read_models.proposals import slips_beside
from workspace.addresses import task_address
from workspace.crumbs import REPORTS
from workspace.read_models.previous_reports import earlier_part, offered, published_before
from workspace.read_models.requests import rights_of


def report_context(request: StaffRequest, requirements: ReportRequirements) -> dict:
    """The context that every page of the report needs."""
    today = timezone.localdate()
    return {
        "requirements": requirements,
        "task": requirements.task,
        "period": requirements.period,
        "report": requirements.report,
        "filed": filed_report(requirements),
        "rights": rights_of(request.user, requirements, today),
        "slips": slips_beside(request.user, requirements, today),
        "crumbs": [
            STAFF_HOME,
            REPORTS,
            (f"{requirements.task.code} {requirements.period.label}", ""),
        ],
    }


def chosen_unit(request: StaffRequest, requirements: ReportRequirements) -> Department | None:
    """The unit the person writes for: the one named in the address, else the first."""
    units = filing_units(request.user, requirements)
    requested = [unit for unit in units if unit.slug == request.GET.get("unit")]
    return next(iter([*requested, *units]), None)


def writable_report(
    request: StaffRequest,
    code: str,
    year: int,
    quarter: int,
) -> tuple[ReportRequirements, Department]:
    """The report and the unit the person writes for.

    Raises Http404 for a report out of sight, PermissionDenied for a person who does not write it.
    """
    requirements = get_requirements_or_404(request.user, code, year, quarter)
    department = chosen_unit(request, requirements)
    if department is None:
        raise PermissionDenied
    return requirements, department


def unit_query(request: StaffRequest) -> str:
    """The query that names the unit, so that a person of two units stays with the same one."""
    unit = request.GET.get("unit")
    return f"?{urlencode({'unit': unit})}" if unit else ""


def page_address(request: StaffRequest, requirements: ReportRequirements) -> str:
    """The address of the report's form for the unit the person writes for."""
    return task_address("report", requirements.task, requirements.period) + unit_query(request)


def form_page(
    request: StaffRequest, form: ReportForm, *, stale: str = "", saved: bool = False
) -> HttpResponse:
    """The page of the form.

    `stale`: the sentence about a colleague who saved in between; both versions are shown then.
    `saved`: whether what a refused form shows was saved all the same.
    """
    requirements = form.requirements
    before, today = published_before(requirements.task, requirements.period), timezone.localdate()
    earlier = None if form.is_bound else earlier_part(requirements, form.department)
    start = earlier if "prefill" in request.GET else None
    if start:
        form.prefill(offered(requirements, start))
    context = {
        "form": form,
        "units": filing_units(request.user, requirements),
        "unit_query": unit_query(request),
        "answers": form.answers(before.chips),
        "numbers": form.numbers(before.values),
        "questions": form.questions(),
        "rest": form.remaining_answers(before.chips),
        "before": before.publication,
        "gaps": form.missing_item_links(today),
        "nodes": requirements.nodes,
        "no_longer_awaited": form.no_longer_awaited(today),
        "partners": silent_partners(requirements, today) if form.leads else (),
        "nudge_url": task_address("report-nudge", requirements.task, requirements.period),
        "earlier": earlier,
        "prefilled": start is not None,
        "stale": stale,
        "is_unsaved": start is not None or (_was_refused(form) and not saved),
        "differences": differences(form) if stale else [],
    }
    return render(
        request, "staff/report_form.html", report_context(request, requirements) | context
    )


def _was_refused(form: ReportForm) -> bool:
    """Whether the form shows something typed that was not accepted."""
    return bool(form.errors) and form.has_new_input


def filed_page(
    request: StaffRequest,
    requirements: ReportRequirements,
    *,
    back: HandBackReportForm | None = None,
    scan: SignedFormForm | None = None,
    refused: Sequence[str] = (),
) -> HttpResponse:
    """The page of a report that is no longer a draft.

    `back`, `scan`: the form that was refused, with what was typed; `refused`: the reasons.
    """
    user, assessment = request.user, requirements.assessment
    demo = requirements.period.demonstration
    rights = _signing_rights(user, requirements)
    item, raises = coordination_about(user, requirements)
    context = {
        "item": item,
        "raises": raises,
        "assessment": assessment,
        "assessed": pace_chip(assessment.pace, demo=demo) if assessment else None,
        "signs": rights.signs,
        "recalls": rights.recalls,
        "withdraws": _can_withdraw(user, requirements),
        "wrote": rights.wrote,
        "unsaved": [] if rights.signs else typed_words(request.POST),
        "unit_query": unit_query(request),
        "back": back or HandBackReportForm(),
        "scan": (scan or SignedFormForm()) if _takes_scans(user, requirements) else None,
        "refused": refused,
    }
    return render(
        request, "staff/report_filed.html", report_context(request, requirements) | context
    )


@dataclass(frozen=True)
class SigningRights:
    """What a person may do with a report that waits to be signed; nothing with any other.

    `wrote`: the person would sign, but has written it and leaves it to another signer.
    """

    signs: bool = False
    wrote: bool = False
    recalls: bool = False


def _signing_rights(user: User, requirements: ReportRequirements) -> SigningRights:
    report, lead = requirements.report, requirements.lead
    # Only people of the lead unit sign a report or take it back.
    if report is None or report.status != ReportStatus.SIGNING or lead is None:
        return SigningRights()
    signs = can_sign(user, report)
    # Nobody takes back what could not be submitted again.
    can_follow = can_be_filed(requirements.deadline, report, today=timezone.localdate())
    return SigningRights(
        signs=signs,
        wrote=signs and authored_by(report, lead.department_id, user),
        recalls=can_follow and can_recall(user, report),
    )


def _can_withdraw(user: User, requirements: ReportRequirements) -> bool:
    """Whether the person may take the submitted report back now, and submit it again."""
    report = requirements.report
    if report is None or report.status not in TRANSITIONS["withdraw"].sources:
        return False
    can_follow = can_be_filed(requirements.deadline, report, today=timezone.localdate())
    return can_follow and can_recall(user, report) and not withdrawal_refusal_reason(report)


def _takes_scans(user: User, requirements: ReportRequirements) -> bool:
    """Whether the person may add a scan of the signed form to the report as it is now."""
    report, sources = requirements.report, TRANSITIONS["add_signed_form"].sources
    takes_scans = report is not None and report.status in sources
    return takes_scans and bool(filing_units(user, requirements))


def review_forecast(period: ReportingPeriod) -> str:
    """The sentence on what follows a submission."""
    late = period.state == PeriodState.RELEASED
    return "核查后补充公布。" if late else f"{cn_date(period.review_due_on)}前会有核查结果。"


@transaction.atomic
def keep_draft(request: StaffRequest, form: ReportForm) -> ProgressReport | None:
    """Saves the draft together with its evidence; a file that is refused keeps nothing else back.

    Returns the report, None where the form was empty and there was none. Raises Refused when an
    action refuses, Stale when a colleague saved in between, Http404 when evidence to be removed is
    not the unit's own.
    """
    removed = request.POST.getlist("remove")
    if not form.has_new_input and not removed:
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
    _add_evidence(report, form, by=request.user, at=at)
    if removed:
        _remove_evidence(report, form.department, removed)
    return report


def _add_evidence(report: ProgressReport, form: ReportForm, *, by: User, at: datetime) -> None:
    """Adds the files that were sent with the form."""
    cleaned = form.cleaned_data
    described = {name: cleaned[name] for name in ("caption", "is_public")}
    kind = cleaned["kind"] or EvidenceKind.MATERIAL
    add = partial(add_evidence, report=report, department=form.department, by=by, at=at)
    add_each(cleaned["files"], partial(add, kind=kind, **described))


def add_each(files: GoodFiles, add: Callable[..., object]) -> int:
    """Adds each file by `add(upload=…)`, and returns how many were added.

    One that the action refuses is noted among those that were not taken.
    """
    before = len(files.refused)
    for upload in files:
        try:
            add(upload=upload)
        except Refused as refused:
            files.refused += [_about(upload.name, reason) for reason in refused.reasons]
    return len(files) - (len(files.refused) - before)


def _about(name: str, reason: str) -> str:
    return reason if name in reason else f"“{name}”：{reason}"


def _remove_evidence(report: ProgressReport, department: Department, keys: list[str]) -> None:
    own = Evidence.objects.filter(contribution__report=report, contribution__department=department)
    papers = {str(paper.pk): paper for paper in own}
    for key in keys:
        if key not in papers:
            raise Http404
        remove_evidence(evidence=papers[key])
