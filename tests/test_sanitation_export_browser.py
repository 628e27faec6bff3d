"""The day's page in a real browser: it draws, it answers, and it asks nobody for anything.

Needs the Python package playwright and a Chromium at CHROMIUM; skipped with the reason otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from day_page import HOSTILE, handout, uncovered, violation

from sanitation.export.dayhtml import day_html

CHROMIUM = Path("/usr/bin/chromium")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
DESK, PHONE = (1440, 900), (390, 844)
Opens = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        yield (chromium := started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS))
        chromium.close()


@pytest.fixture
def opens(browser: Any, tmp_path: Path) -> Iterator[Opens]:
    """Opens a page and waits until it is drawn; at the end nothing may have gone wrong in any:
    no error on the console, none thrown, no request but for the file."""
    wrong: list[str] = []
    asked: list[str] = []
    contexts = []

    def opened(
        content: str, size: tuple[int, int] = DESK, address: str = "", touch: bool = False
    ) -> Any:
        path = tmp_path / f"{len(contexts)}.html"
        path.write_text(content, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, has_touch=touch
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
        page.goto(f"{path.as_uri()}{address}")
        waited(page, "window.dayPage !== undefined && dayPage.map.frames.length > 0")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []
    assert {url for url in asked if not url.startswith("data:")} == {
        (tmp_path / f"{number}.html").as_uri() for number in range(len(contexts))
    }


def waited(page: Any, condition: str) -> None:
    """Waits until it is true. Playwright's own way is a text made code, which the page forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {condition}")


def pixel(page: Any, canvas: str, x: float, y: float) -> list[int]:
    """Red, green, blue, alpha of a canvas at a point of its own pixels."""
    script = """([id, x, y]) => {
      const context = document.getElementById(id).getContext('2d');
      return [...context.getImageData(x, y, 1, 1).data];
    }"""
    return list(page.evaluate(script, [canvas, x, y]))


def at(page: Any, run: int, row: int) -> tuple[float, float]:
    """Where the middle of a row's first step lies in the window, with the stroke's offset."""
    return tuple(
        page.evaluate(
            """([run, row]) => {
              const { day, state } = dayPage, stop = day.runs[run].rows[row].stops[0];
              const box = document.getElementById('map').getBoundingClientRect();
              const [a, b] = stop.nodes;
              const x = (day.X[a] + day.X[b]) / 2, y = (day.Y[a] + day.Y[b]) / 2;
              const dx = day.X[b] - day.X[a], dy = day.Y[b] - day.Y[a], size = Math.hypot(dx, dy);
              return [(x - state.x) * state.zoom + box.width / 2 + box.left - dy / size * 3,
                      (y - state.y) * state.zoom + box.height / 2 + box.top + dx / size * 3];
            }""",
            [run, row],
        )
    )


def settled(page: Any) -> None:
    page.wait_for_timeout(350)


def test_a_click_on_the_map_chooses_the_run(opens: Opens) -> None:
    """Only the short run washes 长江道, in its third row: a click there opens its sheet at that
    row, marks its bar, and the address says so."""
    page = opens(day_html(handout(), "zh"))
    row = 2
    page.mouse.click(*at(page, 1, row))
    settled(page)
    assert page.locator("#panel h2").inner_text() == "津A·样02 样例李"
    assert page.locator("#panel .row.chosen .place").inner_text() == "长江道"
    assert page.evaluate("[dayPage.state.run, dayPage.state.row]") == [1, row]
    line = page.evaluate("dayPage.gantt.lines.find((line) => line.run === 1).y")
    # The line of the run in the chart is #ffe9b8 between its label and its bar.
    assert pixel(page, "gantt-canvas", 8, line + 3) == [0xFF, 0xE9, 0xB8, 255]
    assert "run=W-N-02" in page.url


def test_a_click_in_the_chart_chooses_the_run(opens: Opens) -> None:
    page = opens(day_html(handout(), "zh"))
    box = page.locator("#gantt-canvas").bounding_box()
    line = page.evaluate("dayPage.gantt.lines.find((line) => line.run === 0).y")
    page.mouse.click(box["x"] + 60, box["y"] + line + 10)
    settled(page)
    assert page.locator("#panel h2").inner_text() == "津A·样01 样例王"
    # On the map its work is drawn over everything: something is on the upper layer now.
    drawn = """() => {
      const image = over.getContext('2d').getImageData(0, 0, over.width, over.height);
      return new Uint32Array(image.data.buffer).some((value) => value !== 0);
    }"""
    assert page.evaluate(drawn)


