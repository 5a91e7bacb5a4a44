"""More of the same, for lists."""

from datetime import date

from departments.models import Department
from tasks.models import ChangeRequest, Commitment, Responsibility, Task

PDF = b"%PDF-1.4\n%%EOF\n"


def more_tasks(paper, unit: Department, count: int, first: int = 101) -> list[Task]:
    """Tasks `first`, `first` + 1 … of the paper, each one commitment, each answered for by the unit."""
    tasks = Task.objects.bulk_create(
        Task(plan=paper.plan, section=paper.section, number=n, code=f"wp2013-{n}", title=f"第{n}项", search_text="")
        for n in range(first, first + count)
    )
    Commitment.objects.bulk_create(
        Commitment(task=task, order=1, source="title", text=task.title, start=0, end=3, year=2013, measurable="no")
        for task in tasks
    )
    Responsibility.objects.bulk_create(
        Responsibility(task=task, department=unit, order=1, kind="listed", basis="published") for task in tasks
    )
    return tasks


def end(task: Task, *, on: date) -> ChangeRequest:
    """The task is asked for no more in quarters that begin after that day."""
    basis = {"reason": "已并入专项规划。", "basis_document": "第6号纪要", "approving_body": "区政府"}
    return ChangeRequest.objects.create(task=task, kind="end", approved_on=on, **basis)
