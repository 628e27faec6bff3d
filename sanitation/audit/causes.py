"""The closed list of causes, and how a finding is put into words."""

from __future__ import annotations

from sanitation.model import Violation

# cause -> (Chinese, English). Whoever reads a plan's violations may rely on these codes.
CAUSES: dict[str, tuple[str, str]] = {
    "format": ("格式错误", "the plan is not written as plan.json should be"),
    "unknown_id": ("编号不存在", "an id that the district does not have"),
    "disconnected": ("行驶不连续", "rows do not connect, or not at the place they name"),
    "not_on_way": ("不在所列道路上", "two consecutive nodes are no neighbours on the named way"),
    "one_way": ("单行道逆行", "a one-way street driven against its direction"),
    "turn_banned": ("违反转向限制", "a turn that a restriction forbids"),
    "u_turn": ("违规掉头", "turning round where it is not allowed"),
    "length": ("里程不符", "the metres stated are not the metres driven"),
    "too_fast": ("用时过短", "less time than driving, working, filling or dumping takes"),
    "too_slow": ("用时过长", "far more time than the work takes"),
    "time_gap": ("时间不连续", "a row does not begin when the one before ends"),
    "tank": ("水箱不符", "a tank below zero, over full, or litres that do not follow from use"),
    "window": ("超出作业时段", "work outside its shift's or round's window"),
    "wet_forbidden": ("湿式作业受限", "wet work where weather, cold or season forbids it"),
    "peak_ban": ("高峰禁行", "wet work in the peak hours"),
    "shift": ("超出班次", "a run outside its shift"),
    "run_too_long": ("单次出车过长", "a run longer than the rules allow"),
    "rest_missing": ("缺少休息", "driving and working too long without a rest"),
    "load": ("载重不符", "kilograms on board, or of a duty, that do not follow from the work"),
    "stream": ("分类不符", "waste with a truck, another stream or at a place that is not for it"),
    "access": ("车型不符", "a truck or a crew that is not for the place"),
    "spacing": ("间隔不足", "two visits of a place too soon after each other"),
    "foot_ban": ("高温步行禁令", "work or ways on foot in hours when heat forbids it"),
    "closed": ("未开放", "unloading at a place that is not open"),
    "bays": ("泊位不足", "more vehicles at a point than it has bays"),
    "throughput": ("超出处理能力", "more waste at a station than it can handle in a day"),
    "containers": ("容器超限", "more in a station's containers than fits, or taken than is there"),
    "not_emptied": ("未日清", "waste left at a station that must be hauled off the same day"),
    "septic_full": ("化粪池超限", "more in a septic tank than it may hold"),
    "vehicle_twice": ("车辆重复", "a vehicle in two runs at once"),
    "vehicle_status": ("车辆不可用", "a vehicle that may not do this run"),
    "driver_twice": ("人员重复", "a person in two runs at once"),
    "driver_role": ("岗位不符", "a helper who drives, or a driver who helps"),
    "driver_runs": ("出车次数过多", "too many runs in a driver's duty day"),
    "driver_work": ("工时过长", "too much work in a driver's duty day"),
    "driver_span": ("工作跨度过长", "a duty day that lasts too long from first start to last end"),
    "driver_rest_day": ("休息日出车", "a person on a day off"),
    "staffing": ("岗位缺人", "a post that lacks people and does not say so"),
    "served_twice": ("重复作业", "one duty done more than once"),
    "section_wrong": ("路段不符", "the nodes driven are not the section's"),
    "pass_missing": ("漏作业", "due work that is nowhere in the plan"),
    "over_served": ("超额作业", "work that is not due, or listed and done as well"),
    "suspended_wrong": ("停作业无据", "work suspended by a rule that does not hold"),
    "fleet": ("出车数过多", "more vehicles of a type out than there are in service"),
    "order_broken": ("未按指令", "an order that the plan says it obeys but does not"),
    "conditions": ("作业条件不符", "recorded conditions that do not follow from the weather"),
    "indicators": ("指标不符", "figures of the plan that do not add up"),
}


def found(cause: str, run_id: str, stop: int, zh: str, en: str) -> Violation:
    """A violation whose text names the run and stop first, Chinese then English.

    Raises:
        KeyError: the cause is not in the closed list.
    """
    title_zh, title_en = CAUSES[cause]
    place_zh = f"{run_id} " if run_id else ""
    place_en = f"run {run_id}, " if run_id else ""
    if stop >= 0:
        place_zh += f"第 {stop} 站 "
        place_en += f"stop {stop}: "
    elif run_id:
        place_en = f"run {run_id}: "
    return Violation(
        cause, run_id, stop, f"{place_zh}{title_zh}：{zh} / {place_en}{en} ({title_en})"
    )


def clock(second_s: int) -> str:
    """Clock time of a second of the plan's day: 06:30:00, or -1d 22:30:00 the evening before."""
    day, rest = divmod(second_s, 86_400)
    text = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    return text if day == 0 else f"{day:+d}d {text}"