def test_search_finds_roads_plates_drivers_and_places(opens: Opens) -> None:
    """As one types; Enter goes to the first hit."""
    page = opens(day_html(handout(), "zh"))
    for typed, kind, told in (
        ("白堤", "道路", "白堤路"),
        ("R002", "道路", "长江道"),
        ("street 3", "道路", "黄河道"),
        ("样02", "班次", "津A·样02 样例李"),
        ("样例王", "班次", "津A·样01 样例王"),
        ("w-n-02", "班次", "津A·样02 样例李"),
        ("芥园里", "地点", "芥园里"),
        ("红旗路公", "地点", "红旗路公厕"),
        ("R002-03f", "路段", "R002-03F"),
    ):
        page.fill("#search", typed)
        first = page.locator("#hits li").first
        assert first.locator(".what").inner_text() == kind, typed
        assert first.locator("b").inner_text() == told
    page.fill("#search", "白堤")
    page.keyboard.press("Enter")
    settled(page)
    assert page.locator("#panel h2").inner_text() == "白堤路"
    assert page.locator("#hits").is_hidden()
    assert "road=R009" in page.url
    page.fill("#search", "nothing like it")
    assert page.locator("#hits li").all_inner_texts() == ["没有找到"]


def test_the_language_switches_and_back(opens: Opens) -> None:
    page = opens(day_html(handout(), "zh"))
    assert page.locator("#tab-figures").inner_text() == "指标"
    page.click("#lang")
    assert page.locator("#tab-figures").inner_text() == "Figures"
    assert page.locator(".model-mark").first.inner_text() == "Model data, not real"
    assert page.locator("html").get_attribute("lang") == "en"
    settled(page)
    assert "lang=en" in page.url
    page.click("#lang")
    assert page.locator("#tab-figures").inner_text() == "指标"


def test_hostile_names_are_shown_as_they_are(opens: Opens) -> None:
    """Everywhere a name is shown; that nothing of them runs is seen by the fixture."""
    page = opens(day_html(handout(hostile=True, uncovered=(uncovered(),)), "zh"))
    assert HOSTILE[0] in page.locator("#title").inner_text()
    page.evaluate("dayPage.actions.chooseRun(0, 3, true)")
    settled(page)
    # The first driver has the first name, the first truck's plate is the second.
    assert page.locator("#panel h2").inner_text() == f"{HOSTILE[1]} {HOSTILE[0]}"
    assert HOSTILE[4] in page.locator("#panel").inner_text()
    for name in HOSTILE[:3]:
        page.fill("#search", name)
        assert name in page.locator("#hits").inner_text()
    page.fill("#search", "")
    page.click("#tab-faults")
    settled(page)
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_slider_moves_the_trucks(opens: Opens) -> None:
    """At 22:30 both stand in the yard, an hour on neither does; before and after nobody is out."""
    page = opens(day_html(handout(), "zh"))
    assert page.evaluate("dayPage.map.trucks") == []
    where = """() => dayPage.map.trucks.map(
      (truck) => [truck.run, Math.round(truck.x), Math.round(truck.y)])"""
    places = []
    for time in (-5400, -1800):
        page.evaluate(f"slider.value = {time}; slider.dispatchEvent(new Event('input'))")
        settled(page)
        places.append(page.evaluate(where))
    assert [run for run, _, _ in places[0]] == [0, 1]
    assert places[0][0][1:] == places[0][1][1:]
    assert all(a[1:] != b[1:] for a, b in zip(places[0], places[1], strict=False))
    assert page.locator("#now").inner_text() == "07-14 23:30"
    assert "time=-1800" in page.url
    page.click("#whole")
    settled(page)
    assert page.evaluate("dayPage.map.trucks") == []


def test_playing_goes_on_by_itself_and_stops(opens: Opens) -> None:
    page = opens(day_html(handout(), "zh"))
    page.click("#play")
    waited(page, "dayPage.state.time > dayPage.day.from + 60")
    page.click("#play")
    stopped = page.evaluate("dayPage.state.time")
    settled(page)
    assert page.evaluate("dayPage.state.time") == stopped


