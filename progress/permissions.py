"""Who may ask for which deed; whether the facts allow it is the action's own question."""

from departments.models import Role, User
from progress.actions import answering_unit, correcting_unit
from progress.filing import lead_of
from progress.models import CoordinationItem, ProgressReport, SupervisionSlip, Voice
from tasks.models import Task


def can_sign(user: User, report: ProgressReport) -> bool:
    """A signer of the lead unit; that it is not the author's own report is the action's question."""
    return _of_lead(user, report, Role.SIGNER)


def can_recall(user: User, report: ProgressReport) -> bool:
    """A reporter of the lead unit, whoever of them sent it."""
    return _of_lead(user, report, Role.REPORTER)


def _of_lead(user: User, report: ProgressReport, role: str) -> bool:
    lead = lead_of(report.task)
    return lead is not None and lead.department_id in user.departments_as(role)


def can_file(user: User) -> bool:
    return user.has_role(Role.REPORTER)


def can_ask_for(user: User, task: Task) -> bool:
    """More time and another look are asked for by those who write or sign for a responsible unit."""
    own = user.departments_as(Role.REPORTER, Role.SIGNER)
    return task.responsibilities.in_force().filter(department__in=own).exists()


def can_read_report(user: User, task: Task, period: int | None) -> bool:
    """Those of a responsible unit theirs, begun or not; others what is in their sight. `period` is its id, if any."""
    seen = ProgressReport.objects.visible_to(user).filter(task=task, period=period)
    return period is not None and (can_ask_for(user, task) or seen.exists())


def can_read_breakdown(user: User, task: Task) -> bool:
    return user.has_role(Role.SUPERVISOR, Role.LEADER, Role.AUDITOR) or can_ask_for(user, task)


def can_decide_breakdown(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)


def can_decide_requests(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)


def can_read_requests(user: User) -> bool:
    """Supervisors answer the units, publishers what is to be corrected."""
    return user.has_role(Role.SUPERVISOR, Role.PUBLISHER)


def can_correct(user: User, task: Task, voice: str) -> bool:
    """Each voice its own words: reporters of the lead unit theirs, supervisors the verdict."""
    if voice == Voice.SUPERVISOR:
        return user.has_role(Role.SUPERVISOR)
    return correcting_unit(task, voice, user) is not None


def can_gather(user: User) -> bool:
    """The package for an inspection: whoever reads reports, each as many as the person may see."""
    readers = (Role.REPORTER, Role.SIGNER, Role.SUPERVISOR, Role.PUBLISHER, Role.LEADER, Role.AUDITOR)
    return user.has_role(*readers)


def can_review(user: User, report: ProgressReport) -> bool:
    return user.has_role(Role.SUPERVISOR)


def can_open_periods(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)


def can_prepare_release(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)


def can_publish(user: User) -> bool:
    return user.has_role(Role.PUBLISHER)


def can_preview_release(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR, Role.PUBLISHER, Role.LEADER)


def can_handle_release(user: User) -> bool:
    """Records its approval, takes it back, looks again at what it withholds."""
    return user.has_role(Role.SUPERVISOR, Role.PUBLISHER)


def can_extend_withholding(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)


def can_read_slips(user: User) -> bool:
    return user.has_role(Role.REPORTER, Role.SIGNER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)


def can_issue_slips(user: User) -> bool:
    """And send back, raise and close them."""
    return user.has_role(Role.SUPERVISOR)


def can_reply_to_slip(user: User, slip: SupervisionSlip) -> bool:
    return answering_unit(slip.department_id, user) is not None


def can_oversee(user: User) -> bool:
    """The first screen of leaders and the papers of their meetings."""
    return user.has_role(Role.LEADER, Role.SUPERVISOR)


def can_read_coordination(user: User) -> bool:
    return user.has_role(Role.REPORTER, Role.SIGNER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)


def can_raise_coordination(user: User, task: Task) -> bool:
    """Supervisors about any task, reporters about those of their units."""
    own = user.departments_as(Role.REPORTER)
    return user.has_role(Role.SUPERVISOR) or task.responsibilities.in_force().filter(department__in=own).exists()


def can_decide_coordination(user: User) -> bool:
    return user.has_role(Role.LEADER, Role.SUPERVISOR)


def can_instruct(user: User) -> bool:
    return user.has_role(Role.LEADER)


def can_reply_coordination(user: User, item: CoordinationItem) -> bool:
    return answering_unit(item.owner_id, user) is not None


def can_close_coordination(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)
