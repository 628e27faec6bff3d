// Puts the page together: reads the day, then what the address says, then draws.

function startDay() {
  const $ = (id) => document.getElementById(id);
  const day = readDay(JSON.parse($("day").textContent));
  const state = makeState(day);
  document.body.classList.toggle("one", day.one);

  const service = day.kind.service;
  const stopsOf = ({ kind, number }) => {
    const found = new Set();
    for (const run of day.runs) {
      for (const stop of run.stops) {
        if (kind === "section" && stop.section === number) found.add(stop);
        if (kind === "place" && stop.place === number) found.add(stop);
        if (kind === "road" && stop.section >= 0 && day.sections[stop.section].road === number) found.add(stop);
      }
    }
    return found;
  };
  let known = { focus: null, stops: null };

  const actions = {
    chooseRun(run, row, zoom) {
      if (run === state.run && row === state.row) return;
      const chosen = row >= 0 ? day.runs[run].rows[row] : null;
      const patch = { run, row, focus: null, tab: "map" };
      if (!state.shows(day.runs[run])) Object.assign(patch, { off: new Set([...state.off].filter((s) => s !== day.runs[run].s)), shift: -1 });
      if (chosen && state.time !== null && !state.playing) patch.time = chosen.start;
      state.set(patch);
      if (zoom && row < 0) actions.zoomToRun(run);
      else if (chosen && zoom) actions.zoomToRow(chosen);
    },
    focusOn(kind, number, zoom) {
      state.set({ focus: { kind, number }, run: -1, row: -1, tab: "map" });
      if (zoom) actions.zoomToFocus({ kind, number });
    },
    close: () => state.set({ run: day.one ? 0 : -1, row: -1, focus: null }),
    goTo: (time) => state.set({ time: Math.round(Math.min(day.to, Math.max(day.from, time))), playing: false }),
    zoomToRun: (run) => map.fit(runBox(day, day.runs[run])),
    zoomToRow(row) {
      const boxes = row.stops.filter((stop) => stop.nodes.length).map((stop) => boxOf(day, stop.nodes));
      if (boxes.length) map.fit(joinBoxes(boxes), 0.6);
    },
    zoomToFocus({ kind, number }) {
      if (kind === "place") {
        const { x, y } = day.places[number];
        if (x !== null) map.fit([x - 150, y - 150, x + 150, y + 150]);
        return;
      }
      const nodes = kind === "road" ? day.roads[number].streets.map((street) => day.streets[street].nodes)
        : [...stopsOf({ kind, number })].map((stop) => stop.nodes);
      if (nodes.length) map.fit(joinBoxes(nodes.map((line) => boxOf(day, line))));
    },
    stopsOf(focus) {
      if (known.focus !== focus) known = { focus, stops: stopsOf(focus) };
      return known.stops;
    },
    visitsOf(focus) {
      const rows = new Map();
      for (const stop of actions.stopsOf(focus)) {
        const run = day.runs[stop.run], row = run.rows[stop.row];
        if (row && (stop.kind === service || focus.kind === "place")) rows.set(`${stop.run} ${stop.row}`, { run, row });
      }
      return [...rows.values()].sort((a, b) => a.row.start - b.row.start || a.run.number - b.run.number);
    },
    // A click on the map: a truck or the work of one run chooses it, what several do is told of.
    choose(found) {
      // On a driver's phone a slip of the finger must not lose the row.
      if (!found) return day.one ? undefined : actions.close();
      if (found.truck) return actions.chooseRun(found.truck.run, found.truck.stop.row);
      const stops = (found.stroke || found.mark || { stops: [] }).stops;
      const own = stops.find((stop) => stop.run === state.run);
      if (own) return actions.chooseRun(own.run, own.row);
      if (stops.length && stops.every((stop) => stop.run === stops[0].run)) return actions.chooseRun(stops[0].run, stops[0].row);
      if (found.stroke) return actions.focusOn("section", found.stroke.section);
      return actions.focusOn("place", found.place);
    },
    tell(found) {
      if (found.truck) return actions.tellBar(day.runs[found.truck.run], found.truck.stop);
      const stops = (found.stroke || found.mark || { stops: [] }).stops;
      const lines = found.stroke ? [sectionTitle(day, state, found.stroke.section), day.sections[found.stroke.section].id]
        : [state.text(day.places[found.place].name), `${state.word(`place_${day.places[found.place].kind}`)} ${day.places[found.place].id}`];
      for (const stop of stops.slice(0, 5)) {
        const run = day.runs[stop.run];
        lines.push(`${clock(stop.from)} ${state.text(day.services[run.s].name)} ${run.plate || run.vehicle} ${run.driver}`);
      }
      if (stops.length > 5) lines.push(state.word("and_more", { n: stops.length - 5 }));
      return lines;
    },
    tellBar(run, stop) {
      const lines = [`${run.plate || run.vehicle} ${run.driver}`, runTitle(day, state, run), span(day, run.from, run.to)];
      const row = stop && run.rows[stop.row];
      if (row) lines.push(`${row.number + 1}. ${state.text(row.title)} ${state.text(row.place)}`, span(day, row.start, row.end));
      return lines;
    },
  };

  const begin = readAddress(day, location.hash);
  if (!location.hash.includes("lang=")) delete begin.lang;
  Object.assign(state, begin);

  const map = makeMap(day, state, { frame: $("map"), base: $("base"), over: $("over"), tip: $("map-tip"), scale: $("scale") }, actions);
  const gantt = day.one ? null : makeGantt(day, state, { frame: $("gantt-scroll"), canvas: $("gantt-canvas"), spacer: $("gantt-spacer"), tip: $("gantt-tip") }, actions);
  makePanel(day, state, { panel: $("panel") }, actions);
  makeFilters(day, state, { chips: $("services"), shift: $("shift"), color: $("color") });
  makeLegend(day, state, { legend: $("legend"), bars: $("bars") });
  makeTimeBar(day, state, { slider: $("slider"), play: $("play"), speed: $("speed"), now: $("now"), whole: $("whole"), out: $("out") });
  makeTables(day, state, { page: $("tables") }, actions);
  makeSearch(day, state, { input: $("search"), list: $("hits") }, actions);
  if (day.one) makeFollow(day, state, { before: $("row-before"), after: $("row-after"), follow: $("follow"), said: $("said") }, actions);
  if (gantt) listenToGanttFrame($, gantt);

  function paintFrame() {
    document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
    const title = `${state.text(day.district)} ${state.word("title")} ${day.date}`;
    document.title = title;
    fill($("title"), title);
    fill($("weather"), state.text(day.weather));
    for (const mark of document.querySelectorAll(".model-mark")) {
      mark.hidden = !day.model;
      mark.textContent = state.word("model_mark");
    }
    for (const element of document.querySelectorAll("[data-word]")) element.textContent = state.word(element.dataset.word);
    for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", state.word(element.dataset.label));
    $("search").placeholder = state.word("search_hint");
    $("lang").textContent = state.lang === "zh" ? "English" : "中文";
    $("lang").lang = state.lang === "zh" ? "en" : "zh-CN";
    document.body.dataset.tab = state.tab;
    for (const tab of ["map", "figures", "faults"]) {
      fill($(`tab-${tab}`), state.word(`tab_${tab}`), tab === "faults" && day.faultCount ? make("span", "count bad", String(day.faultCount)) : "");
      $(`tab-${tab}`).setAttribute("aria-pressed", String(state.tab === tab));
    }
  }

  $("lang").addEventListener("click", () => state.set({ lang: state.lang === "zh" ? "en" : "zh" }));
  for (const tab of ["map", "figures", "faults"]) $(`tab-${tab}`).addEventListener("click", () => state.set({ tab }));
  $("zoom-in").addEventListener("click", map.zoomIn);
  $("zoom-out").addEventListener("click", map.zoomOut);
  const home = () => map.fit(day.one ? runBox(day, day.runs[0]) : joinBoxes(day.streets.map((street) => street.box)), 3);
  $("zoom-all").addEventListener("click", home);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.target.closest("input")) actions.close();
    if (event.key === "/" && !event.target.closest("input")) { $("search").focus(); event.preventDefault(); }
  });
  state.watchers.push((changed) => {
    if (changed.has("lang") || changed.has("tab")) paintFrame();
  });

  let writing = 0, written = "";
  state.watchers.push(() => {
    if (state.playing) return;
    clearTimeout(writing);
    writing = setTimeout(() => {
      written = writeAddress(day, state);
      history.replaceState(null, "", written);
    }, 250);
  });
  window.addEventListener("hashchange", () => {
    if (location.hash !== written) state.set(readAddress(day, location.hash));
  });

  paintFrame();
  map.resize();
  if (!location.hash.includes("view=")) {
    if (state.run >= 0) map.fit(runBox(day, day.runs[state.run]));
    else if (state.focus) actions.zoomToFocus(state.focus);
    else home();
  }
  if (gantt) { gantt.resize(); gantt.reveal(); }
  return { day, state, map, gantt, actions };
}

