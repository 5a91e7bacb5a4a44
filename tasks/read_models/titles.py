from tasks.models import Task


def name_of(task: Task) -> str:
    return f"第{task.number}项 {task.title}（{task.code}）"
