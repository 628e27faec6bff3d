// Filters, colours, the legend, the bar of time; and following the clock on a driver's phone.

function makeFilters(day, state, dom) {
  const { chips, shift, color } = dom;
  const counts = day.services.map((_, s) => day.runs.filter((run) => run.s === s).length);

  function paint() {
    fill(chips, day.services.map((service, s) => {
      const chip = button("chip-button", [dot(serviceColour(day, s)), state.text(service.name), make("span", "count", String(counts[s]))], (event) => {
        const off = new Set(state.off);
        if (event.altKey) day.services.forEach((_, other) => (other === s ? off.delete(other) : off.add(other)));
        else if (off.has(s)) off.delete(s); else off.add(s);
        const chosen = state.shift >= 0 && off.has(day.shifts[state.shift].service) ? -1 : state.shift;
        state.set({ off, shift: chosen });
      });
      chip.setAttribute("aria-pressed", String(!state.off.has(s)));
      chip.title = state.word("chip_hint");
      return chip;
    }), button("chip-button plain", state.word(state.off.size ? "all_on" : "all_off"), () => {
      state.set({ off: state.off.size ? new Set() : new Set(day.services.keys()), shift: -1 });
    }));
    const all = make("option", "", state.word("all_shifts"));
    all.value = "-1";
    fill(shift, all, day.services.map((service, s) => {
      const group = document.createElement("optgroup");
      group.label = state.text(service.name);
      day.order.filter((one) => day.shifts[one.shift].service === s).forEach((one) => {
        const option = make("option", "", state.text(day.shifts[one.shift].name));
        option.value = String(one.shift);
        group.append(option);
      });
      return group;
    }));
    shift.value = String(state.shift);
    fill(color, ["service", "run", "grade"].map((key) => {
      const option = make("option", "", state.word(`color_${key}`));
      option.value = key;
      return option;
    }));
    color.value = state.color;
  }

  shift.addEventListener("change", () => {
    const chosen = Number(shift.value), off = new Set(state.off);
    if (chosen >= 0) off.delete(day.shifts[chosen].service);
    state.set({ shift: chosen, off });
  });
  color.addEventListener("change", () => state.set({ color: color.value }));
  state.watchers.push((changed) => {
    if (["off", "shift", "lang", "color"].some((key) => changed.has(key))) paint();
  });
  paint();
}

function makeLegend(day, state, dom) {
  function symbol(kind) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 44;
    canvas.className = "symbol";
    canvas.setAttribute("aria-hidden", "true");
    const context = canvas.getContext("2d");
    context.scale(2, 2);
    drawSymbol(context, SYMBOLS[kind], 11, 11, SYMBOLS[kind].size, state.word(`letter_${kind}`));
    return make("span", "key", canvas, state.word(`place_${kind}`));
  }

  function paint() {
    const here = new Set(day.places.map((place) => place.kind));
    const colours = {
      service: () => day.services.map((service, s) => make("span", "key", dot(serviceColour(day, s)), state.text(service.name))),
      run: () => [make("span", "key", ...RUN_COLOURS.slice(0, 5).map(dot), state.word("legend_run"))],
      grade: () => [...Object.entries(GRADE_COLOURS).map(([grade, colour]) => make("span", "key", dot(colour), state.word("grade", { n: grade }))),
        make("span", "key", dot(NO_GRADE), state.word("no_grade"))],
    };
    fill(dom.legend, make("summary", "", state.word("legend")), make("div", "keys",
      colours[state.color](), Object.keys(SYMBOLS).filter((kind) => here.has(kind)).map(symbol),
      day.left.some(([kind]) => kind === "uncovered") ? make("span", "key", make("i", "left-swatch"), state.word("head_uncovered")) : null,
      make("p", "hint", state.word("legend_hint"))));
    if (dom.bars) fill(dom.bars, barKey(day, state), day.bans.length ? make("span", "key", make("i", "ban-swatch"), state.word("key_ban")) : null);
  }

  state.watchers.push((changed) => { if (changed.has("lang") || changed.has("color")) paint(); });
  paint();
}

