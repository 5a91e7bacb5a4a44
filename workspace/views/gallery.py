"""The page that shows every component in every state, with real words instead of filler text."""

from datetime import date, datetime, timezone
from decimal import Decimal

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.ui.charts import Chart, Point
from common.ui.chips import Chip, QuarterMark, Segment, Tone
from common.ui.crumbs import STAFF_HOME
from common.ui.form_fields import PlainForm
from departments.http import StaffRequest

CHIPS = (
    Chip("已完成", Tone.DONE),
    Chip("正常推进", Tone.COURSE, "单位自评，待核查"),
    Chip("推进缓慢", Tone.BEHIND, "督查核定 · 2017年第三季度"),
    Chip("未完成", Tone.LATE, "督查核定", demo=True),
    Chip("未报送", Tone.SILENT),
    Chip("退回修改中", Tone.RETURNED),
    Chip("经批准延期报送", Tone.QUIET, "至2017年11月10日"),
    Chip("未到期", Tone.QUIET),
    Chip("平台启用前，未采集", Tone.QUIET, demo=True),
    Chip("无法计算", Tone.QUIET, "文件未公布阶段目标"),
)
SEGMENTS = (
    Segment("已完成", 12, Tone.DONE, "/tasks/?state=done"),
    Segment("正常推进", 21, Tone.COURSE, "/tasks/?state=on_course"),
    Segment("推进缓慢", 6, Tone.BEHIND, "/tasks/?state=slow"),
    Segment("未完成", 0, Tone.LATE),
    Segment("未报送", 4, Tone.SILENT),
    Segment("退回修改中", 3, Tone.RETURNED),
    Segment("未到期", 2, Tone.QUIET),
)
QUARTERS = (
    QuarterMark("第一季度", Chip("已完成", Tone.DONE), "/quarters/2017-1/"),
    QuarterMark("第二季度", Chip("正常推进", Tone.COURSE), "/quarters/2017-2/"),
    QuarterMark(
        "第三季度", Chip("推进缓慢", Tone.BEHIND, "督查核定"), "/quarters/2017-3/", current=True
    ),
    QuarterMark("第四季度", Chip("未到期", Tone.QUIET)),
)

PICTURE = Chart(
    "sample",
    "文艺演出（场），每季",
    "计划每季 10 场；第一季度 10 场，第二季度 12 场，第三季度 7 场，第四季度未报送",
    [
        Point(
            "一季度",
            Decimal(10),
            None,
            Decimal(10),
            "",
            Tone.COURSE,
            "第一季度：计划 10 场，实际 10 场",
            "#",
        ),
        Point(
            "二季度",
            Decimal(8),
            Decimal(10),
            Decimal(12),
            "",
            Tone.DONE,
            "第二季度：计划 8 至 10 场，实际 12 场",
        ),
        Point(
            "三季度",
            Decimal(10),
            None,
            Decimal(7),
            "",
            Tone.LATE,
            "第三季度：计划 10 场，实际 7 场",
        ),
        Point("四季度", missing="未报送", summary="第四季度：没有计划，未报送"),
    ],
)

TITLES = ("高效开展“公厕革命”", "提高社会保障水平", "铸造精品公共服务基础设施")

WORDINGS = (
    "完成市政公厕改造28座、社会公厕61座，新建4座；其余正在施工，年底前完成。",
    "完成市政公厕改造26座、社会公厕61座，新建4座；其余已开工，力争年底前完成。",
)


class SampleForm(PlainForm):
    words = forms.CharField(
        label="您想说什么",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="请不要写身份证号、银行卡号。",
    )
    kind = forms.ChoiceField(
        label="这是",
        widget=forms.RadioSelect,
        choices=[("ask", "咨询"), ("complain", "投诉"), ("suggest", "建议")],
    )
    unit = forms.ChoiceField(label="与哪个单位有关", choices=[("", "不确定")], required=False)
    phone = forms.CharField(label="手机号", required=False, help_text="只用来告诉您办理结果。")
    photo = forms.FileField(label="照片", required=False)
    channels = forms.MultipleChoiceField(
        label="怎样告诉您",
        widget=forms.CheckboxSelectMultiple,
        choices=[("web", "网页查询"), ("sms", "短信")],
        required=False,
    )
    agreed = forms.BooleanField(
        label="同意公开我的问题和答复，公开前会隐去个人信息", required=False
    )


@require_safe
def gallery(request: StaffRequest) -> HttpResponse:
    """Every part of the pages in every state, for those who work on them: not on a real site."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(
        request,
        "staff/components.html",
        {
            "chips": CHIPS,
            "segments": SEGMENTS,
            "quarters": QUARTERS,
            "tones": list(Tone),
            "sample": SampleForm(),
            "wrong": SampleForm({"wrong-phone": "12"}, prefix="wrong"),
            "page_obj": Paginator(range(240), 20).get_page(6),
            "titles": TITLES,
            "picture": PICTURE,
            "wordings": WORDINGS,
            "day": date(2017, 9, 30),
            "moment": datetime(2017, 10, 30, 6, 5, tzinfo=timezone.utc),
            "crumbs": [STAFF_HOME, ("组件", "")],
        },
    )
