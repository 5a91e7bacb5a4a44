"""The pages on which a publication is taken down, and on which a withheld line is reviewed."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.models import User
from progress.access import require
from public.read_models.publications import take_down_preview
from publishing.choices import ReleaseState
from publishing.forms.releases import ExtendWithholdingForm, LiftForm, TakeDownPublicationForm
from publishing.models import Clearance, Publication
from publishing.permissions import can_extend_withholding, can_handle_release, can_publish
from workspace.addresses import period_address
from workspace.crumbs import PERIODS
from workspace.read_models.release import preview_of_one


def current_publication(pk: int) -> Publication:
    """What is published now under this key; Http404 once a newer revision is."""
    rows = Publication.objects.current().select_related("task", "period__plan")
    return get_object_or_404(rows, pk=pk)


def withheld_clearance(user: User, pk: int) -> Clearance:
    """A withheld line of a published release for those who handle it.

    Raises PermissionDenied for others.
    """
    require(can_handle_release(user))
    rows = Clearance.objects.withheld().with_related()
    return get_object_or_404(rows, pk=pk, release__state=ReleaseState.PUBLISHED)


def take_down_response(
    request: StaffRequest, publication: Publication, form: TakeDownPublicationForm, *, checked: bool
) -> HttpResponse:
    """The page of the form, or once it was checked, of what is going to vanish."""
    back = period_address("release", publication.period)
    context = {
        "publication": publication,
        "form": form,
        "checked": checked,
        "preview": take_down_preview(publication),
        "back": back,
        "crumbs": [
            STAFF_HOME,
            PERIODS,
            (f"{publication.period.label}发布", back),
            ("依法撤下", ""),
        ],
    }
    return render(request, "staff/take_down.html", context)


def lift_form(data: Mapping[str, object] | None = None) -> LiftForm:
    return LiftForm(data, prefix="lift")


def extend_form(data: Mapping[str, object] | None = None) -> ExtendWithholdingForm:
    return ExtendWithholdingForm(data, prefix="extend")


def withholding_response(
    request: StaffRequest,
    clearance: Clearance,
    lift: LiftForm | None = None,
    extend: ExtendWithholdingForm | None = None,
) -> HttpResponse:
    """The page of a withheld line; `lift`, `extend`: the form that was not accepted."""
    period = clearance.release.period
    back = period_address("release", period)
    line = None if clearance.lifted_at else preview_of_one(clearance, at=timezone.now())
    context = {
        "clearance": clearance,
        "period": period,
        "line": line,
        "lift": (lift or lift_form()) if can_publish(request.user) else None,
        "extend": (extend or extend_form()) if can_extend_withholding(request.user) else None,
        "crumbs": [STAFF_HOME, PERIODS, (f"{period.label}发布", back), ("再次保密审查", "")],
    }
    return render(request, "staff/withholding.html", context)
