"""How a task is named in a document."""

from tasks.models import Task


def name_of(task: Task) -> str:
    """第18项 职业培训（wp2013-18）"""
    return f"第{task.number}项 {task.title}（{task.code}）"