def test_a_colleague_opens_the_same_view(opens: Opens) -> None:
    """The address holds run, row, time, language, colours, filter and camera."""
    content = day_html(handout(), "zh")
    page = opens(content)
    page.evaluate(
        """() => {
          dayPage.actions.chooseRun(1, 4, true);
          dayPage.state.set({ time: 1200, color: 'grade', lang: 'en' });
        }"""
    )
    page.click("#zoom-in")
    settled(page)
    told = """() => {
      const s = dayPage.state;
      return [s.run, s.row, s.time, s.color, s.lang, Math.round(s.x), Math.round(s.y),
              s.zoom.toPrecision(2)];
    }"""
    other = opens(content, address=f"#{page.url.partition('#')[2]}")
    assert other.evaluate(told) == page.evaluate(told)
    assert other.locator("#panel .row.chosen .seq").inner_text() == "5"


def test_an_address_that_makes_no_sense_is_as_none(opens: Opens) -> None:
    page = opens(
        day_html(handout(), "zh"),
        address="#run=W-X&row=x&time=soon&view=1,2&lang=fr&color=%3Cb%3E&shift=7",
    )
    assert page.evaluate(
        "[dayPage.state.run, dayPage.state.row, dayPage.state.time, dayPage.state.lang]"
    ) == [-1, -1, None, "zh"]


def test_filters_leave_out_a_service(opens: Opens) -> None:
    page = opens(day_html(handout(), "zh"))
    assert page.evaluate("dayPage.gantt.lines.length") == 3  # a heading and two runs
    page.click("#services button >> nth=0")
    settled(page)
    assert page.evaluate("dayPage.gantt.lines.length") == 0
    assert "没有班次" in page.locator("#panel").inner_text()
    assert "off=wash" in page.url


def test_moving_and_zooming_by_mouse_wheel_and_keys(opens: Opens) -> None:
    """A drag of 100 pixels moves the map by them; the wheel keeps what is under the pointer."""
    page = opens(day_html(handout(), "zh"))
    before = page.evaluate("[dayPage.state.x, dayPage.state.zoom]")
    page.mouse.move(500, 300)
    page.mouse.down()
    page.mouse.move(550, 300, steps=4)
    page.mouse.move(600, 300, steps=4)
    page.mouse.up()
    after = page.evaluate("[dayPage.state.x, dayPage.state.zoom]")
    assert (before[0] - after[0]) * after[1] == pytest.approx(100, abs=1)
    page.mouse.wheel(0, -300)
    settled(page)
    assert page.evaluate("dayPage.state.zoom") > after[1] * 1.3
    page.focus("#map")
    page.keyboard.press("-")
    page.keyboard.press("ArrowRight")
    settled(page)
    assert page.evaluate("dayPage.state.x") > after[0]


def test_two_fingers_zoom(opens: Opens) -> None:
    """Fingers that part from 100 to 200 pixels double the scale; one that taps chooses."""
    page = opens(day_html(handout(), "zh"), PHONE, touch=True)
    box = page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = page.evaluate("dayPage.state.zoom")
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *apart: float) -> None:
        points = [
            {"x": x + side * a, "y": y, "id": i} for a in apart for i, side in enumerate((-1, 1))
        ]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 50)
    for apart in (60, 70, 80, 90, 100):
        touch("touchMove", apart)
    touch("touchEnd")
    settled(page)
    assert page.evaluate("dayPage.state.zoom") == pytest.approx(before * 2, rel=0.03)
    page.click("#zoom-all")
    settled(page)
    page.touchscreen.tap(*at(page, 1, 2))
    settled(page)
    assert page.evaluate("dayPage.state.run") == 1


def test_what_is_left_is_told_with_its_reason_and_fix(opens: Opens) -> None:
    """And where nothing is, a sentence says so. A violation leads to its run."""
    page = opens(day_html(handout(uncovered=(uncovered(),), violations=(violation(),)), "zh"))
    page.click("#tab-faults")
    shown = page.locator("#tables").inner_text()
    assert "没有空闲车辆" in shown
    assert "增加 1 辆洗扫车" in shown
    assert "没有缺岗。" in shown
    page.click("#tables .run-link")
    settled(page)
    assert page.locator("#panel h2").inner_text() == "津A·样02 样例李"
    clean = opens(day_html(handout(), "en"))
    clean.click("#tab-faults")
    assert "Nothing is uncovered." in clean.locator("#tables").inner_text()
    clean.click("#tab-figures")
    assert "The plan gives no figures." in clean.locator("#tables").inner_text()


