"""More of everything: the first task of the house again and again, more papers, units and letters."""

from feedback import actions as feedback
from progress.models import Breakdown, Evidence
from publishing.models import Publication, YearEnd
from tasks.models import Plan
from tests.cast import NOW
from tests.feedback import letters
from tests.house import HOSTILE


def grow(house, numbers: range) -> None:
    for number in numbers:
        another_task(house, number)
        more_about_the_first_task(house.paper.task, number)
        another_unit_and_paper(house, number)
        another_year_closed(number)
        letters_again(house, str(number))


def twin(row, **changes):
    """A saved copy of a row, but for the changes."""
    copied = type(row)(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key})
    for name, value in changes.items():
        setattr(copied, name, value)
    copied.save(force_insert=True)
    return copied


def another_task(house, number: int) -> None:
    first = house.paper.task
    task = twin(first, number=number, code=f"wp2013-{number}", title=f"第{number}项")
    milestones = {row.pk: twin(row, task=task) for row in first.milestones.all()}
    promises = {
        row.pk: twin(row, task=task, milestone=milestones.get(row.milestone_id))
        for row in first.commitments.filter(order__lte=3)
    }
    indicators = {row.pk: twin(row, task=task) for row in first.indicators.filter(order=1)}
    for row in first.indicators.get(order=1).targets.all():
        twin(row, indicator=indicators[row.indicator_id], commitment=promises.get(row.commitment_id))
    for order, unit in enumerate(["anjianju", "jiaoyuju"], 1):
        basis = "published" if order == 1 else "proposed"
        held = first.responsibilities.in_force().first()
        twin(held, task=task, order=order, department=house.units[unit], basis=basis, kind="listed")
    for row in Publication.objects.filter(task=first, revision__lte=2):
        published = twin(row, task=task)
        children(row, {"publication": published}, promises, indicators)
        for objection in row.objections.all():
            twin(objection, publication=published)
        for correction in row.corrections.all():
            twin(correction, publication=published)
    for row in [*first.extensions.all(), *first.unlocks.all()]:
        twin(row, task=task)
    for row in first.slips.all():
        another_slip(row, task, number)
    for row in first.reports.all():
        another_report(row, task, promises, indicators)
    another_matter(first, task)


def another_matter(first, task) -> None:
    for row in first.coordination.all():
        item = twin(row, task=task)
        for note in row.notes.all():
            twin(note, item=item)


def another_slip(row, task, number: int) -> None:
    slip = twin(row, task=task, number=100 * number + row.number)
    for step in row.steps.all():
        copied = twin(step, slip=slip)
        for file in step.files.all():
            twin(file, step=copied)


def children(row, parents: dict, promises: dict, indicators: dict) -> None:
    for finding in row.findings.filter(commitment__in=promises):
        twin(finding, **parents, commitment=promises[finding.commitment_id])
    for reading in row.readings.filter(indicator__in=indicators):
        twin(reading, **parents, indicator=indicators[reading.indicator_id])


def another_report(row, task, promises: dict, indicators: dict) -> None:
    report = twin(row, task=task)
    part = twin(row.contributions.get(), report=report)
    for file in row.contributions.get().evidence.filter(sha256__regex="[a-f]"):
        twin(file, contribution=part)
    for assessment in row.assessments.all():
        twin(assessment, report=report)
    children(row, {"report": report, "contribution": part}, promises, indicators)


def more_about_the_first_task(task, number: int) -> None:
    """One more promise, number, paper and revision on its own pages."""
    promise = twin(task.commitments.get(order=3), order=number)
    indicator = twin(task.indicators.get(order=1), order=number, name=f"第{number}个指标")
    for target in task.indicators.get(order=1).targets.all():
        twin(target, indicator=indicator, commitment=promise)
    shown = list(Publication.objects.filter(task=task, revision__lte=2))
    for row, parent in [*((row, "publication") for row in shown), *((row, "report") for row in task.reports.all())]:
        part = {"contribution": row.contributions.get()} if parent == "report" else {}
        twin(row.findings.order_by("commitment__order").first(), **part, commitment=promise)
        for reading in row.readings.filter(indicator__order=1):
            twin(reading, **part, indicator=indicator)
    for paper in Evidence.objects.filter(contribution__report__task=task, sha256__regex="[a-f]"):
        twin(paper, sha256=f"{number:063}{paper.is_public:d}")
    for slip in task.slips.all():
        step = twin(slip.steps.exclude(kind="closed").earliest("pk"), words=f"第{number}次")
        twin(slip.steps.earliest("pk").files.earliest("pk"), step=step)
    change = task.change_requests.filter(kind="date").earliest("pk")
    twin(change.due_change, change_request=twin(change, basis_document=f"第{number}号文件"))
    twin(max(shown, key=lambda row: row.revision), revision=number, is_current=False)


def another_unit_and_paper(house, number: int) -> None:
    unit = house.units["chengguanju"]
    twin(unit, slug=f"unit-{number}", short_name=f"第{number}局", full_name=f"示例区第{number}局")
    paper = Plan.objects.get(pk=house.paper.plan.pk)
    another = twin(paper, slug=f"wp2013-{number}", title=f"第{number}份白皮书")
    section = twin(house.paper.section, plan=another)
    twin(house.paper.task, plan=another, section=section, code=f"paper{number}-1", number=number)
    twin(house.office.period, plan=another)
    for period in (house.office.third, paper.periods.get(index=4)):
        twin(period, plan=another)


def another_year_closed(number: int) -> None:
    """One more line in last year's result, one more step of a task broken down."""
    row = YearEnd.objects.select_related("task").order_by("pk").first()
    task = twin(row.task, number=number, code=f"wp2012-{number}", title=f"第{number}项")
    twin(row, task=task)
    step = Breakdown.objects.proposed().select_related("task").order_by("pk").first()
    twin(step, task=task)


def letters_again(house, mark: str) -> None:
    desk = (house.people.clerk, house.units["anjianju"], house.people.reporter)
    about = {"task": house.paper.task}
    letters.published(*desk, token=f"published {mark}", **about)
    letters.answered(*desk, token=f"answered {mark}", **about)
    letters.assigned(*desk[:2], token=f"assigned {mark}", **about)
    letters.received(f"complaint {mark}", kind="complaint", text=HOSTILE)
    one_more = letters.received(f"merged {mark}")
    feedback.merge(ticket=one_more, into=house.tickets["handling"].number, by=house.people.clerk, at=NOW)
    feedback.add(ticket=house.tickets["handling"], text=f"第{mark}次补充", photo=letters.PHOTO, at=NOW)
    letters.received(f"received {mark}", text=HOSTILE, **about)
    letters_about_what_is_public(house, desk, mark)


def letters_about_what_is_public(house, desk: tuple, mark: str) -> None:
    shown, about = Publication.objects.current().get(task=house.paper.task), {"task": house.paper.task}
    for token, found in (("found", "upheld"), ("waiting", "")):
        ticket = letters.published(*desk, token=f"{token} {mark}", kind="complaint", **about)
        feedback.dispute(ticket=ticket, publication=shown, by=desk[0], at=NOW)
        if found:
            by = house.people.other_supervisor
            feedback.decide_review(ticket=ticket, found=found, note=f"第{mark}次核实。", by=by, at=NOW)
    feedback.take_down(
        ticket=letters.published(*desk, token=f"down {mark}", **about), reason="依法", by=desk[0], at=NOW
    )
