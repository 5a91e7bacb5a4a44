"""The figures of 总览 in plain Python, from the rows that anybody can download.

Nothing of the portal helps here: words and groups are written down once more, as a stranger would.
"""

from datetime import date
from decimal import Decimal

from tests.progress.tables import tables

GOING, SILENT = ["on_course", "not_started"], ["extended", "not_reported", "returned", "withheld"]
BEHIND = ["slow", "partly", "not_done", "no_progress", "blocked"]
GONE = ["ended", "succeeded"]
ROWS = {"已完成": ["done"], "在推进或还没有启动": GOING, "落后": BEHIND, "没有公布进展": SILENT, "不再要求报送": GONE}
ON = {
    "按时报送": "on_time",
    "追溯填报": "retroactive",
    "逾期报送": "late",
    "未报送": "missing",
    "不再要求报送": "not_asked",
}
APART = {"经批准延期报送": "extended", "退回修改中": "returned", "依法暂不公开": "withheld"}


def asked_for(client, slug: str, year: int, quarter: int):
    asked = {"plan": slug, "quarter": f"{year}-{quarter}"}
    file, page = client.get("/dashboard/recount.json", asked), client.get("/dashboard/", asked)
    data = file.json()
    assert (page.status_code, data["plan"], data["quarter"]) == (200, slug, asked["quarter"])
    return data, page


def told(row) -> bool:
    return row["state"] not in [*SILENT, *GONE]


def group(rows: list[dict]) -> list[str]:
    """As a line of the tables of units and sections shows it."""
    asked = [row for row in rows if row["state"] not in GONE]
    late = sum(row["reporting"] == "late" for row in rows)
    states = [row["state"] for row in rows]
    behind, done = sum(state in BEHIND for state in states), states.count("done")
    return [f"{len(asked)} 项中 {sum(map(told, rows))} 项", str(late), str(behind), str(done)]


def column(row: dict) -> str:
    word = next((word for word, state in APART.items() if state == row["state"]), "")
    return word or next(word for word, reporting in ON.items() if reporting == row["reporting"])


def apart(start: str, end: str) -> int:
    return max((date.fromisoformat(end) - date.fromisoformat(start)).days, 0)


def waits(rows: list[dict], start: str, end: str) -> list[int]:
    return sorted(apart(row[start], row[end]) for row in rows if row[start] and row[end])


def same(data: dict, page) -> None:
    """Every table of the page is what the rows give."""
    shown, rows = tables(page), data["rows"]
    cross = shown["办得怎样（行）和报得怎样（列），项数"]
    for line in cross[1:]:
        own = [row for row in rows if row["state"] in ROWS[line[0]]]
        expected = [sum(column(row) == word for row in own) for word in cross[0][1:-1]]
        assert [int(cell.split()[0]) for cell in line[1:]] == [*expected, len(own)]
    assert sum(int(line[-1]) for line in cross[1:]) == len(rows)
    units = {unit for row in rows for unit in row["units"]}
    of_units = [group([row for row in rows if unit in row["units"]]) for unit in units]
    assert sorted(line[1:] for line in shown.get("各单位", [""])[1:]) == sorted(of_units)
    sections = sorted({row["section"] for row in rows}, key=lambda key: int(key.rpartition("-")[2]))
    assert [line[1:] for line in shown["各部分"][1:]] == [
        group([row for row in rows if row["section"] == key]) for key in sections
    ]
    same_days(shown, rows)
    same_series(shown, data["readings"])


def same_days(shown: dict, rows: list[dict]) -> None:
    (caption,) = [caption for caption in shown if caption.endswith("各环节的天数")]
    unchecked = [row for row in rows if row["unchecked"]]
    hands = [waits(rows, "due_on", "first_filed_on"), waits(rows, "first_filed_on", "first_assessed_on")]
    hands.append(waits(unchecked, "first_filed_on", "released_on"))
    for line, days in zip(shown[caption][1:], hands, strict=True):
        middle = f"{days[(len(days) - 1) // 2]} 天" if days else "没有"
        assert line[1:4] == [str(len(days)), str(sum(one > 0 for one in days)), middle]
        assert line[4].split(" 天")[0] == (str(days[-1]) if days else "没有")


def same_series(shown: dict, readings: list[dict]) -> None:
    for key in {row["indicator"] for row in readings}:
        own = [row for row in readings if row["indicator"] == key]
        number = int(key.split(".")[0].rpartition("-")[2])
        head = f"{number} {own[0]['name']}（{own[0]['unit']}），"
        if own[0]["mode"] == "per_quarter":
            lines = shown[f"{head}累计（由本平台合计）"][1:]
            assert [line[2] for line in lines if line[2][0].isdigit()] == running(own)
        for line, row in zip(shown[f"{head}{filed(own[0])}"][1:], own, strict=True):
            assert line[2] == row["value"] or row["value"] is None
            assert line[3] == gap(row)


def filed(row: dict) -> str:
    return {"per_quarter": "每季", "cumulative": "累计", "at_end": "期末值"}[row["mode"]]


def running(rows: list[dict]) -> list[str]:
    """Until the first quarter that should be known and is not."""
    total, found = Decimal(0), []
    for row in rows:
        if row["value"] is None and row["plan"] is not None:
            break
        total += Decimal(row["value"] or 0)
        found += [plain(total)] if row["value"] is not None else []
    return found


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def gap(row: dict) -> str:
    if row["value"] is None or row["plan"] is None:
        return "无法计算"
    actual, low = Decimal(row["value"]), Decimal(row["plan"])
    high = Decimal(row["plan_max"] or low)
    far = actual - min(max(actual, low), high)
    return f"{'多' if far > 0 else '少'} {plain(abs(far))}" if far else "相符"


def counts(row: dict, recipe: dict) -> bool:
    held = all({row[name]} & {*wanted} if type(row[name]) is not list else {*row[name]} & {*wanted}
               for name, wanted in recipe.get("where", {}).items())  # fmt: skip
    one, other = [row[name] for name in recipe.get("differs", ["task", "title"])]
    named = [row[name] for name in (*recipe.get("filled", []), *recipe.get("days", []))]
    late = "over" not in recipe or (all(named) and apart(*(row[name] for name in recipe["days"])) > recipe["over"])
    newer = not recipe.get("later") or (row["revision"] or 0) > 1
    return bool(held and one and other and one != other and all(named) and late and newer)
