"""A list of new people as offices keep it: user name, name, unit, role; a line for each role."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from departments.actions import NewPerson
from departments.models import Department, Role, User
from departments.passwords import first_password

HEAD = ["用户名", "姓名", "单位", "岗位"]
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
AT_MOST = 50
# What each role is for, so that an administrator can choose.
ROLES = [
    (Role.REPORTER, "责任单位里填报进展、答复诉求的人；每个单位最好两位"),
    (Role.SIGNER, "责任单位里审签的领导"),
    (Role.SUPERVISOR, "督查室核查、退回、开放填报期的人"),
    (Role.PUBLISHER, "发布季度公报的人，与准备的人不能是同一位"),
    (Role.CLERK, "受理和转办群众来信的人"),
    (Role.LEADER, "区领导，看各单位报送的内容"),
    (Role.AUDITOR, "查看全部记录，什么也不能改"),
    (Role.ADMINISTRATOR, "管人员、单位和工作日历，不管内容"),
]


@dataclass
class NewcomerLine:
    """One line: its cells as read, the unit and role they name, and its errors.

    `number` counts the lines from 1.
    """

    number: int
    cells: list[str]
    department: Department | None = None
    role: Role | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def membership(self) -> tuple[Department | None, Role | None]:
        """The pair that makes a membership of the new account."""
        return self.department, self.role


def split(text: str) -> list[list[str]]:
    """Cells of lines pasted from a table or typed: separated by tabs, commas or blanks."""
    return [re.split(r"[\t,，]|\s+", line.strip()) for line in text.splitlines() if line.strip()]


def check(rows: Iterable[list[str]]) -> list[NewcomerLine]:
    """Finds unit and role of every line and notes its errors; two queries for all lines."""
    filled = [_strip_cells(row) for row in rows if any(cell.strip() for cell in row)]
    lines = [
        NewcomerLine(number, cells)
        for number, cells in enumerate(filled, 1)
        if cells[:1] != HEAD[:1]
    ]
    complete = [line for line in lines if len(line.cells) == 4 and all(line.cells)]
    for line in lines:
        if line not in complete:
            line.errors.append("每行要有四项：用户名、姓名、单位、岗位。")
    _check_names(complete)
    _check_memberships(complete)
    return lines


def _strip_cells(row: list[str]) -> list[str]:
    """The cells without surrounding blanks and without empty cells at the end of the line."""
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _check_names(lines: list[NewcomerLine]) -> None:
    names = {line.cells[0]: line.cells[1] for line in reversed(lines)}
    taken = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    for line in lines:
        username, name = line.cells[:2]
        if not USERNAME.fullmatch(username):
            line.errors.append("用户名只用小写字母、数字、点、横线，至少两位。")
        if username in taken:
            line.errors.append(f"已经有用户名 {username}。")
        if name != names[username]:
            line.errors.append(f"同一用户名写了两个姓名：{names[username]}、{name}。")
        if len(name) > 40:
            line.errors.append("姓名太长。")


def _check_memberships(lines: list[NewcomerLine]) -> None:
    units = {
        name: unit
        for unit in Department.objects.current()
        for name in (unit.full_name, unit.short_name)
    }
    roles = {role.label: role for role in Role}
    for line in lines:
        line.department, line.role = units.get(line.cells[2]), roles.get(line.cells[3])
        if line.department is None:
            line.errors.append(f"单位表里没有“{line.cells[2]}”。")
        if line.role is None:
            line.errors.append(f"没有“{line.cells[3]}”这个岗位，可写：{'、'.join(roles)}。")
    times = Counter((line.cells[0], line.membership) for line in lines)
    for line in lines:
        if times[line.cells[0], line.membership] > 1:
            line.errors.append("这一行写了两次。")


def new_people(lines: list[NewcomerLine]) -> list[NewPerson]:
    """One account for each user name with all its memberships and a new first password.

    `lines`: checked and without errors.
    """
    memberships: dict[str, list] = {}
    names = {line.cells[0]: line.cells[1] for line in lines}
    for line in lines:
        memberships.setdefault(line.cells[0], []).append(line.membership)
    return [
        NewPerson(username, names[username], first_password(), tuple(pairs))
        for username, pairs in memberships.items()
    ]