const SPEEDS = [60, 300, 900]; // seconds of the day in a second

function makeTimeBar(day, state, dom) {
  const { slider, play, speed, now, whole, out } = dom;
  let last = 0;
  slider.min = day.from;
  slider.max = day.to;
  slider.step = 60;
  for (const pace of SPEEDS) {
    const option = make("option", "", `${pace / 60} min/s`);
    option.value = String(pace);
    speed.append(option);
  }
  speed.value = "300";

  function step(at) {
    if (!state.playing) return;
    const passed = last ? Math.min(0.1, (at - last) / 1000) : 0;
    last = at;
    const time = Math.min(day.to, state.time + passed * Number(speed.value));
    state.set({ time, playing: time < day.to });
    requestAnimationFrame(step);
  }

  function paint() {
    slider.value = String(state.time === null ? day.from : state.time);
    slider.setAttribute("aria-valuetext", state.time === null ? state.word("whole_day") : dayClock(day, state.time));
    now.textContent = state.time === null ? "" : dayClock(day, state.time);
    play.textContent = state.playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", state.word(state.playing ? "pause" : "play"));
    whole.setAttribute("aria-pressed", String(state.time === null));
    if (state.time === null) { out.textContent = state.word("time_hint"); return; }
    const running = day.runs.filter((run) => state.shows(run) && run.from <= state.time && run.to >= state.time).length;
    let done = 0, all = 0;
    for (const run of day.runs) {
      if (!state.shows(run)) continue;
      for (const stop of run.stops) {
        if (stop.kind !== day.kind.service) continue;
        all++;
        if (stop.to <= state.time) done++;
      }
    }
    out.textContent = state.word("progress", { out: running, done: done.toLocaleString("en-US"), all: all.toLocaleString("en-US"), share: all ? Math.floor(100 * done / all) : 0 });
  }

  slider.addEventListener("input", () => state.set({ time: Number(slider.value), playing: false }));
  play.addEventListener("click", () => {
    if (state.playing) return state.set({ playing: false });
    last = 0;
    const from = state.time === null || state.time >= day.to ? day.from : state.time;
    state.set({ time: from, playing: true });
    return requestAnimationFrame(step);
  });
  whole.addEventListener("click", () => state.set({ time: null, playing: false }));
  state.watchers.push((changed) => {
    if (["time", "playing", "lang", "off", "shift"].some((key) => changed.has(key))) paint();
  });
  paint();
}

// On a driver's phone: the row before and after, and the row of the clock while it is asked for.
function makeFollow(day, state, dom, actions) {
  const run = day.runs[0];
  let timer = 0;
  const step = (by) => {
    stop();
    actions.chooseRun(0, Math.min(run.rows.length - 1, Math.max(0, state.row + by)), true);
  };

  function stop() {
    clearInterval(timer);
    timer = 0;
    paint();
  }

  function tick() {
    const time = (Date.now() - Date.parse(`${day.date}T00:00:00${day.offset}`)) / 1000;
    if (time < run.from || time > run.to) {
      dom.said.textContent = state.word(time < run.from ? "not_begun" : "ended", { time: dayClock(day, time < run.from ? run.from : run.to) });
      return;
    }
    dom.said.textContent = "";
    const row = run.stops[stopAt(run, time)].row;
    state.set({ time });
    if (row >= 0 && row !== state.row) actions.chooseRun(0, row, true);
  }

  function paint() {
    fill(dom.before, state.word("row_before"));
    fill(dom.after, state.word("row_after"));
    fill(dom.follow, state.word(timer ? "follow_stop" : "follow"));
    dom.follow.setAttribute("aria-pressed", String(Boolean(timer)));
    if (!timer) dom.said.textContent = "";
  }

  dom.before.addEventListener("click", () => step(-1));
  dom.after.addEventListener("click", () => step(1));
  dom.follow.addEventListener("click", () => {
    if (timer) return stop();
    timer = setInterval(tick, 10000);
    paint();
    return tick();
  });
  state.watchers.push((changed) => { if (changed.has("lang")) paint(); });
  paint();
}
