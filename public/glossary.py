"""The meanings of the status words, for the page that explains them; the words are the enums'."""

import json
from collections.abc import Callable

from django.conf import settings

from common.ui.chips import Chip, Tone
from progress.choices import PUBLIC_TRAJECTORY, Pace, Reporting, State, Timing, Trajectory, tone_of
from publishing.choices import OUTCOME_TONES, Outcome
from publishing.read_models.commitment_status import NO_STATEMENT
from publishing.read_models.public_status import NOT_PUBLISHED, STATE_WORDS
from tasks.choices import ResponsibilityBasis

ABOUT_PAGES = {"accessibility": "无障碍说明", "privacy": "个人信息保护", "contact": "联系我们"}

PACE_MEANINGS = {
    Pace.DONE: "承诺内容已经全部做到。",
    Pace.PARTLY: "到期时做到了一部分。",
    Pace.NOT_DONE: "到期时没有做到。",
    Pace.BLOCKED: "文件写明的前置条件还没有具备，单位须附证据说明。",
    Pace.NOT_STARTED: "还没有开始，也还没有到期。",
    Pace.ON_COURSE: "正在做，按计划可以完成。",
    Pace.SLOW: "正在做，但比计划慢。",
    Pace.NO_PROGRESS: "这个季度没有进展，单位须写明原因。",
}
STATE_MEANINGS = {
    State.RETURNED: (
        "单位报送过，督查单位退回补充，公布时还没有再次报送；首次报送的日子写在旁边。"
    ),
    State.EXTENDED: (
        "到公布时单位没有报送，批准延期的日子还没有到；那一天写在旁边，报送后另发一版。"
    ),
    State.NOT_REPORTED: (
        "截止日已过，到公布时单位没有报送，也没有还没到期的批准延期。没有报送不等于没有做。"
    ),
    State.CLOSED_EARLY: (
        "填报期在原定的截止日以前提前截止，到截止时单位没有报送。单位少了填报的时间，不算逾期。"
    ),
    State.ENDED: "经批准终止，写明依据；此后开始的季度不再要求报送。",
    State.SUCCEEDED: "经批准合并或拆分，由写明的其他任务承接；此后开始的季度不再要求报送。",
    State.WITHHELD: "依照法律暂时不能公开，页面写明依据，并计入总数。",
}
TIMING_MEANINGS = {
    Timing.NOT_DUE: "离期限还早。",
    Timing.CLOSE: "离期限不到两周。",
    Timing.OVERDUE: "期限已过，还没有做到。",
    Timing.EARLY: "在期限之前做到。",
}
TRAJECTORY_MEANINGS = {
    Trajectory.AHEAD: "实际数字超过当季目标值的105%。",
    Trajectory.ON_PATH: "实际数字在当季目标值的95%到105%之间。",
    Trajectory.WATCH: "实际数字达到当季目标值的85%，不到95%。",
    Trajectory.BEHIND: "实际数字不到当季目标值的85%。",
    Trajectory.UNKNOWN: "文件没有写明当季应达到多少，也没有经确认的单位分解，本平台不推算。",
}
OUTCOME_MEANINGS = {
    Outcome.DONE: "到年底，承诺的全部做到。",
    Outcome.EXCEEDED: "到年底，做到的比承诺的多。",
    Outcome.PARTLY: "到年底做到了一部分。",
    Outcome.NOT_DONE: "到年底没有做到。",
    Outcome.DONE_CHANGED: "按经批准调整后的内容做到；原定的内容同时列出。",
    Outcome.ENDED: "经批准不再办理。",
}
REPORTING_MEANINGS = {
    Reporting.NOT_DUE: "还没有到报送的时候。",
    Reporting.AWAITED: "还没有到截止日或批准延期的日子，还没有报送。",
    Reporting.ON_TIME: "在截止日当天或以前报送；经批准延期的，以批准的日子为准。",
    Reporting.LATE: "在截止日（经批准延期的，批准的日子）之后报送。",
    Reporting.RETURNED: (
        "报送过，督查单位退回补充，还没有再次报送；再次报送以前不算按时，也不算逾期。"
    ),
    Reporting.RETROACTIVE: "填报期在季度结束很久以后才开放，按期报送的不算逾期。",
    Reporting.MISSING: "截止日已过，没有报送。",
    Reporting.CLOSED_EARLY: "填报期在截止日以前提前截止，到截止时没有报送；不算逾期。",
    Reporting.NOT_ASKED: "这个季度开始以前任务已经终止、合并或拆分。",
    Reporting.NOT_COLLECTED: "本平台那时还没有启用，没有收集这个季度的进展，不作任何推断。",
}
# Words that stand in place of a state and belong to no status dimension.
SILENCE_MEANINGS = {
    "待核查": "单位已经报送，督查单位还没有核定；先公布单位的话。",
    STATE_WORDS[NOT_PUBLISHED]: "这个季度的进展还没有公布。",
    NO_STATEMENT: "这一期公布了进展，但单位和督查单位都没有单独说到这一条。",
}
BASIS_MEANINGS = {
    ResponsibilityBasis.PUBLISHED: "文件里写明由这个单位负责。",
    ResponsibilityBasis.DESIGNATED: "文件没有写明，后来由督查单位指定。",
    ResponsibilityBasis.PROPOSED: (
        "文件没有写明，只是按单位职能推测。除演示外不公开，页面写“待确认”。"
    ),
}
# Steps of a quarter whose names are easily confused, in their order.
STEPS = {
    "审签": "责任单位的审签人（单位领导）在报送以前看过并签出；只有设了审签的单位才有这一步。",
    "核查": "督查员对照文件、数据和佐证材料，弄清单位说的是不是属实。",
    "核定": "督查员核查以后给出的进展状态，叫“督查核定”，与单位自评并列公布，不改单位的话。",
    "审核通过": "一份填报的状态：督查员已作核定，等待公布。核定可以与单位自评不同。",
    "保密审查": (
        "督查员准备公布时逐项决定能不能公开；依法不能公开的，写明依据和再看一次的日子（再审查日期）。"
    ),
    "报审": "督查员把将要公布的全部内容做成报审稿，送领导批准；批准登记以后，由另一位发布员发布。",
    "复核": "单位对公布的核定有不同意见时申请，由没有核定过这份填报的另一位督查员作出结论。",
}