function listenToGanttFrame($, gantt) {
  $("gantt-in").addEventListener("click", () => gantt.rescale(2));
  $("gantt-out").addEventListener("click", () => gantt.rescale(0.5));
  const splitter = $("splitter"), frame = $("gantt");
  const resize = (height) => {
    const pixels = Math.min(window.innerHeight * 0.7, Math.max(90, height));
    frame.style.height = `${pixels}px`;
    splitter.setAttribute("aria-valuenow", String(Math.round(pixels)));
  };
  splitter.addEventListener("pointerdown", (event) => {
    splitter.setPointerCapture(event.pointerId);
    const from = event.clientY, high = frame.offsetHeight;
    splitter.onpointermove = (move) => resize(high + from - move.clientY);
    splitter.onpointerup = () => { splitter.onpointermove = null; };
  });
  splitter.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 30, ArrowDown: -30 }[event.key];
    if (by) { resize(frame.offsetHeight + by); event.preventDefault(); }
  });
  const swap = (chart) => {
    document.body.classList.toggle("chart", chart);
    $("see-list").setAttribute("aria-pressed", String(!chart));
    $("see-chart").setAttribute("aria-pressed", String(chart));
    gantt.resize();
    gantt.reveal();
  };
  $("see-list").addEventListener("click", () => swap(false));
  $("see-chart").addEventListener("click", () => swap(true));
}

window.dayPage = startDay();
