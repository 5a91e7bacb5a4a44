"""A list of new people as offices keep it: user name, name, unit, role; a line for each role."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from common.text.numerals import visible
from departments.actions import NewPerson
from departments.models import Department, User
from departments.passwords import first_password
from departments.roles import Role

HEAD = ["用户名", "姓名", "单位", "岗位"]
# What people type between two cells, beside blanks and tabs, and set around one.
MARKS, QUOTES = "[,，、;；|]", "\"“”'‘’"
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
    def is_complete(self) -> bool:
        """Whether it has all four cells, which the properties below name."""
        return len(self.cells) == len(HEAD) and all(self.cells)

    @property
    def username(self) -> str:
        return self.cells[0]

    @property
    def name(self) -> str:
        return self.cells[1]

    @property
    def membership(self) -> tuple[Department, Role]:
        """The membership of the new account, once the line was checked and has no errors."""
        assert self.department, "a line without errors names a unit"
        assert self.role, "a line without errors names a role"
        return self.department, self.role


def split(text: str) -> list[list[str]]:
    """Cells of lines pasted from a table or typed: separated by tabs, blanks or any of MARKS."""
    return [_cells(line) for line in text.splitlines() if visible(line)]


def _cells(line: str) -> list[str]:
    """The cells of one line.

    Tabs or marks alone come first, because blanks may stand beside them and inside of a name;
    where they do not make a whole line, all marks part cells, in any mixture.
    """
    line = visible(line)
    for mark in (r"\t", MARKS):
        cells = re.split(mark, line)
        if len(cells) == len(HEAD):
            return cells
    return re.split(rf"[^\S\t]*(?:\t|{MARKS})[^\S\t]*|\s+", line)


def check(rows: Iterable[list[str]]) -> list[NewcomerLine]:
    """Finds unit and role of every line and notes its errors; two queries for all lines."""
    filled = filter(None, map(_strip_cells, rows))
    lines = [
        NewcomerLine(number, cells)
        for number, cells in enumerate(map(_split_whole_line, filled), 1)
        if cells[:1] != HEAD[:1]
    ]
    complete = [line for line in lines if line.is_complete]
    _note_incomplete(lines)
    _check_names(complete)
    _check_memberships(complete)
    _note_repeated(complete)
    return lines


def _split_whole_line(cells: list[str]) -> list[str]:
    """A line of a file that its program left in one cell, because it knows other marks."""
    return list(map(_bare, _cells(cells[0]))) if len(cells) == 1 else cells


def _bare(cell: str) -> str:
    return visible(visible(cell).strip(QUOTES))


def _strip_cells(row: list[str]) -> list[str]:
    """The cells without surrounding blanks and quotes, unseen signs, and empty cells at the end."""
    cells = list(map(_bare, row))
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _note_incomplete(lines: list[NewcomerLine]) -> None:
    for line in lines:
        if not line.is_complete:
            line.errors.append("每行要有四项：用户名、姓名、单位、岗位。")


def _check_names(lines: list[NewcomerLine]) -> None:
    names = {line.username: line.name for line in reversed(lines)}
    taken = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    for line in lines:
        line.errors += _username_errors(line.username, taken)
        line.errors += _name_errors(line.name, names[line.username])


def _username_errors(username: str, taken: Container[str]) -> Iterator[str]:
    if not USERNAME.fullmatch(username):
        yield "用户名只用小写字母、数字、点、横线，至少两位。"
    if username in taken:
        yield f"已经有用户名 {username}。"


def _name_errors(name: str, first_name: str) -> Iterator[str]:
    """`first_name`: the name in the first line with the same user name."""
    if name != first_name:
        yield f"同一用户名写了两个姓名：{first_name}、{name}。"
    if len(name) > 40:
        yield "姓名太长。"


def _check_memberships(lines: list[NewcomerLine]) -> None:
    units = {
        name: unit
        for unit in Department.objects.current()
        for name in (unit.full_name, unit.short_name)
    }
    roles = {role.label: role for role in Role}
    for line in lines:
        _, _, unit_name, role_label = line.cells
        line.department, line.role = units.get(unit_name), roles.get(role_label)
        if line.department is None:
            line.errors.append(f"单位表里没有“{unit_name}”。")
        if line.role is None:
            line.errors.append(f"没有“{role_label}”这个岗位，可写：{'、'.join(roles)}。")


def _note_repeated(lines: list[NewcomerLine]) -> None:
    times = Counter((line.username, line.department, line.role) for line in lines)
    for line in lines:
        if times[line.username, line.department, line.role] > 1:
            line.errors.append("这一行写了两次。")


def new_people(lines: list[NewcomerLine]) -> list[NewPerson]:
    """One account for each user name with all its memberships and a new first password.

    `lines`: checked and without errors.
    """
    memberships: dict[str, list[tuple[Department, Role]]] = {}
    names = {line.username: line.name for line in lines}
    for line in lines:
        memberships.setdefault(line.username, []).append(line.membership)
    return [
        NewPerson(username, names[username], first_password(), tuple(pairs))
        for username, pairs in memberships.items()
    ]