def _quiet_meanings(words: dict) -> list[tuple[Chip, str]]:
    return [
        (Chip(str(getattr(word, "label", word)), Tone.QUIET), text) for word, text in words.items()
    ]


def _outcome_tone(outcome: str) -> Tone:
    return OUTCOME_TONES[Outcome(outcome)]


def _meanings(
    words: dict, labels: dict | None = None, tone: Callable[[str], Tone] = tone_of
) -> list[tuple[Chip, str]]:
    return [
        (Chip(str(labels[word] if labels else word.label), tone(word)), text)
        for word, text in words.items()
    ]


# (title, who decides it, [(word, meaning)])
AXES = [
    (
        "进展状态",
        (
            "先由责任单位自评，再由督查单位核定；核定附核查方式和把握大小。两种声音并排公布，"
            "不同的标明“两者不一致”。"
        ),
        _meanings(PACE_MEANINGS),
    ),
    (
        "没有进展状态时",
        "由公布规则决定。",
        _meanings(STATE_MEANINGS) + _quiet_meanings(SILENCE_MEANINGS),
    ),
    ("时限", "由日期决定。", _meanings(TIMING_MEANINGS)),
    (
        "数字进度",
        "由数字决定；目标是“不高于”的，倒过来算。",
        _meanings(TRAJECTORY_MEANINGS, PUBLIC_TRAJECTORY),
    ),
    ("报送", "由报送时间决定。", _meanings(REPORTING_MEANINGS)),
    (
        "年终结论",
        "由督查单位逐项作出，另一人核对后公布，不由规则推算。",
        _meanings(OUTCOME_MEANINGS, tone=_outcome_tone),
    ),
    ("责任单位的依据", "由文件或督查单位决定。", _quiet_meanings(BASIS_MEANINGS)),
]


def meanings() -> list[dict]:
    """All meanings as plain data: what is frozen as a version of progress/definitions.py."""
    return [
        {"title": title, "says": author, "words": [[chip.label, meaning] for chip, meaning in rows]}
        for title, author, rows in AXES
    ]


def frozen_text(version: str) -> str:
    """The meanings of a version as JSON, exactly as it was frozen."""
    return (settings.FIXTURES / "definitions" / f"{version}.json").read_text("utf-8")


def frozen_meanings(version: str) -> list[dict]:
    """The meanings of a version, in the form of `meanings`."""
    return json.loads(frozen_text(version))
