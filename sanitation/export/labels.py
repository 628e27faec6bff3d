"""Words of the sheets and tables in Chinese and English, and the formats of figures.

Units: seconds after 00:00 of the plan's date, metres, litres. ``lang`` is "zh" or "en"
everywhere; an unknown word (a service or level a district invented) is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

LANGS = ("zh", "en")

_WORDS: dict[str, tuple[str, str]] = {
    # services, shown as what the crew does
    "wash": ("洗路", "washing"),
    "sprinkle": ("洒水", "sprinkling"),
    "sweep": ("机扫", "sweeping"),
    "collect": ("收运", "collection"),
    "haul": ("转运", "haulage"),
    "toilet": ("公厕保洁", "toilet cleaning"),
    "septic": ("化粪池清掏", "septic emptying"),
    "bins": ("果皮箱收运", "litter bins"),
    # kinds of rows
    "depart": ("出车", "Depart"),
    "service": ("作业", "Work"),
    "travel": ("空驶", "Drive"),
    "fill": ("加水", "Fill"),
    "dump": ("排污", "Dump"),
    "unload": ("卸料", "Unload"),
    "rest": ("休息", "Rest"),
    "wait": ("等待", "Wait"),
    "return": ("收车", "Return"),
    # kinds of rows of trucks that carry waste
    "collect_service": ("收运", "Collect"),
    "haul_service": ("换箱", "Swap container"),
    "septic_service": ("吸粪", "Pump out"),
    "bins_service": ("清箱", "Empty bins"),
    "loaded_travel": ("行驶", "Drive"),
    "transfer": ("转运", "Transfer"),
    "transfer_back": ("返程", "Drive back"),
    # kinds of rows of rounds
    "toilet_service": ("保洁", "Clean"),
    "foot_depart": ("出发", "Set out"),
    "foot_travel": ("步行", "Walk"),
    "foot_return": ("返回", "Return"),
    # streams of waste
    "residual": ("其他垃圾", "residual waste"),
    "kitchen": ("厨余垃圾", "kitchen waste"),
    "recyclable": ("可回收物", "recyclables"),
    "hazardous": ("有害垃圾", "hazardous waste"),
    "night_soil": ("粪污", "night soil"),
    # weather and alerts
    "clear": ("晴", "clear"),
    "cloudy": ("多云", "cloudy"),
    "rain": ("雨", "rain"),
    "snow": ("雪", "snow"),
    "pollution": ("重污染", "pollution"),
    "heat": ("高温", "heat"),
    "event": ("活动日", "event day"),
    "rainstorm": ("暴雨", "rainstorm"),
    "blue": ("蓝色", "blue"),
    "yellow": ("黄色", "yellow"),
    "orange": ("橙色", "orange"),
    "red": ("红色", "red"),
    # the sheet
    "title": ("环卫作业路线单", "Route sheet"),
    "model_mark": ("模型数据，非真实", "Model data, not real"),
    "number": ("单号", "No."),
    "date_shift": ("日期/班次", "Date / shift"),
    "weather": ("天气/气温/预警", "Weather / alerts"),
    "unit": ("单位/班组", "Unit / crew base"),
    "vehicle": ("车牌号/自编号/车型", "Plate / no. / type"),
    "crew": ("驾驶员/跟车员", "Driver / helper"),
    "crew_toilet": ("保洁员/同行", "Cleaner / with"),
    "depot": ("停车场", "Depot"),
    "depot_toilet": ("班点", "Base"),
    "odometer_toilet": ("里程表 (km，步行免)", "Odometer km (not on foot)"),
    "planned": ("计划出车/收车", "Planned out / in"),
    "actual": ("实际出车/收车", "Actual out / in"),
    "odometer": ("里程表读数 (km)", "Odometer out/in km"),
    "check": ("出车检查", "Pre-trip check"),
    "checks": (
        "□灯光　□制动　□警示灯　□喷嘴　□水位",
        "□ lights  □ brakes  □ beacon  □ nozzles  □ water level",
    ),
    "checks_collect": (
        "□灯光　□制动　□警示灯　□上料机构　□箱体密封",
        "□ lights  □ brakes  □ beacon  □ bin lift  □ body seals",
    ),
    "checks_haul": (
        "□灯光　□制动　□警示灯　□钩臂　□箱体锁止",
        "□ lights  □ brakes  □ beacon  □ hook arm  □ container locks",
    ),
    "checks_septic": (
        "□灯光　□制动　□警示灯　□真空泵　□吸管　□罐体密封",
        "□ lights  □ brakes  □ beacon  □ vacuum pump  □ hoses  □ tank seals",
    ),
    "checks_bins": (
        "□灯光　□制动　□警示灯　□箱体密封　□清掏工具",
        "□ lights  □ brakes  □ beacon  □ body seals  □ tools",
    ),
    "checks_toilet": (
        "□车辆（步行免）　□清洁工具　□除臭剂　□纸和洗手液　□反光背心",
        "□ vehicle (not on foot)  □ tools  □ deodorant  □ paper and soap  □ vest",
    ),
    "seq": ("序号", "No."),
    "section": ("作业路段", "Section"),
    "from": ("起点", "From"),
    "to": ("止点", "To"),
    "direction": ("方向/侧", "Direction / side"),
    "grade": ("等级", "Gr."),
    "pass": ("遍数", "Pass"),
    "plan_time": ("计划起止", "Plan"),
    "length": ("里程 (m)", "Len. (m)"),
    "area": ("面积 (m²)", "Area (m²)"),
    "actual_time": ("实际时间", "Actual"),
    "done": ("完成 √", "Done √"),
    "remark": ("备注", "Remarks"),
    "site": ("作业点", "Site"),
    "site_id": ("编号", "Id"),
    "stream": ("垃圾类别", "Stream"),
    "bin_count": ("桶数", "Bins"),
    "litter_bins": ("箱数", "Bins"),
    "round": ("箱次", "Haul"),
    "level": ("池内 (m³)", "In tank (m³)"),
    "part": ("车次", "Load"),
    "pumped": ("吸取 (m³)", "Taken (m³)"),
    "visit": ("今日第几次", "Visit"),
    "clean": ("清洁 (分钟)", "Clean (min)"),
    "deodorise": ("除臭 (分钟)", "Deodorise (min)"),
    "load": ("收运量 (kg)", "Load (kg)"),
    "on_board": ("车载累计 (kg)", "On board (kg)"),
    "kind": ("类别", "Kind"),
    "total": ("合计", "Total"),
    "total_service": ("作业里程", "Work"),
    "total_travel": ("空驶里程", "Deadhead"),
    "total_area": ("作业面积", "Area"),
    "total_water": ("用水量", "Water"),
    "total_fuel": ("油耗", "Fuel"),
    "total_stops": ("作业点", "Stops"),
    "total_sites": ("公厕", "Toilets"),
    "total_bins": ("桶数", "Bins"),
    "total_litter_bins": ("果皮箱", "Litter bins"),
    "total_load": ("收运量", "Load"),
    "total_pumped": ("吸取量", "Taken"),
    "total_driven": ("行驶里程", "Driven"),
    "total_unloads": ("卸料次数", "Unloadings"),
    "bans": ("禁行提示", "Restrictions"),
    "abnormal": ("异常情况", "Incidents"),
    "dispatcher": ("调度员", "Dispatcher"),
    "driver": ("驾驶员", "Driver"),
    "cleaner": ("保洁员", "Cleaner"),
    "inspector": ("检查员", "Inspector"),
    "sign_date": ("日期", "Date"),
    "rule": (
        "按单行驶：未经调度员同意，不得改变路线和时间。收车后交回本单。",
        "Keep to route and times unless the dispatcher agrees. Hand this sheet in on return.",
    ),
    # the list of attended toilets
    "posts_title": ("公厕值守表", "Toilet staffing list"),
    "date": ("日期", "Date"),
    "toilets": ("值守公厕", "Attended toilets"),
    "attendants": ("到岗/需人", "There / needed"),
    "toilet_site": ("公厕", "Toilet"),
    "subdistrict": ("街道", "Subdistrict"),
    "post": ("岗位", "Post"),
    "duty_time": ("值守时间", "Hours"),
    "attendant": ("值守员", "Attendant"),
    "attendant_id": ("人员编号", "Attendant id"),
    "relief": ("支援", "relief"),
    "vacant": ("缺岗", "vacant"),
    "sign_on": ("签到", "Sign on"),
    "sign_off": ("签退", "Sign off"),
    "forward": ("正向", "forward"),
    "backward": ("反向", "backward"),
    "one_way": ("单行", "one-way"),
    "unnamed": ("无名路", "unnamed road"),
    "straight": ("直行", "straight"),
    "left": ("左转", "left"),
    "right": ("右转", "right"),
    "turn_round": ("掉头", "U-turn"),
    "cross": ("过路口", "cross the junction"),
    "none": ("无", "none"),
    "map": ("路线示意图", "Sketch map"),
    "index": ("路线单目录", "Route sheets"),
    "run": ("班次号", "Run"),
    "service_name": ("作业", "Service"),
    "shift": ("班次", "Shift"),
    "file": ("文件", "File"),
    "data": ("数据", "Data"),
    "pages": ("页数", "Pages"),
}


def word(key: str, lang: str) -> str:
    """The word for ``key``; the key itself where there is none. ValueError: unknown language."""
    if lang not in LANGS:
        raise ValueError(f"language {lang!r} is not one of {', '.join(LANGS)}")
    pair = _WORDS.get(key)
    return key if pair is None else pair[LANGS.index(lang)]


def word_of(key: str, service: str, lang: str) -> str:
    """The word for ``key`` as it is said of a service, else in general."""
    own = f"{key}_{service}"
    return word(own if own in _WORDS else key, lang)


def clock(time_s: int) -> str:
    """HH:MM of seconds after midnight, whatever the day (-5400 -> "22:30")."""
    return f"{time_s % 86_400 // 3600:02d}:{time_s % 3600 // 60:02d}"


def date_clock(plan_date: str, time_s: int) -> str:
    """MM-DD HH:MM of seconds after 00:00 of the plan's date: (2026-07-15, -5400) -> 07-14 22:30."""
    day = date.fromisoformat(plan_date) + timedelta(days=time_s // 86_400)
    return f"{day:%m-%d} {clock(time_s)}"


def iso_clock(text: str) -> str:
    """HH:MM of an ISO 8601 instant; ValueError if it is none."""
    return f"{datetime.fromisoformat(text):%H:%M}"


def street(road: str) -> str:
    """A road's street without its stretch in brackets: 长江道（红旗路–南门外大街） -> 长江道."""
    return road.partition("（")[0].partition(" (")[0].strip() or road


def km(length_m: float) -> str:
    """Metres as kilometres with one decimal; what would show as 0.0 but is not, with three."""
    return f"{length_m / 1000:.{3 if 0 < abs(length_m) < 50 else 1}f}"


def tonnes(load_kg: float) -> str:
    """Kilograms as tonnes with one decimal; what would show as 0.0 but is not, with three."""
    return km(load_kg)


def kilograms(load_kg: int) -> str:
    """A load as a driver reads it: 12500 -> "12,500 kg"."""
    return f"{load_kg:,} kg"


def distance(length_m: float) -> str:
    """A length as a driver reads it: tens of metres below 1 km, then kilometres."""
    if length_m < 1000:
        return f"{max(10, round(length_m / 10) * 10)} m" if length_m > 0 else "0 m"
    return f"{length_m / 1000:.1f} km"


def minutes(duration_s: int, lang: str) -> str:
    """A duration in whole minutes, at least one: 1200 -> "20分钟"."""
    whole = max(1, round(duration_s / 60))
    return f"{whole}分钟" if lang == "zh" else f"{whole} min"


def degrees(value: float) -> str:
    """A temperature without a needless decimal: 24.0 -> "24"."""
    return f"{value:g}"


def weather_text(conditions: Mapping[str, object], lang: str) -> str:
    """Weather, temperatures and alerts of a plan's conditions in one line."""
    low, high = conditions.get("tmin_c"), conditions.get("tmax_c")
    parts = [word(str(conditions.get("weather", "")), lang)]
    if isinstance(low, int | float) and isinstance(high, int | float):
        parts.append(f"{degrees(low)}～{degrees(high)} ℃")
    alerts = conditions.get("alerts")
    shown = [
        f"{word(str(kind), lang)}{'' if lang == 'zh' else ' '}{word(str(level), lang)}"
        for kind, level in (alerts if isinstance(alerts, list | tuple) else ())
    ]
    active = conditions.get("active")
    if isinstance(active, list | tuple) and "event" in active:
        parts.append(word("event", lang))
    nothing = "无预警" if lang == "zh" else "no alert"
    parts.append("、".join(shown) if shown else nothing)
    return " / ".join(part for part in parts if part)