@pytest.mark.parametrize("one_run", [False, True])
@pytest.mark.parametrize("hostile", [False, True])
def test_a_phone_never_scrolls_sideways(opens: Opens, one_run: bool, hostile: bool) -> None:
    given = handout(hostile=hostile)
    page = opens(day_html(given.only("W-N-02") if one_run else given, "zh", one_run), PHONE)
    for tab in ("map",) if one_run else ("faults", "figures", "map"):
        if not one_run:
            page.click(f"#tab-{tab}")
        settled(page)
        assert page.evaluate(
            "[document.documentElement.scrollWidth, document.body.scrollWidth]"
        ) == [390, 390]
    assert page.evaluate("panel.scrollWidth <= panel.clientWidth")


def test_the_drivers_page_steps_through_its_rows(opens: Opens) -> None:
    """No clock until it is asked for; then a run that is over says so and stays where it is."""
    page = opens(day_html(handout().only("W-N-02"), "zh", True), PHONE)
    assert page.evaluate("dayPage.state.row") == -1
    page.click("#row-after")
    page.click("#row-after")
    settled(page)
    assert page.locator("#panel .row.chosen .seq").inner_text() == "2"
    page.clock.install(time="2026-07-16T08:00:00+08:00")
    page.click("#follow")
    assert page.locator("#said").inner_text().startswith("本班次已于")
    page.click("#follow")
    page.clock.set_fixed_time("2026-07-14T22:31:00+08:00")
    page.click("#follow")
    settled(page)
    # 60 s after departure it drives or has begun its first block.
    expected = page.evaluate("dayPage.day.runs[0].stops.findLast((stop) => stop.from <= -5340).row")
    assert page.evaluate("dayPage.state.row") == expected
    link = page.locator("#panel .tools a").get_attribute("href")
    assert link.startswith("https://uri.amap.com/marker?position=117.14")
    assert page.locator("#panel .tools a").get_attribute("rel") == "noopener noreferrer"


def test_a_day_without_runs_or_places_opens(opens: Opens) -> None:
    """A day on which nothing may be done, and a network without coordinates: words, no error."""
    page = opens(day_html(handout(runs=()), "zh"))
    assert "没有班次" in page.locator("#panel").inner_text()
    page.click("#play")
    settled(page)
    page = opens(day_html(replace(handout(), coords={}, streets=()), "zh", False))
    page.evaluate("dayPage.actions.chooseRun(0, 2, true)")
    settled(page)
    assert page.locator("#panel .row.chosen .seq").inner_text() == "3"


def test_a_run_that_is_found_is_shown_though_filtered_out(opens: Opens) -> None:
    page = opens(day_html(handout(), "zh"), address="#off=wash")
    assert page.evaluate("dayPage.gantt.lines.length") == 0
    page.fill("#search", "W-N-02")
    page.keyboard.press("Enter")
    settled(page)
    assert page.evaluate("dayPage.gantt.lines.length") == 3
    assert page.locator("#services button").first.get_attribute("aria-pressed") == "true"


def test_the_page_prints(opens: Opens) -> None:
    """On paper there is the run's sheet and no control."""
    page = opens(day_html(handout().only("W-N-02"), "zh", True))
    page.emulate_media(media="print")
    assert page.locator("#panel .rows").is_visible()
    for control in ("#search", "#steps", "#time", ".zoom"):
        assert page.locator(control).is_hidden()


def test_controls_have_names_and_can_be_reached(opens: Opens) -> None:
    """Every button, field and canvas region says what it is; Tab goes through the page."""
    page = opens(day_html(handout(), "en"))
    nameless = page.evaluate(
        """[...document.querySelectorAll('button,select,input,[tabindex="0"]')].filter((one) =>
             !one.getAttribute('aria-label') && !one.textContent.trim()
             && !one.closest('label') && one.offsetParent !== null).map((one) => one.id)"""
    )
    assert nameless == []
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    assert {
        "search",
        "tab-figures",
        "lang",
        "shift",
        "map",
        "play",
        "slider",
        "gantt-scroll",
    } <= reached
